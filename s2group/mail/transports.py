"""Handing mails over: to the mail server, or where there is none into a folder."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from functools import partial
from types import TracebackType
from typing import Literal, Protocol

import flask_mail
from flask import Flask, current_app

from s2group.mail.folder import Folder
from s2group.mail.headers import address
from s2group.mail.replies import ServerReply, about_the_server, read_reply, words

# For each step of the conversation, and for the server's verdict on the whole mail, which may take long: it scans
# the attachments, and to hang up too early means to send the mail twice (RFC 5321, 4.5.3.2.6).
STEP_SECONDS = 30
VERDICT_SECONDS = 300
# Port 465 speaks TLS from the first byte (RFC 8314).
IMPLICIT_TLS_PORT = 465
# The server is about to close the connection, whatever was asked (RFC 5321, 3.8); what it says is no reply at all.
HOPELESS = (421, -1)


OpeningStep = Literal["connect", "STARTTLS", "sign in"]


class Client(smtplib.SMTP):
    """smtplib's, which remembers what the server said last."""

    heard: tuple[int, bytes] = (0, b"")

    def getreply(self) -> tuple[int, bytes]:
        """The server's next reply."""
        self.heard = super().getreply()
        return self.heard


class TlsClient(Client, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


class Transport(Protocol):
    """A way to hand mails over."""

    def hand_over(self, *, message_id: str, recipient: str, content: bytes) -> ServerReply:
        """Hand over one mail to one recipient, and tell what became of it."""


@contextmanager
def open_transport() -> Iterator[Transport]:
    """The way to hand over a batch of mails: DATA_DIR/mail where MAIL_SERVER is not set."""
    if not current_app.config["MAIL_SERVER"]:
        yield Folder(current_app.config["DATA_DIR"] / "mail")
        return
    relay = Relay(current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        yield relay
    finally:
        relay.hang_up()


class Relay:
    """The mail server, over one connection, which is opened for the first mail and serves all that follow."""

    def __init__(self, app: Flask) -> None:
        self._mail = Mail(app)
        self._sender: str = app.config["MAIL_DEFAULT_SENDER"]
        self._connection: Connection | None = None

    def hand_over(self, *, message_id: str, recipient: str, content: bytes) -> ServerReply:
        """Send a mail. Where the connection was lost since the mail before, over a new one."""
        used = self._connection
        answer = self._attempt(recipient, content)
        if used and self._connection is None and not used.in_data:
            answer = self._attempt(recipient, content)
        return answer

    def hang_up(self) -> None:
        """Close the connection, if one is open."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _attempt(self, recipient: str, content: bytes) -> ServerReply:
        """Nothing of this mail can fail the next one: it gets a connection that listens, or a new one."""
        sender = address(parseaddr(self._sender)[1])
        try:
            if not self._connection:
                self._connection = self._mail.connect().__enter__()
            answer = self._connection.deliver(sender, recipient, content)
        except smtplib.SMTPResponseException as error:
            # Refused before the mail was named: a matter of settings, not of this mail. Somebody will mend them.
            answer = about_the_server(error.smtp_code, error.smtp_error)
            self.hang_up()
        except OSError as error:
            in_data = self._connection is not None and self._connection.in_data
            text = words(f"{type(error).__name__}: {error}")
            answer = ServerReply("later", None, text, about="mail" if in_data else "server")
            self.hang_up()
        if answer.code in HOPELESS:
            self.hang_up()
        return answer


class Connection(flask_mail.Connection):
    """A connection that gives up in time, trusts only verified certificates, and tells what the server said.

    Flask-Mail's own waits for ever, takes any certificate, and drops the reply.
    """

    host: Client
    # Whether the mail itself has been begun. From here on a lost connection leaves open whether it was accepted.
    in_data = False

    def __enter__(self) -> "Connection":
        self.configure_host()
        return self

    def __exit__(self, exc_type: type[BaseException], exc_value: BaseException, tb: TracebackType) -> None:
        self.close()

    def close(self) -> None:
        """Say good-bye. The mails are accepted or not by now; a farewell that fails changes nothing."""
        with suppress(OSError):
            self.host.quit()
        self.host.close()

    def configure_host(self) -> Client:
        """Connect, secure, sign in. Raises OSError (smtplib's errors are such) where one of them fails."""
        (_name, connect), *others = self.steps()
        connect()
        try:
            for _name, take in others:
                take()
            self.host.ehlo_or_helo_if_needed()
        except BaseException:
            self.host.close()
            raise
        return self.host

    def steps(self) -> list[tuple[OpeningStep, Callable[[], None]]]:
        """What the settings ask for before the first mail, in turn; each raises OSError where it fails."""
        steps: list[tuple[OpeningStep, Callable[[], None]]] = [("connect", self._open)]
        if self.mail.use_tls and not self._tls_at_once:
            steps.append(("STARTTLS", self._secure))
        if self.mail.username and self.mail.password:
            steps.append(("sign in", self._sign_in))
        return steps

    @property
    def _tls_at_once(self) -> bool:
        return bool(self.mail.port == IMPLICIT_TLS_PORT)

    def _open(self) -> None:
        server, port = self.mail.server, self.mail.port or smtplib.SMTP_PORT
        if self._tls_at_once:
            self.host = TlsClient(server, port, timeout=STEP_SECONDS, context=ssl.create_default_context())
        else:
            self.host = Client(server, port, timeout=STEP_SECONDS)

    def _secure(self) -> None:
        self.host.starttls(context=ssl.create_default_context())

    def _sign_in(self) -> None:
        if not isinstance(self.host.sock, ssl.SSLSocket):
            raise smtplib.SMTPException("a password goes over TLS only: set MAIL_USE_TLS")
        self.host.login(self.mail.username, self.mail.password)

    def deliver(self, sender: str, recipient: str, content: bytes) -> ServerReply:
        """One mail to one recipient; the server's reply, whichever step it ended at. Raises OSError."""
        self.in_data = False
        limit = self._size_limit()
        if limit is not None and 0 < limit < len(content):
            return ServerReply("too big", None, f"larger than the {limit} bytes that the server announces")
        refusal = self._announce(sender, recipient, [] if limit is None else [f"size={len(content)}"])
        return refusal or self._hand_over(content)

    def _size_limit(self) -> int | None:
        """The size that the server takes; 0 for any; None where it does not say (RFC 1870)."""
        announced = self.host.esmtp_features.get("size")
        return None if announced is None else int(announced) if announced.isdecimal() else 0

    def _announce(self, sender: str, recipient: str, options: list[str]) -> ServerReply | None:
        """Name sender and recipient, after clearing away what the mail before may have left; the refusal, if any."""
        for step in (self.host.rset, partial(self.host.mail, sender, options)):
            code, text = step()
            if not 200 <= code < 300:
                answer = read_reply(code, text)
                return answer if answer.verdict == "too big" else about_the_server(code, text)
        code, text = self.host.rcpt(recipient)
        return None if 200 <= code < 300 else read_reply(code, text)

    def _hand_over(self, content: bytes) -> ServerReply:
        try:
            return read_reply(*self.say_all(content))
        except smtplib.SMTPDataError as error:  # it would not even listen
            return read_reply(error.smtp_code, error.smtp_error)

    def say_all(self, content: bytes) -> tuple[int, bytes]:
        """The mail itself, for whoever was named before; the server's verdict. Raises OSError."""
        self.in_data = True
        self._wait_at_most(VERDICT_SECONDS)
        try:
            return self.host.data(content)
        finally:
            self._wait_at_most(STEP_SECONDS)

    def _wait_at_most(self, seconds: float) -> None:
        if self.host.sock:  # gone where the server has hung up
            self.host.sock.settimeout(seconds)


class Mail(flask_mail.Mail):
    """Flask-Mail with the connection above."""

    def connect(self) -> Connection:
        """A connection to the configured server, opened by `with`."""
        return Connection(self.state)  # type: ignore[arg-type]
