"""Six days, and more, of bad weather on the way to the mail server: no mail is lost, and none forgotten."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import func, select

from s2group.extensions import db
from s2group.mail import rules, transports
from s2group.mail.delivery import deliver_due
from s2group.mail.models import OutboxMail
from s2group.mail.server_state import mail_server
from tests.support.mail import Files, add_templates, put_into_outbox
from tests.support.receipts import in_form
from tests.support.smtp import Mailbox

START = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
GIVE_UP_AFTER = timedelta(days=6)
# By then nothing may be left that waits.
THE_END = START + timedelta(days=8)
RECIPIENT = "pi@example.org"
SEEDS = range(in_form(short=2, long=40))
MAILS = 8
# In the place of the 30 and 300 seconds after which a server that hangs is given up.
GIVEN_UP_AFTER = 0.2


@dataclass
class Sky(Mailbox):
    """A mail server under a weather that changes."""

    closes_late: bool = False

    def turn(self, weather: str) -> None:
        """Let the weather change: to that of one of the methods below, or to a reply that the server gives."""
        self.reply, self.behaviour, self.closes_late = "250 2.0.0 OK: queued", "answer", False
        self.recipient_replies.clear()
        self.stop()
        if weather == "down":
            return
        self.start()
        if weather in ("hang", "drop the line"):
            self.behaviour = weather  # type: ignore[assignment]
        elif weather == "close late":
            self.closes_late = True
        elif weather.startswith("RCPT "):
            self.recipient_replies[RECIPIENT] = weather.removeprefix("RCPT ")
        elif weather != "fair":
            self.reply = weather

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Let whoever says good-bye wait."""
        if self.closes_late:
            await asyncio.to_thread(self._released.wait)
        return "221 Bye"


Forecast = Callable[[timedelta], str]
FORECASTS: dict[str, tuple[Forecast, str]] = {
    "down for ever": (lambda _: "down", "waiting"),
    "down over a long weekend": (lambda age: "down" if age < timedelta(days=4) else "fair", "accepted"),
    "full for ever": (lambda _: "452 4.3.1 no space", "stuck"),
    "full for five days": (lambda age: "452 4.3.1 no space" if age < timedelta(days=5) else "fair", "accepted"),
    "refusing the mail": (lambda _: "550 5.7.1 no", "stuck"),
    "refusing the recipient": (lambda _: "RCPT 550 5.1.1 unknown", "stuck"),
    "greylisting": (
        lambda age: "RCPT 450 4.2.0 greylisted" if age < timedelta(minutes=10) else "fair",
        "accepted",
    ),
    "shutting down again and again": (
        lambda age: "RCPT 421 4.3.2 bye" if age < timedelta(days=1) else "fair",
        "accepted",
    ),
    "hanging for ever": (lambda _: "hang", "stuck"),
    "hanging for a day": (lambda age: "hang" if age < timedelta(days=1) else "fair", "accepted"),
    "closing late": (lambda _: "close late", "accepted"),
    "dropping the line for ever": (lambda _: "drop the line", "stuck"),
    "dropping the line for a day": (lambda age: "drop the line" if age < timedelta(days=1) else "fair", "accepted"),
}
WEATHERS = [
    "down", "451 4.3.0 later", "452 4.3.1 no space", "RCPT 450 4.2.0 greylisted", "RCPT 421 4.3.2 bye", "hang",
    "drop the line", "close late", "fair", "RCPT 550 5.1.1 unknown",
]  # fmt: skip
# How likely each is: most days are bad, so that many mails live long.
LIKELIHOODS = [30, 15, 10, 15, 10, 5, 5, 3, 5, 2]


@pytest.fixture
def sky(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sky]:
    add_templates(app)
    # Hours between probes, so that a test of days takes seconds.
    monkeypatch.setattr(rules, "PROBES", (*rules.PROBES, timedelta(hours=4)))
    monkeypatch.setattr(transports, "STEP_SECONDS", GIVEN_UP_AFTER)
    monkeypatch.setattr(transports, "VERDICT_SECONDS", GIVEN_UP_AFTER)
    sky = Sky()
    app.config.update(sky.environ)
    yield sky
    sky.stop()


def _live_through(sky: Sky, forecast: Forecast) -> None:
    """Let the worker work until nothing waits any more, or to the end, at a clock that jumps between attempts."""
    while (now := _next_attempt()) and now < THE_END:
        sky.turn(forecast(now - START))
        assert deliver_due(now=now, read_attachment=Files().read) >= 1
        db.session.remove()


def _next_attempt() -> datetime | None:
    waits = OutboxMail.state == "waiting"
    due = db.session.scalar(select(func.min(OutboxMail.next_attempt_at)).where(waits))
    server = mail_server(db.session())
    return max(due, server.next_probe_at) if due and server and server.state != "open" else due


def _check_custody(sky: Sky) -> None:
    """Each mail is accepted, or with a person who was called in good time, or waits for the server; a repeat is known
    by its Message-ID."""
    copies = Counter(letter.message["Message-ID"] for letter in sky.letters)
    mails, server = db.session.scalars(select(OutboxMail)).all(), mail_server(db.session())
    assert set(copies) <= {mail.message_id for mail in mails}
    for mail in mails:
        assert mail.state in ("accepted", "stuck", "waiting")
        if mail.state == "accepted":
            assert copies[mail.message_id] >= 1
        elif mail.state == "waiting":
            assert server is not None
            assert server.state != "open"
        elif (mail.reply_code or 0) < 500:
            assert mail.claimed_at is not None
            assert mail.claimed_at - mail.created_at >= GIVE_UP_AFTER


@pytest.mark.parametrize("name", FORECASTS)
def test_under_a_weather_that_is_known(sky: Sky, name: str) -> None:
    forecast, end = FORECASTS[name]
    put_into_outbox(START)
    _live_through(sky, forecast)
    _check_custody(sky)
    assert db.session.scalars(select(OutboxMail.state)).all() == [end]


@pytest.mark.parametrize("seed", SEEDS)
def test_under_a_weather_that_changes(sky: Sky, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(MAILS):
        put_into_outbox(START + chance.random() * timedelta(hours=6))
    _live_through(sky, lambda _: chance.choices(WEATHERS, LIKELIHOODS)[0])
    _check_custody(sky)


def test_what_is_dropped_after_the_server_took_it_comes_again_under_the_same_id(sky: Sky) -> None:
    put_into_outbox(START)
    _live_through(sky, lambda age: "drop the line" if age < timedelta(hours=1) else "fair")
    assert len(sky.letters) > 3
    assert len({letter.message["Message-ID"] for letter in sky.letters}) == 1
