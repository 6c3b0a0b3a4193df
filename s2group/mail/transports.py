"""Handing a mail over: to the mail server, or where there is none into a folder."""

import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from typing import Literal

import flask_mail
from flask import Flask, current_app

from s2group.mail.headers import address, header_text

# For each step of the conversation, and for the server's verdict on the whole mail, which may take long: it scans
# the attachments, and to hang up too early means to send the mail twice (RFC 5321, 4.5.3.2.6).
STEP_SECONDS = 30
VERDICT_SECONDS = 300
# Port 465 speaks TLS from the first byte (RFC 8314).
IMPLICIT_TLS_PORT = 465
LONGEST_REPLY = 500


@dataclass(frozen=True)
class Answer:
    """What became of an attempt: accepted; refused for good; to be tried later; or too big for the server."""

    verdict: Literal["accepted", "refused", "later", "too big"]
    code: int | None
    text: str


def hand_over(*, message_id: str, recipient: str, content: bytes) -> Answer:
    """Send `content` to one recipient, or write it into DATA_DIR/mail where MAIL_SERVER is not set."""
    if current_app.config["MAIL_SERVER"]:
        return _over_smtp(recipient, content)
    return _into_folder(message_id, recipient, content)


class Connection(flask_mail.Connection):
    """A connection that gives up in time, trusts only verified certificates, and tells what the server said.

    Flask-Mail's own waits for ever, takes any certificate, and drops the reply.
    """

    host: smtplib.SMTP

    def __enter__(self) -> "Connection":
        self.host = self.configure_host()
        return self

    def __exit__(self, exc_type: type[BaseException], exc_value: BaseException, tb: TracebackType) -> None:
        # The mail is accepted or not by now; a farewell that fails changes nothing.
        with suppress(OSError):
            self.host.quit()
        self.host.close()

    def configure_host(self) -> smtplib.SMTP:
        """Connect, secure, sign in. Raises OSError (smtplib's errors are such) where one of them fails."""
        host = self._open()
        try:
            if self.mail.use_tls and not isinstance(host, smtplib.SMTP_SSL):
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                self._sign_in(host)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def _sign_in(self, host: smtplib.SMTP) -> None:
        if not isinstance(host.sock, ssl.SSLSocket):
            raise smtplib.SMTPException("a password goes over TLS only: set MAIL_USE_TLS")
        host.login(self.mail.username, self.mail.password)

    def _open(self) -> smtplib.SMTP:
        server, port = self.mail.server, self.mail.port or smtplib.SMTP_PORT
        if port == IMPLICIT_TLS_PORT:
            return smtplib.SMTP_SSL(server, port, timeout=STEP_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(server, port, timeout=STEP_SECONDS)

    def deliver(self, sender: str, recipient: str, content: bytes) -> Answer:
        """One mail to one recipient; the server's reply, whichever step it ended at."""
        limit = int(self.host.esmtp_features.get("size") or 0)
        if 0 < limit < len(content):
            return Answer("too big", None, f"larger than the {limit} bytes that the server announces")
        for step, argument in ((self.host.mail, sender), (self.host.rcpt, recipient)):
            code, text = step(argument)
            if code >= 300:
                return _answer(code, text)
        self.host.sock.settimeout(VERDICT_SECONDS)  # type: ignore[union-attr] # connected since __enter__
        try:
            return _answer(*self.host.data(content))
        except smtplib.SMTPDataError as error:  # it would not even listen
            return _answer(error.smtp_code, error.smtp_error)


class Mail(flask_mail.Mail):
    """Flask-Mail with the connection above."""

    def connect(self) -> Connection:
        """A connection to the configured server, opened by `with`."""
        return Connection(self.state)  # type: ignore[arg-type]


def _over_smtp(recipient: str, content: bytes) -> Answer:
    sender = address(parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1])
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with Mail(app).connect() as connection:
            return connection.deliver(sender, recipient, content)
    except smtplib.SMTPResponseException as error:
        # Refused before the mail was named: a matter of settings, not of this mail. Somebody will mend them.
        return Answer("later", error.smtp_code, _words(error.smtp_error))
    except OSError as error:
        return Answer("later", None, _words(f"{type(error).__name__}: {error}"))


def _answer(code: int, text: bytes | str) -> Answer:
    words = _words(text)
    if 200 <= code < 300:
        return Answer("accepted", code, words)
    if code == 552 or words.startswith(("5.3.4", "5.2.3")):  # RFC 3463: too big for the system, for the mailbox
        return Answer("too big", code, words)
    # 530 asks us to sign in or to use TLS (RFC 4954, 3207): again a matter of settings.
    return Answer("refused" if code >= 500 and code != 530 else "later", code, words)


def _words(text: bytes | str) -> str:
    return header_text(text.decode("utf-8", "replace") if isinstance(text, bytes) else text, limit=LONGEST_REPLY)


def _into_folder(message_id: str, recipient: str, content: bytes) -> Answer:
    """Written under the Message-ID's own part, so that a repeat replaces the file; whole and on disk, or not at all."""
    folder: Path = current_app.config["DATA_DIR"] / "mail"
    folder.mkdir(exist_ok=True)
    path = folder / f"{message_id.strip('<>').partition('@')[0]}.eml"
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        # To and Cc name everybody; this line says whose copy it is.
        file.write(f"Delivered-To: {recipient}\r\n".encode("ascii") + content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _flush_folder(folder)
    return Answer("accepted", None, f"written to mail/{path.name}")


def _flush_folder(folder: Path) -> None:
    """A new name is safe only when its folder is on disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
