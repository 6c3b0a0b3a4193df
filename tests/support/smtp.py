"""A real mail server on the loopback interface, which keeps what it gets and misbehaves on request."""

import asyncio
import email
import email.policy
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Literal, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Behaviour = Literal["answer", "hang", "drop the line"]


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def attachments(self) -> list[tuple[str | None, bytes]]:
        """Names and bytes."""
        return [
            (part.get_filename(), cast("bytes", part.get_payload(decode=True)))
            for part in self.message.iter_attachments()
        ]


@dataclass
class Mailbox:
    """A mail server: where it listens, what it got, and how it behaves once it has a whole mail.

    Up within `with`; `stop` and `start` take it down and back up in between.
    """

    port: int = field(default_factory=free_port)
    # For STARTTLS, or from the first byte on.
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    # Whoever signs in must know it.
    password: str = ""
    # What it calls itself when it greets.
    ident: str = "Python SMTP"
    # The size it announces; without one `biggest` still holds, but the client learns it too late.
    announced_size: int | None = None
    biggest: int = 32 * 1024 * 1024
    reply: str = "250 2.0.0 OK: queued"
    # Its reply to RCPT TO, by address, where it is not a consent.
    recipient_replies: dict[str, str] = field(default_factory=dict)
    behaviour: Behaviour = "answer"
    letters: list[Letter] = field(default_factory=list)
    _released: threading.Event = field(default_factory=threading.Event)
    _controller: Controller | None = None

    def __enter__(self) -> "Mailbox":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def environ(self) -> dict[str, str]:
        """The settings that lead a portal here."""
        return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(self.port)}

    def start(self) -> None:
        """Listen, on the same port as ever."""
        self._released.clear()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=self.tls if self.implicit_tls else None,
            tls_context=None if self.implicit_tls else self.tls,
            authenticator=self._authenticate,
            # It takes no TLS for such but its own STARTTLS.
            auth_required=bool(self.password) and not self.implicit_tls,
            auth_require_tls=not self.implicit_tls,
            ident=self.ident,
            data_size_limit=self.announced_size,
        )
        self._controller.start()

    def stop(self) -> None:
        """Be down: connections are refused."""
        self.release()
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, who: Any) -> AuthResult:
        return AuthResult(handled=False, success=who.password.decode() == self.password)

    def release(self) -> None:
        """Answer those who hang."""
        self._released.set()

    def letters_to(self, recipient: str) -> list[Letter]:
        """What came for one recipient, oldest first."""
        return [letter for letter in self.letters if letter.recipients == [recipient]]

    def wait_for(self, recipient: str, *, containing: str, seconds: float = 30) -> bytes:
        """The first mail to `recipient` whose text contains some words; fails where none comes in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in self.letters_to(recipient):
                if containing in letter.text:
                    return letter.content
            time.sleep(0.1)
        raise AssertionError(f"no mail to {recipient} with {containing!r} within {seconds} s")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        """Take the recipient, or refuse it as the test wishes."""
        if address not in self.recipient_replies:
            envelope.rcpt_tos.append(address)
        return self.recipient_replies.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail (unless it is refused), and answer, hang, or drop the line."""
        content = cast("bytes", envelope.content)
        if len(content) > self.biggest:
            return "552 5.3.4 message too big"
        if self.reply.startswith("2"):
            self.letters.append(Letter(str(envelope.mail_from), list(envelope.rcpt_tos), content))
        if self.behaviour == "drop the line":
            cast("asyncio.Transport", server.transport).abort()
        if self.behaviour == "hang":
            await asyncio.to_thread(self._released.wait)
        return self.reply
