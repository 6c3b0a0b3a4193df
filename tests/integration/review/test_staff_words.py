"""No page of the staff shows an identifier of ours, such as `letter_asked`, in either language."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import Application
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.mail_kinds import MAIL_KINDS
from s2group.extensions import db
from s2group.mail.bounces import read_bounce, read_record
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of
from s2group.mail.rules import State
from tests.support import applying, bounces
from tests.support.addresses import addresses_of, rules
from tests.support.events import ONE_OF_EACH
from tests.support.extent import chosen
from tests.support.mail import add_templates, put_into_outbox
from tests.support.staff import sign_in

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
IDENTIFIER = re.compile(r"(?<![\w./@-])[a-z]+(?:_[a-z0-9]+)+(?![\w@])")
FIELD = re.compile("Final-Recipient|Diagnostic-Code")
ENGLISH_NOTE = (
    "Judged again · 1 → 2 · Holds the quota: Met → Not met · A requirement that is asked no more: Not asked → Unknown"
)


def visible(page: str) -> str:
    """The words of a page's main part that its reader sees, without what they may change in fields."""
    main = page.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    shown = re.sub(r"<(pre|textarea|script)\b.*?</\1>", " ", main, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", shown)).split())


def rich_sample(app: Flask) -> str:
    """An application with every event in its history and all kinds of mail in every state; its reference."""
    add_templates(app)
    application = db.session.scalars(select(Application).order_by(Application.id)).first()
    assert application
    reference = application.reference
    with transaction() as session:
        for details in ONE_OF_EACH.values():
            record(session, details, about=application.subject, at=NOW)
    for kind in (*MAIL_KINDS, "kind_of_an_older_version"):
        for state in get_args(State):
            [mail_id] = put_into_outbox(NOW, topic=reference, to=[f"{state}@example.org"])
            mail = db.session.get_one(OutboxMail, mail_id)
            with transaction() as session:
                values = {
                    "accepted_at": NOW if state in ("accepted", "bounced") else None,
                    "written_at": NOW if state == "written" else None,
                    "replaced_by_id": mail_id if state == "replaced" else None,
                    "bounce_text": read_bounce(bounces.postfix(mail.message_id)).record,
                }
                this = update(OutboxMail).where(OutboxMail.id == mail_id)
                session.execute(this.values(message=kind, state=state, **values))
    return reference


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_page_of_the_staff_speaks_in_words(app: Flask, client: FlaskClient) -> None:
    addresses = addresses_of(app, client)
    reference = rich_sample(app)
    pages = {
        address
        for rule in rules(app)
        if rule.endpoint.partition(".")[0] in ("review", "editor") and rule.methods and "GET" in rule.methods
        for address in [addresses[rule.endpoint]]
    }
    pages |= {f"/review/mail/{mail.key}/" for mail in mails_of(reference)[:: len(get_args(State)) + 1]}
    pages.add(f"/review/mail/{next(mail for mail in mails_of(reference) if mail.state == 'bounced').key}/")
    pages.add(f"/review/{reference}/")
    both = {language + path for path in pages for language in ("", "/en")}
    of_pi = pages_in_words(app, both, Role.PI)
    assert len(of_pi) >= 30
    of_admin = pages_in_words(app, chosen(short=both - of_pi, long=both), Role.ADMIN)
    assert len(of_admin) >= chosen(short=0, long=30)


def pages_in_words(app: Flask, pages: set[str], role: Role) -> set[str]:
    """Those of the pages that are shown to the role; fails where one shows an identifier."""
    client, shown = app.test_client(), set()
    sign_in(client, role)
    for address in sorted(pages):
        response = client.get(address)
        if response.status_code == 200 and response.mimetype == "text/html":
            shown.add(address)
        words = visible(response.text) if response.mimetype == "text/html" else ""
        response.close()
        assert IDENTIFIER.findall(words) == [], address
        assert FIELD.findall(words) == [], address
    return shown


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_history_and_bounce_are_told_in_the_readers_language(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    applying.apply(client)
    reference = rich_sample(app)
    sign_in(client, Role.PI)
    assert ENGLISH_NOTE in visible(client.get(f"/en/review/{reference}/").text)
    assert "重新判定 · 1 → 2" in visible(client.get(f"/review/{reference}/").text)
    bounced = next(mail for mail in mails_of(reference) if mail.state == "bounced")
    facts = f"Recipient {bounces.RECIPIENT} Status code 5.1.1 The mail server said 550 5.1.1"
    assert facts in visible(client.get(f"/en/review/mail/{bounced.key}/").text)


def test_a_record_without_facts_is_text_alone() -> None:
    assert read_record("Status: of things\n\nmore") == ({"Status": "of things"}, "more")
    for words in ("no facts: here\n\nmore", "words alone", ""):
        assert read_record(words) == ({}, words)
