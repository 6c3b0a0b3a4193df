"""Without a mail server mail is written to files: no page, export or figure calls that accepted by a mail server."""

from datetime import UTC, datetime, timedelta

import flask_migrate
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.store import read_bytes
from s2group.extensions import db
from s2group.mail.delivery import deliver_due
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_by_state, mails_of, staff_mails
from s2group.privacy.data_export import contents
from tests.support.applying import apply, load_fictional_content, the_application
from tests.support.headings import headings, text_of
from tests.support.mail import add_templates, put_into_outbox
from tests.support.staff import sign_in

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOBODY = "Its mail is written to files and reaches nobody."
LADDER = (
    "Written to a file on 2 September 2026, 14:07 (UTC+8) . The portal has no mail server, so it was mailed to nobody."
)
ACCEPTED = "accepted by the mail server"


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    """Sent on 2 September 2026 at 14:06 in the group's time zone; its mail is a file a minute later."""
    load_fictional_content(app)
    with time_machine.travel(SENT, tick=False):
        assert apply(client).status_code == 303
    deliver_due(now=SENT + MINUTE, read_attachment=read_bytes)
    db.session.remove()
    return the_application()


def words_at(client: FlaskClient, path: str) -> str:
    return text_of(client.get(path).text)


@pytest.mark.parametrize("page", ["status", "received"])
def test_the_applicant_is_not_told_of_a_mail_that_nobody_gets(
    client: FlaskClient, application: Application, page: str
) -> None:
    path = f"/en/apply/{page}/{application.reference}/"
    words = words_at(client, path)
    assert (NOBODY in words, ACCEPTED in words.lower()) == (True, False)
    assert "A confirmation goes to your e-mail address." not in words
    if page == "status":
        assert f"Mail 1 of 2 · {LADDER} Mail 2 of 2 · {LADDER}" in words
        assert "Mail to the group Written to a file" in headings(client.get(path).text, "h3")


def test_with_a_mail_server_the_receipt_promises_the_confirmation(
    app: Flask, client: FlaskClient, application: Application
) -> None:
    app.config["MAIL_SERVER"] = "mail.example.org"
    words = words_at(client, f"/en/apply/received/{application.reference}/")
    assert (NOBODY in words, "A confirmation goes to your e-mail address." in words) == (False, True)


def test_the_staff_see_on_every_page_that_it_is_a_file(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.PI)
    desk = words_at(client, "/en/review/mail/")
    assert NOBODY in desk
    assert (
        "Accepted, or written to a file 3 Test Applicant Confirmation, to the applicant Written to a file applicant@"
        in desk
    )
    assert f"pi@example.org · {LADDER}" in words_at(client, f"/en/review/{application.reference}/")
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "pi@example.org")).one()
    one = words_at(client, f"/en/review/mail/{mail.key}/")
    assert "State Written to a file" in one
    assert "Written to a file 2 September 2026, 14:07 (UTC+8)" in one
    for words in (desk, one):
        assert ACCEPTED not in words.lower()
        assert "The mail server said" not in words


def test_exports_and_commands_tell_the_two_apart(app: Flask, application: Application) -> None:
    assert mails_by_state(staff_mails()) == {"written": 3}
    told = app.test_cli_runner().invoke(args=["check"]).output
    assert told.endswith("3 mails were written to files, for want of a mail server, and reached nobody.\n")
    assert app.test_cli_runner().invoke(args=["mail", "list"]).output == ""


def test_the_applicants_own_data_tell_the_two_apart(application: Application) -> None:
    exported = contents(application, None, mails_of(application.reference), SENT)
    assert [(mail["accepted_at"], f"{mail['written_to_file_at']:%H:%M}") for mail in exported["mails"]] == [
        (None, "06:07")
    ] * 3


def test_the_database_takes_no_written_mail_without_its_time(application: Application) -> None:
    for values in ({"written_at": None}, {"state": "accepted", "accepted_at": SENT}):
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(update(OutboxMail).values(**values))


def test_the_migration_tells_the_two_apart_in_either_direction(app: Flask) -> None:
    add_templates(app)
    ids = [put_into_outbox(SENT)[0] for _ in range(3)]
    deliver_due(now=SENT, read_attachment=read_bytes)
    accepted = {"state": "accepted", "accepted_at": SENT, "written_at": None, "reply_code": 250, "reply_text": "OK"}
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == ids[0]).values(**accepted))
        session.execute(update(OutboxMail).where(OutboxMail.id == ids[1]).values(state="waiting", written_at=None))
    db.session.remove()
    before = rows("written_at")
    flask_migrate.downgrade(revision="0014")
    assert [(state, at is None) for state, at in rows("NULL")] == [
        ("accepted", False),
        ("waiting", True),
        ("accepted", False),
    ]
    flask_migrate.upgrade()
    assert rows("written_at") == before
    assert [state for state, _ in before] == ["accepted", "waiting", "written"]


def rows(written_at: str) -> list[tuple[str, object]]:
    with db.engine.connect() as connection:
        statement = text(f"SELECT state, coalesce(accepted_at, {written_at}) AS at FROM outbox_mail ORDER BY id")
        return [(row.state, row.at) for row in connection.execute(statement)]
