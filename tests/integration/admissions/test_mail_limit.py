"""An address that anybody can type gets so many mails within a day, and those who have them sent are told the truth."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from s2group.admissions.models import Application
from s2group.admissions.services.notices import mail_manage_link
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.queries import free_at
from tests.support.applying import apply, load_fictional_content
from tests.support.headings import text_of

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
DAY = timedelta(days=1)
STRANGER = "stranger@example.org"


@pytest.fixture
def portal(app: Flask) -> Flask:
    app.config["MAIL_SERVER"] = "mail.example.org"
    load_fictional_content(app)
    return app


def to_the_stranger() -> list[tuple[str, timedelta]]:
    """What goes there, and how much later than now."""
    db.session.rollback()
    mails = select(OutboxMail).where(OutboxMail.recipient.ilike(STRANGER)).order_by(OutboxMail.id)
    return [(mail.message, mail.next_attempt_at - NOW) for mail in db.session.scalars(mails)]


def test_confirmations_beyond_twelve_a_day_go_out_later_and_the_receipt_says_so(portal: Flask) -> None:
    pages = []
    with time_machine.travel(NOW, tick=False):
        for number in range(25):
            client, spelling = portal.test_client(), STRANGER.upper() if number % 2 else STRANGER
            sent = apply(client, email=spelling, name=f"Test Applicant {number}")
            assert sent.status_code == 303
            pages.append(text_of(client.get(sent.location).text))
    assert {message for message, _ in to_the_stranger()} == {"application_confirmation"}
    assert [later for _, later in to_the_stranger()] == [0 * DAY] * 12 + [DAY] * 12 + [2 * DAY]
    late = "so the confirmation goes there later: "
    assert [late in page for page in pages] == [False] * 12 + [True] * 13
    assert ["A confirmation goes to your e-mail address." in page for page in pages] == [True] * 12 + [False] * 13


def test_no_link_goes_where_there_is_no_room(portal: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(12):
            apply(portal.test_client(), email=STRANGER, name=f"Test Applicant {number}")
    application = db.session.scalars(select(Application)).first()
    assert application
    mail_manage_link(application=application, now=NOW)
    assert len(to_the_stranger()) == 12
    assert free_at(STRANGER, now=NOW) == NOW + DAY
    mail_manage_link(application=application, now=NOW + DAY)
    assert to_the_stranger()[-1] == ("manage_link", DAY)
    assert free_at("other@example.org", now=NOW) == NOW
