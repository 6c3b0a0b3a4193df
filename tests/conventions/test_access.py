"""Every address says who may call it, and means it: the whole matrix of URL rules and roles."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from s2group.accounts.services import issue_first_admin_link
from s2group.content.models import Picture
from s2group.core.permissions import GRANTS, Action, Role
from s2group.extensions import db
from s2group.mail.queries import mails_of
from tests.support import applying
from tests.support.drafting import draft_values
from tests.support.refereeing import letter_values
from tests.support.staff import sign_in

STRANGER = "stranger"
# Flask's own address for files that everybody may have.
STATIC = "static"


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != STATIC]


def _access(app: Flask, rule: Rule) -> object:
    return getattr(app.view_functions[rule.endpoint], "access", None)


def _method(rule: Rule) -> str:
    return "GET" if rule.methods and "GET" in rule.methods else "POST"


@pytest.fixture
def addresses(app: Flask, client: FlaskClient) -> dict[str, str]:
    """For each endpoint an address of something that exists."""
    applying.load_fictional_content(app)
    applying.apply(client)
    reference = applying.the_application().reference
    token = issue_first_admin_link(now=datetime.now(UTC))
    slugs = {
        endpoint: re.search(pattern, client.get(page).text)
        for endpoint, page, pattern in (
            ("site.member", "/members/", r"/members/([\w-]+)/"),
            ("site.curriculum", "/members/", r"/members/([\w-]+)/"),
            ("site.publication", "/publications/", r"/publications/([\w-]+)/"),
            ("site.paper_pdf", "/publications/jia2026first/", r"/publications/([\w-]+)/paper\.pdf"),
            ("site.news_item", "/news/", r"/news/([\w-]+)/"),
            ("site.research_line", "/research/", r"/research/([\w-]+)/"),
        )
    }
    found = {endpoint: match[1] for endpoint, match in slugs.items() if match} | {"site.page": "how-to-visit"}
    mail_key = mails_of(reference)[0].key
    values = {
        "reference": reference,
        "kind": "resume",
        "number": 1,
        "request_id": 1,
        "token": token,
        "mail_key": mail_key,
        "extension": "pdf",
        "call_key": "fictional-call",
        "route_key": "recommended-exemption-master",
        "digest": db.session.scalars(select(Picture.digest)).first(),
        "width": 160,
    }
    of_applicants, of_referees = draft_values(), letter_values()
    addresses = {}
    for rule in _rules(app):
        slug = found.get(rule.endpoint, found["site.news_item"])
        every = values | {"slug": slug, "key": slug}
        if rule.endpoint.startswith("apply."):
            every |= of_applicants
        if rule.endpoint == "site.share":
            every |= {"kind": "news", "shape": "wide"}
        every |= of_referees.get(rule.endpoint, {})
        chosen = {name: every[name] for name in rule.arguments}
        addresses[rule.endpoint] = app.url_map.bind("localhost").build(rule.endpoint, chosen, method=_method(rule))
    return addresses


def test_every_view_declares_who_may_call_it(app: Flask) -> None:
    assert [rule.endpoint for rule in _rules(app) if _access(app, rule) is None] == []


def _asks_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 302 and "/account/login" in response.headers["Location"]


@pytest.mark.parametrize("visitor", [STRANGER, *Role])
def test_each_role_gets_what_the_table_grants_and_nothing_else(
    app: Flask, addresses: dict[str, str], visitor: str
) -> None:
    client = app.test_client()
    if visitor != STRANGER:
        sign_in(client, Role(visitor))
    for rule in _rules(app):
        access = _access(app, rule)
        response = client.open(addresses[rule.endpoint], method=_method(rule))
        response.close()
        where = f"{visitor} at {rule.rule}: {response.status}"
        if isinstance(access, Action) and visitor == STRANGER:
            assert _asks_to_sign_in(response), where
        elif isinstance(access, Action) and Role(visitor) not in GRANTS[access]:
            assert response.status_code == 404, where
        elif rule.endpoint == "editor.setup" and visitor == Role.ADMIN:
            assert response.status_code == 404, "the link for the first administrator outlived its purpose"
        else:
            assert response.status_code in (200, 302, 303, 308, 400), where
            assert access != "public" or not _asks_to_sign_in(response), where
