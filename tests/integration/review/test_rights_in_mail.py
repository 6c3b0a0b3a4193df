"""No page of the staff shows a link that gives rights, whatever mail holds it, and nobody reads mail about drafts."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.core.permissions import Role
from s2group.evaluation.mail_kinds import MAIL_KINDS
from s2group.extensions import db
from s2group.mail.models import MailServer, OutboxMail
from s2group.mail.queries import staff_mails
from s2group.mail.rules import PRIVATE_MESSAGES, State
from tests.support.addresses import addresses_of, rules
from tests.support.mail import add_templates, put_into_outbox
from tests.support.staff import sign_in

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
WRITER = "writer.of.a.draft@example.org"
SECRET_SUBJECT = "Subject of mail about a draft"


def links_that_give_rights(app: Flask) -> list[str]:
    """An address of each page that a token opens, each with a token of its own."""
    opened = [rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert len(opened) >= 5
    every = [re.sub("<token>", new_token(), rule.rule) for rule in opened]
    return [f"https://portal.example.org{before}{path}" for path in every for before in ("", "/en")]


def put_each_kind(app: Flask, state: State) -> list[str]:
    """Mail of each kind about an application, which says the links wherever a mail or a server can; the tokens."""
    add_templates(app)
    reference = db.session.scalars(select(Application.reference).order_by(Application.id)).first()
    links = links_that_give_rights(app)
    said = " ".join(links)
    for kind in MAIL_KINDS:
        to = WRITER if kind in PRIVATE_MESSAGES else f"{kind}@example.org"
        [mail_id] = put_into_outbox(NOW, topic=reference, to=[to])
        values = {
            "message": kind, "state": state, "text": said, "html": f"<p>{said}</p>", "reply_code": 550,
            "subject": SECRET_SUBJECT if kind in PRIVATE_MESSAGES else links[0], "reply_text": said,
            "accepted_at": NOW if state in ("accepted", "bounced") else None, "bounce_text": f"It said:\n\n{said}",
        }  # fmt: skip
        with transaction() as session:
            session.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(**values))
    with transaction() as session:
        session.add(
            MailServer(state="refusing", failures=3, since=NOW, next_probe_at=NOW, reply_code=550, reply_text=said)
        )
    return [max(re.findall(r"[\w-]{32,}", link), key=len) for link in links]


@pytest.mark.parametrize(("role", "state"), [(Role.PI, "bounced"), (Role.ADMIN, "stuck"), (Role.REVIEWER, "accepted")])
def test_no_page_of_the_staff_shows_a_token_or_mail_about_a_draft(
    app: Flask, client: FlaskClient, role: Role, state: State
) -> None:
    addresses = addresses_of(app, client)
    tokens = put_each_kind(app, state)
    sign_in(client, role)
    pages = {
        addresses[rule.endpoint]
        for rule in rules(app)
        if rule.endpoint.startswith("review.") and "GET" in (rule.methods or ())
        # Its own address holds its token, which whoever asks for it has.
        if "token" not in rule.arguments
    }
    pages |= {f"/review/mail/{mail.key}/" for mail in db.session.scalars(staff_mails())}
    read = 0
    for page in sorted(pages):
        answer = client.get(f"/en{page}")
        words = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        assert answer.status_code < 500, page
        read += answer.status_code == 200
        assert [token for token in tokens if token in words] == [], page
        assert (WRITER in words, SECRET_SUBJECT in words) == (False, False), page
    assert read > 10


def private_key() -> str:
    """The name in addresses of a mail about a draft."""
    found = db.session.scalars(select(OutboxMail).where(OutboxMail.message == "draft_continue")).one()
    return found.key


def test_of_mail_about_a_draft_it_is_told_only_that_it_is_stuck(app: Flask, client: FlaskClient) -> None:
    addresses_of(app, client)
    put_each_kind(app, "stuck")
    sign_in(client, Role.ADMIN)
    for page in (f"/en/review/mail/{private_key()}/", f"/review/mail/{private_key()}/"):
        assert client.get(page).status_code == 404
    assert "Link to a draft, to its writer · 1 not delivered" in client.get("/en/review/mail/").text
