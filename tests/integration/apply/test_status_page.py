"""The applicant's status page: where the application is, what was sent, and nothing about anybody else."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update

from s2group.accounts.services import add_account
from s2group.admissions.models import Application, Referee
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.models import Document
from s2group.documents.verification import verify_stored
from s2group.evaluation.services import open_application
from s2group.extensions import db
from s2group.mail.models import MailServer, OutboxMail
from tests.support.applying import RESUME, apply, load_fictional_content, pdf, the_application
from tests.support.headings import headings
from tests.support.queries import recorded_statements

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TO_THE_GROUP, TO_THE_APPLICANT = "application_received", "application_confirmation"
STATEMENT = " ".join(["I like waves."] * 25)
OnPage = Callable[..., str]


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    """Sent on 2 September 2026 at 14:06 in the call's time zone."""
    load_fictional_content(app)
    with time_machine.travel(SENT, tick=False):
        assert apply(client, resume=pdf(name="张三 简历.pdf"), statement=STATEMENT).status_code == 303
    return the_application()


@pytest.fixture
def on_page(client: FlaskClient, application: Application) -> OnPage:
    """The words of the status page, an hour after the application was sent."""
    address = f"/apply/status/{application.reference}/"

    def words(prefix: str = "/en", later: timedelta = timedelta(hours=1)) -> str:
        with time_machine.travel(SENT + later, tick=False):
            response = client.get(prefix + address)
        assert response.status_code == 200
        return text_of(response.text)

    return words


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def change_mails(message: str, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.message == message).values(values))


def look(application: Application, email: str, at: datetime) -> None:
    user = add_account(email=email, role=Role.REVIEWER, password="four plain words together", now=SENT)
    open_application(reference=application.reference, actor=user, now=at)


def test_right_after_the_submission(client: FlaskClient, application: Application, on_page: OnPage) -> None:
    page = client.get(f"/en/apply/status/{application.reference}/").text
    assert headings(page, "h1") == ["Received, waiting to be read"]
    assert headings(page, "h3") == [
        "Receipt of the application Done",
        "Storage, and a second reading In progress",
        "Mail to the group In progress",
        "First look by the group Not yet",
    ]
    assert page.count('aria-current="step"') == 1
    words = on_page()
    for part in (
        application.reference,
        "The group answers by e-mail by 16 September 2026. Until then there is nothing you must do.",
        f"2 September 2026, 14:06 (UTC+8) CV · SHA-256 {sha256(RESUME).hexdigest()[:16]}…",
        "CV · Stored; it is read again within minutes.",
        "Mail 1 of 2 · On its way. Mail 2 of 2 · On its way.",
    ):
        assert part in words


def test_what_was_sent_is_shown_without_who_sent_it(application: Application, on_page: OnPage) -> None:
    words = on_page()
    for part in (
        f"CV 张三 简历.pdf · 1.1 kB SHA-256 {sha256(RESUME).hexdigest()}",
        "University Test University",
        f"Statement {STATEMENT}",
        "Holds the quota Met",
    ):
        assert part in words
    for private in (application.name, application.email, "13800138000", "138 0013 8000"):
        assert private not in words


def test_who_only_knows_the_reference_learns_no_name_of_a_file(app: Flask, application: Application) -> None:
    for page in ("status", "received"):
        words = text_of(app.test_client().get(f"/en/apply/{page}/{application.reference}/").text)
        assert f"CV 1.1 kB SHA-256 {sha256(RESUME).hexdigest()}" in words
        assert "张三" not in words


def test_every_step_done(application: Application, on_page: OnPage) -> None:
    verify_stored(limit=10, now=SENT + MINUTE)
    change_mails(
        TO_THE_GROUP, state="accepted", accepted_at=SENT + 2 * MINUTE, reply_code=250, reply_text="queued 4711"
    )
    look(application, "first@example.org", SENT + 20 * MINUTE)
    look(application, "second@example.org", SENT + 40 * MINUTE)
    words = on_page()
    for part in (
        "The group is reading your application",
        "CV · Read again on 2 September 2026, 14:07 (UTC+8) : exactly the file that you uploaded.",
        "Sent to 2 mailboxes of the group; the mail server accepted the last one on 2 September 2026, 14:08 (UTC+8) .",
        "First look by the group Done 2 September 2026, 14:26 (UTC+8)",
    ):
        assert part in words
    assert words.count("Done") == 4
    for private in ("14:46", "4711", "example.org"):
        assert private not in words


def test_mail_that_does_not_get_through(on_page: OnPage) -> None:
    change_mails(
        TO_THE_GROUP, attempts=3, next_attempt_at=SENT + 90 * MINUTE, reply_text="450 greylisted pi@example.org"
    )
    words = on_page()
    assert "On its way. Tried 3 times; next on 2 September 2026, 15:36 (UTC+8) ." in words
    assert "greylisted" not in words
    for state in ("stuck", "bounced"):
        change_mails(TO_THE_GROUP, state=state, accepted_at=SENT, bounce_text="550 no such user pi@example.org")
        words = on_page()
        assert "Mail to the group Needs a person" in words
        assert "Not delivered. The group has been told, and reads your application in the portal." in words
        assert "no such user" not in words


