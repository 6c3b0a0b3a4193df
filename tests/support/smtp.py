"""A real mail server on the loopback interface, which keeps what it gets and misbehaves on request."""

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Literal, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Behaviour = Literal["answer", "hang", "drop the line"]


@dataclass(frozen=True)
class Letter:
    """One mail as it came over the line."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail as a mail program reads it."""
        return email.message_from_bytes(self.content, policy=email.policy.default)


@dataclass
class MailServer:
    """Where it listens, what it got, and how it behaves once it has a whole mail."""

    port: int
    tls: ssl.SSLContext | None = None
    size_limit: int = 32 * 1024 * 1024
    reply: str = "250 2.0.0 OK: queued"
    # The reply to RCPT TO where it is not to be a consent.
    recipient_reply: str = ""
    behaviour: Behaviour = "answer"
    letters: list[Letter] = field(default_factory=list)
    _controller: Controller | None = None

    @property
    def environ(self) -> dict[str, str]:
        """The settings that lead a portal here."""
        return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(self.port)}

    def start(self) -> None:
        """Listen, on the same port as ever."""
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, tls_context=self.tls, data_size_limit=self.size_limit
        )
        self._controller.start()

    def stop(self) -> None:
        """Be down: connections are refused."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        """Take the recipient, or refuse it as the test wishes."""
        if not self.recipient_reply:
            envelope.rcpt_tos.append(address)
        return self.recipient_reply or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail (unless it is refused), and answer, hang, or drop the line."""
        if self.reply.startswith("2"):
            content = cast("bytes", envelope.content)
            self.letters.append(Letter(str(envelope.mail_from), list(envelope.rcpt_tos), content))
        if self.behaviour == "hang":
            await asyncio.sleep(60)
        if self.behaviour == "drop the line":
            cast("asyncio.Transport", server.transport).abort()
        return self.reply


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(*, tls: ssl.SSLContext | None = None, size_limit: int = 32 * 1024 * 1024) -> Iterator[MailServer]:
    """A mail server that is up; stopped at the end."""
    server = MailServer(free_port(), tls, size_limit)
    server.start()
    try:
        yield server
    finally:
        server.stop()
