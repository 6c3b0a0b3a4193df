"""Several mails over one connection: opened once, opened again where it was lost, and no mail suffers for another."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from s2group.extensions import db
from s2group.mail import transports
from s2group.mail.delivery import deliver_due
from s2group.mail.models import OutboxMail
from tests.support.mail import Files, add_templates, put_into_outbox
from tests.support.smtp import Mailbox

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TIRED = "421 4.7.0 too many mails, come back"


@dataclass
class Counter(Mailbox):
    """A mail server that counts connections, and is tired of one after some mails."""

    # The client's end of each connection over which a mail was announced, and what was said of its size.
    connections: list[Any] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    mails_per_connection: int = 1000
    # What it does with the first mail too many.
    when_tired: str = TIRED
    # The recipient whose mail it takes without ever saying so.
    hangs_on: str = ""
    _begun: dict[Any, int] = field(default_factory=dict)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Consent, unless tired of this connection."""
        begun = self._begun[session.peer] = self._begun.get(session.peer, 0) + 1
        if begun == 1:
            self.connections.append(session.peer)
        if begun > self.mails_per_connection:
            if self.when_tired == "hang":
                await asyncio.to_thread(self._released.wait)
            if self.when_tired == "hang up":
                cast("asyncio.Transport", server.transport).abort()
            return self.when_tired
        self.sizes += options
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail, and answer, or hang."""
        if self.hangs_on in envelope.rcpt_tos:
            self.behaviour = "hang"
        return await super().handle_DATA(server, session, envelope)

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Begin another mail, unless tired."""
        if self.when_tired == "hang up early" and self._begun.get(session.peer, 0) == self.mails_per_connection:
            cast("asyncio.Transport", server.transport).abort()
        return "250 OK"


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Counter]:
    """A mail server that is up."""
    add_templates(app)
    mailbox = Counter()
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=mailbox.port)
    with mailbox:
        yield mailbox


def _put(*recipients: str) -> list[int]:
    """A mail to each, due in this order."""
    return [
        put_into_outbox(NOW - MINUTE + timedelta(seconds=number), to=[f"{recipient}@example.org"])[0]
        for number, recipient in enumerate(recipients)
    ]


def _deliver(files: Files | None = None) -> int:
    tried = deliver_due(now=NOW, read_attachment=(files or Files()).read)
    db.session.remove()
    return tried


def _states(ids: list[int]) -> list[tuple[str, int]]:
    return [(row.state, row.attempts) for row in (db.session.get_one(OutboxMail, each) for each in ids)]


def test_one_connection_serves_all_that_is_due(mailbox: Counter) -> None:
    ids = _put("a", "b", "c")
    assert _deliver() == 3
    assert _states(ids) == [("accepted", 1)] * 3
    assert [letter.recipients for letter in mailbox.letters] == [[f"{name}@example.org"] for name in "abc"]
    assert len(mailbox.connections) == 1


def test_a_refused_mail_leaves_nothing_behind_for_the_next(mailbox: Counter) -> None:
    mailbox.recipient_replies["b@example.org"] = "550 5.1.1 no such user"
    mailbox.recipient_replies["c@example.org"] = "451 4.7.1 greylisted"
    ids = _put("a", "b", "c", "d")
    _deliver()
    assert _states(ids) == [("accepted", 1), ("stuck", 1), ("waiting", 1), ("accepted", 1)]
    assert [letter.recipients for letter in mailbox.letters] == [["a@example.org"], ["d@example.org"]]
    assert len(mailbox.connections) == 1


@pytest.mark.parametrize("when_tired", [TIRED, "not a reply", "hang up", "hang up early", "hang"])
def test_a_connection_that_was_lost_between_two_mails_is_opened_again(
    mailbox: Counter, when_tired: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "STEP_SECONDS", 0.5)
    mailbox.mails_per_connection, mailbox.when_tired = 2, when_tired
    ids = _put("a", "b", "c", "d", "e")
    started = time.monotonic()
    _deliver()
    assert time.monotonic() - started < 10, "the patience for a verdict is over when the next mail begins"
    assert _states(ids) == [("accepted", 1)] * 5
    assert len(mailbox.letters) == 5
    assert len(mailbox.connections) == 3


def test_it_is_opened_again_only_once_for_a_mail(mailbox: Counter) -> None:
    mailbox.mails_per_connection = 1
    ids = _put("a", "b")
    _deliver()
    mailbox.mails_per_connection = 0
    later = _put("c", "d")
    _deliver()
    assert _states(ids + later) == [("accepted", 1)] * 2 + [("waiting", 1), ("waiting", 0)], "the server takes nothing"
    assert len(mailbox.connections) == 3
    assert db.session.get_one(OutboxMail, later[0]).reply_code == 421


def test_a_mail_whose_verdict_was_not_heard_is_not_repeated_at_once(
    mailbox: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "VERDICT_SECONDS", 0.5)
    mailbox.hangs_on = "b@example.org"
    ids = _put("a", "b")
    _deliver()
    assert _states(ids) == [("accepted", 1), ("waiting", 1)]
    assert len(mailbox.letters) == 2
    assert len(mailbox.connections) == 1


def test_the_mail_after_one_that_broke_the_line_gets_a_connection_of_its_own(mailbox: Counter) -> None:
    mailbox.behaviour = "drop the line"
    ids = _put("a", "b")
    _deliver()
    assert _states(ids) == [("waiting", 1), ("waiting", 1)]
    assert len(mailbox.connections) == len(mailbox.letters) == 2


def test_the_server_is_told_the_size_before_the_mail(app: Flask, mailbox: Counter) -> None:
    mailbox.announced_size = 1_000_000
    mailbox.stop()
    mailbox.start()
    files = Files()
    put_into_outbox(NOW, attachments=[files.add(bytes(300_000), "resume.pdf")])
    _deliver(files)
    [letter] = mailbox.letters
    assert mailbox.sizes == [f"SIZE={len(letter.content)}"]
    assert len(letter.content) > 400_000, "base64 counts"


@pytest.mark.parametrize("size", [72_000, 78_000])
def test_what_counts_against_the_servers_limit_is_the_mail_as_it_goes_over_the_line(
    app: Flask, mailbox: Counter, size: int
) -> None:
    """Both files are smaller than the limit; with base64, line breaks and headers one mail is larger."""
    mailbox.announced_size = 105_000
    mailbox.stop()
    mailbox.start()
    files = Files()
    put_into_outbox(NOW, attachments=[files.add(bytes(size), "resume.pdf")])
    _deliver(files)
    [letter] = mailbox.letters
    assert len(letter.attachments) == (1 if size == 72_000 else 0)