def test_while_the_server_takes_no_mail_nothing_is_said_to_be_on_its_way(on_page: OnPage) -> None:
    with transaction() as session:
        session.add(MailServer(id=1, state="down", failures=3, since=SENT, next_probe_at=SENT, reply_text=""))
    waits = "Waiting: the mail server takes no mail at the moment. It is sent as soon as the server takes mail again."
    words = on_page()
    assert f"Mail 1 of 2 · {waits} Mail 2 of 2 · {waits}" in words
    assert "On its way" not in words


def test_referees_are_stored_only_where_some_were_named(application: Application, on_page: OnPage) -> None:
    assert "Your name and how you can be reached are stored as well." in on_page()
    with transaction() as session:
        session.add(
            Referee(
                application_id=application.id, position=1, name="测试丙", email="r@example.org", title="", asked_at=SENT
            )
        )
    assert "Your name, how you can be reached, and your referees are stored as well." in on_page()


def test_one_mail_needs_no_number(application: Application, on_page: OnPage) -> None:
    with transaction() as session:
        mails = delete(OutboxMail).where(OutboxMail.message == TO_THE_GROUP, OutboxMail.recipient != "pi@example.org")
        session.execute(mails)
    assert "Mail to the group In progress On its way." in on_page()


def test_a_damaged_file(on_page: OnPage) -> None:
    with transaction() as session:
        session.execute(update(Document).values(verified_at=SENT, damaged_at=SENT + MINUTE))
    words = on_page()
    assert "Storage, and a second reading Needs a person" in words
    assert "CV · The stored copy is no longer as it came. The group sees this too" in words


def test_a_confirmation_that_never_arrived_is_said(on_page: OnPage) -> None:
    problem = "The confirmation did not reach your e-mail address"
    change_mails(TO_THE_GROUP, state="stuck")
    assert problem not in on_page()
    change_mails(TO_THE_APPLICANT, state="bounced", accepted_at=SENT)
    assert problem in on_page()


@pytest.mark.parametrize(("day", "late"), [("2026-09-16T15:59", False), ("2026-09-16T16:00", True)])
def test_after_the_day_of_the_answer_the_page_says_what_to_do(on_page: OnPage, day: str, late: bool) -> None:
    words = on_page(later=datetime.fromisoformat(day).replace(tzinfo=UTC) - SENT)
    assert ("The group meant to answer by e-mail by 16 September 2026. No answer yet?" in words) is late


def test_it_speaks_chinese(on_page: OnPage) -> None:
    words = on_page("")
    assert "2026 年 9 月 2 日 14:06（UTC+8）" in words
    assert "2026 年 9 月 16 日" in words


@pytest.mark.parametrize("page", ["status", "received"])
def test_nobody_keeps_lists_or_learns_the_address(client: FlaskClient, application: Application, page: str) -> None:
    response = client.get(f"/en/apply/{page}/{application.reference}/")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert "hreflang" not in response.text.split("</head>")[0]


@pytest.mark.parametrize("page", ["status", "received"])
def test_both_pages_let_a_file_be_checked(client: FlaskClient, application: Application, page: str) -> None:
    text = client.get(f"/en/apply/{page}/{application.reference}/").text
    assert f'data-sha256="{sha256(RESUME).hexdigest()}" data-size="{len(RESUME)}"' in text
    assert re.search(r'id="own-file-check"[^>]* hidden>', text)
    for command in ("certutil -hashfile cv.pdf SHA256", "shasum -a 256 cv.pdf", "sha256sum cv.pdf"):
        assert f"<code>{command}</code>" in text


def test_receipt_and_status_lead_to_each_other(client: FlaskClient, application: Application) -> None:
    receipt, status = (f"/en/apply/{page}/{application.reference}/" for page in ("received", "status"))
    assert f'href="{status}"' in client.get(receipt).text
    assert f'href="{receipt}"' in client.get(status).text


@pytest.mark.parametrize(("prefix", "locale"), [("", "zh"), ("/en", "en")])
def test_the_confirmation_leads_to_the_status(app: Flask, client: FlaskClient, prefix: str, locale: str) -> None:
    load_fictional_content(app)
    apply(client, f"{prefix}/apply/")
    application = the_application()
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.message == TO_THE_APPLICANT)).one()
    address = f"{app.config['PUBLIC_URL']}{prefix}/apply/status/{application.reference}/"
    assert f"{address}\n" in mail.text
    assert f'<a href="{address}">' in mail.html


@pytest.mark.parametrize("reference", ["7K3M-Q0ZT-9XHB-4WPD", "nonsense", "%00", "x" * 5000, "..", "%F0%9F%98%80"])
def test_a_wrong_reference_is_a_page_that_does_not_exist(
    client: FlaskClient, application: Application, reference: str
) -> None:
    assert client.get(f"/en/apply/status/{reference}/").status_code == 404


def test_the_number_of_queries_does_not_grow(client: FlaskClient, application: Application) -> None:
    address, counts = f"/en/apply/status/{application.reference}/", []
    for number in range(3):
        with recorded_statements() as statements:
            assert client.get(address).status_code == 200
        counts.append(len(statements))
        look(the_application(), f"reviewer-{number}@example.org", SENT + MINUTE)
        add_mail(f"<{number}@example.org>")
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 15


def add_mail(message_id: str) -> None:
    """One more recipient of the group."""
    table = OutboxMail.__table__
    with transaction() as session:
        first = session.execute(select(table).where(table.c.message == TO_THE_GROUP).limit(1)).one()._asdict()
        session.execute(
            insert(OutboxMail).values(
                {name: value for name, value in first.items() if name != "id"} | {"message_id": message_id}
            )
        )
