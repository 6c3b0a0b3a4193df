"""The staff's view of the delivery status: with recipients, the mail server's replies and the readers."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.models import Document
from s2group.documents.verification import verify_stored
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import apply, load_fictional_content, the_application
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.staff import sign_in

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    """Sent on 2 September 2026 at 14:06 in the group's time zone."""
    load_fictional_content(app)
    with time_machine.travel(SENT, tick=False):
        assert apply(client).status_code == 303
    return the_application()


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def address(application: Application) -> str:
    return f"/en/review/{application.reference}/"


def change_mail(recipient: str, **values: object) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.recipient == recipient).values(values))


def test_the_staff_see_who_and_what_was_replied(client: FlaskClient, application: Application) -> None:
    verify_stored(limit=10, now=SENT + MINUTE)
    change_mail("pi@example.org", state="accepted", accepted_at=SENT + 2 * MINUTE, reply_code=250, reply_text="as 4711")
    change_mail("co@example.org", state="stuck", attempts=1, reply_code=550, reply_text="no such user")
    with time_machine.travel(SENT + 30 * MINUTE, tick=False):
        sign_in(client, Role.REVIEWER)
        page = client.get(address(application)).text
    assert headings(page, "h3") == [
        "Receipt of the application Done",
        "Storage, and a second reading Done",
        "Mail to the group Needs a person",
        "First look by the group Done",
    ]
    words = text_of(page)
    for part in (
        "CV · Read again on 2 September 2026, 14:07 (UTC+8) , every byte as it came.",
        "pi@example.org · Accepted by the mail server on 2 September 2026, 14:08 (UTC+8) . 250 as 4711",
        "co@example.org · Not delivered. Send it again, or to another address. 550 no such user",
        "First look by the group Done reviewer · 2 September 2026, 14:36 (UTC+8)",
    ):
        assert part in words


def test_every_state_of_a_mail_can_be_shown(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.PI)
    rows = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    successor, recipient = rows[-1].id, rows[0].recipient
    for state, words in (
        ("waiting", "Waiting to be sent"),
        ("sending", "Being sent"),
        ("accepted", "Accepted by the mail server"),
        ("written", "Written to a file"),
        ("stuck", "Not delivered"),
        ("bounced", "Came back"),
        ("replaced", "Sent to another address"),
    ):
        change_mail(
            recipient,
            state=state,
            accepted_at=SENT,
            written_at=SENT if state == "written" else None,
            reply_code=250,
            replaced_by_id=successor if state == "replaced" else None,
        )
        assert f"{words} {recipient}" in text_of(client.get(address(application)).text)


def test_a_damaged_file_is_said_with_what_to_do(client: FlaskClient, application: Application) -> None:
    with transaction() as session:
        session.execute(update(Document).values(damaged_at=SENT + MINUTE))
    sign_in(client, Role.PI)
    words = text_of(client.get(address(application)).text)
    assert "Storage, and a second reading Needs a person" in words
    assert "2 September 2026, 14:07 (UTC+8) the stored copy was not as it came. Restore it from the backup" in words


def test_the_page_takes_the_same_queries_however_many_read_it(client: FlaskClient, application: Application) -> None:
    counts, path = {}, address(application)
    for role in (Role.PI, Role.REVIEWER, Role.ADMIN):
        reader = client.application.test_client()
        sign_in(reader, role)
        reader.get(path)  # the first look is written down
        with recorded_statements() as statements:
            assert reader.get(path).status_code == 200
        begins = statements.count("BEGIN") + statements.count("BEGIN IMMEDIATE")  # told of SQLite alone
        counts[role] = len(statements) - begins
    # Whoever decides is also shown who rates it, and whom else one might ask.
    assert counts == {Role.PI: 33, Role.REVIEWER: 30, Role.ADMIN: 33}


def thread_of(page: str) -> list[str]:
    """What the folded mail says, an entry each."""
    return [text_of(entry) for entry in page.partition('id="mail"')[2].partition("</ol>")[0].split("<li>")[1:]]


def test_all_mail_stands_in_one_thread_the_newest_last(client: FlaskClient, application: Application) -> None:
    token = "x" * 40
    change_mail("applicant@example.org", state="accepted", accepted_at=SENT + MINUTE, attempts=1)
    change_mail("co@example.org", state="stuck", attempts=1, reply_code=550, reply_text="no such user")
    change_mail("pi@example.org", subject=f"See https://portal.example.org/apply/link/{token}/")
    sign_in(client, Role.REVIEWER)
    page = client.get(address(application)).text
    group, copy, confirmation = thread_of(page)
    when = "2 September 2026, 14:0{} (UTC+8)"
    assert group == (
        "New application, to the group Waiting to be sent pi@example.org "
        f"See https://portal.example.org/apply/link/······/ {when.format(6)}"
    )
    assert copy.startswith("New application, to the group Not delivered co@example.org ")
    assert copy.endswith(f"{when.format(6)} · 1 attempt · 550 no such user")
    assert confirmation.startswith("Confirmation, to the applicant Accepted by the mail server applicant@example.org ")
    assert confirmation.endswith(f"{application.reference} {when.format(7)} · 1 attempt")
    assert "/review/mail/" not in page
    pi = client.application.test_client()
    sign_in(pi, Role.PI)
    assert thread_of(pi.get(address(application)).text) == [group, copy, confirmation]
    assert pi.get(address(application)).text.count('href="/en/review/mail/') == 4
