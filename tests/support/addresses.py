"""An address of something that exists for every view of the portal."""

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from s2group.accounts.models import User
from s2group.accounts.services import add_account, issue_first_admin_link
from s2group.admissions.services.extensions import extend
from s2group.content.pictures.models import Picture
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.pages import draw_wanted
from s2group.evaluation import search
from s2group.evaluation.bulk.services import plan_run
from s2group.evaluation.discussion.services import add_comment
from s2group.evaluation.search.services import save_search
from s2group.evaluation.tags.rules import Colour
from s2group.evaluation.tags.services import make_tag
from s2group.extensions import db
from s2group.mail.queries import mails_of
from tests.support import applying
from tests.support.contributing import contribution_values
from tests.support.drafting import draft_values
from tests.support.interviewing import interview_values
from tests.support.owning import asked_values
from tests.support.refereeing import letter_values
from tests.support.releasing import acting_token, file_that_goes_along, written_release
from tests.support.replying import reply_with_file
from tests.support.sharing import sharing_values
from tests.support.signing_in import address_token, password_token, sign_in_token
from tests.support.sounds import add_sample
from tests.support.staff import MORNING, PASSWORD

# Flask's own address for files that everybody may have.
STATIC = "static"
# Pages of a record of any kind.
OF_RECORDS = ("editor.records", "editor.new_record", "editor.record", "editor.record_revisions", "editor.remove")


def rules(app: Flask) -> list[Rule]:
    """Every URL rule but that of static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != STATIC]


def method_of(rule: Rule) -> str:
    """GET, or POST where there is no page to get."""
    return "GET" if rule.methods and "GET" in rule.methods else "POST"


def _colleague() -> User:
    return add_account(email="colleague@example.org", role=Role.PI, password=PASSWORD, now=MORNING)


def keep_search(owner: User) -> str:
    """The key of a search that its owner shares."""
    now = datetime.now(UTC)
    expression = search.read("status:new", owner, now)
    assert isinstance(expression, search.Expression)
    return save_search(name="New ones", expression=expression, shared=True, owner=owner, now=now).key


def addresses_of(app: Flask, client: FlaskClient) -> dict[str, str]:
    """For each endpoint an address of something that exists; loads the fictional content and applies once."""
    applying.load_fictional_content(app, with_files=True)
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
            ("site.research_area", "/research/", r"/research/([\w-]+)/"),
        )
    }
    found = {endpoint: match[1] for endpoint, match in slugs.items() if match} | {"site.page": "how-to-visit"}
    mail_key = mails_of(reference)[0].key
    colleague, now = _colleague(), datetime.now(UTC)
    tag = make_tag(name="Strong", colour=Colour.GREEN, shared=True, actor=colleague, now=now)
    comment = add_comment(application=applying.the_application(), text="Strong.", actor=colleague, now=now)
    extension = extend(
        route=applying.the_application().route, email="late@example.org", until=now + timedelta(days=9), locale="en",
        actor=colleague, told_at=now, now=now,
    )  # fmt: skip
    values = {
        "reference": reference,
        "kind": "resume",
        "number": 1,
        "request_id": 1,
        "question": "cet4",
        "requirement": "cet4",
        "token": token,
        "mail_key": mail_key,
        "tag_key": tag.key,
        "search_key": keep_search(colleague),
        "comment_key": comment.key,
        "template_key": "offer",
        "mail_locale": "zh",
        "file_token": file_that_goes_along(colleague),
        "release_key": written_release(applying.the_application()).key,
        "run_key": plan_run(action="move", argument={"to": "screening"}, ids=[], actor=colleague, now=MORNING).key,
        "extension": "pdf",
        "extension_id": extension.id,
        "account_id": colleague.id,
        "call_key": "fictional-call",
        "route_key": "recommended-exemption-master",
        "digest": db.session.scalars(select(Picture.digest)).first(),
        "width": 160,
    }
    with transaction() as session:
        values |= {"sha256": add_sample(session, now=MORNING).sha256, "ending": "wav"}
    values["reply_key"] = reply_with_file(applying.the_application(), colleague).key
    values |= interview_values(applying.the_application())
    of_editors = {
        "editor.news_of_paper": {"key": "jia2026first"},
        "editor.content_file": {"path": "members.csv"},
        "editor.remove_news_item": {"slug": found["site.news_item"]},
    }
    once_more = {"apply.answer": asked_values(applying.the_application())}
    acting = {"review.act_from_mail": {"token": acting_token(applying.the_application())}}
    of_applicants, of_referees = draft_values(), letter_values()
    signing_in = {
        "editor.sign_in_by_link": {"token": sign_in_token()},
        "editor.confirm_notify_address": {"token": address_token()},
        "editor.choose_password": {"token": password_token()},
    }
    contributing, sharing = contribution_values(), sharing_values()
    draw_wanted()
    addresses = {}
    for rule in rules(app):
        slug = found.get(rule.endpoint, found["site.news_item"])
        every = values | {"slug": slug, "key": slug}
        if rule.endpoint.startswith("apply."):
            every |= of_applicants
        if rule.endpoint in OF_RECORDS:
            every |= {"kind": "page", "key": "how-to-visit"}
        if rule.endpoint == "site.share":
            every |= {"kind": "news", "shape": "wide"}
        every |= {**of_referees, **signing_in, **acting, **once_more, **of_editors, **contributing, **sharing}.get(
            rule.endpoint, {}
        )
        chosen = {name: every[name] for name in rule.arguments}
        addresses[rule.endpoint] = app.url_map.bind("localhost").build(rule.endpoint, chosen, method=method_of(rule))
    return addresses
