"""Talking to the mail server step by step, to tell an operator how far it goes; the outbox knows nothing of it."""

import smtplib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Literal

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from s2group.core.i18n import in_language
from s2group.mail.composing import compose
from s2group.mail.folder import Folder
from s2group.mail.headers import address
from s2group.mail.models import OutboxMail
from s2group.mail.replies import words
from s2group.mail.services import new_message_id
from s2group.mail.transports import Connection, Mail, OpeningStep

Step = OpeningStep | Literal["sender", "recipient", "message", "file"]


# What an operator can do about a step that was not accepted.
ADVICE: dict[Step, str] = {
    "connect": "compare MAIL_SERVER and MAIL_PORT with what the relay's owner says; a firewall may be in the way",
    "STARTTLS": "MAIL_SERVER must be the name in the relay's certificate; port 465 speaks TLS without being asked",
    "sign in": "correct MAIL_USERNAME and MAIL_PASSWORD; 163, QQ and many campus servers want an authorization code "
    "(授权码) in place of the password",
    "sender": "the relay does not let this account send as MAIL_DEFAULT_SENDER: use the account's own address, or ask",
    "recipient": "the relay does not take mail for this address: try another, then ask the relay's owner",
    "message": "the relay's words tell why; its owner can say more",
}


@dataclass(frozen=True)
class Answer:
    """What came of a step: whether it was accepted, refused by the server, or failed before the server said a word."""

    step: Step
    outcome: Literal["accepted", "refused", "failed"]
    said: str


def try_server() -> list[Answer]:
    """Connect, secure and sign in as the settings say, and hang up; no mail is sent. Nothing where there is none."""
    if not current_app.config["MAIL_SERVER"]:
        return []
    connection = _connection()
    answers = list(_answers(connection, connection.steps()))
    _hang_up(connection)
    return answers


def send_trial(recipient: str, *, now: datetime) -> Iterator[Answer]:
    """Send one mail that says it is a test: each step's answer as it comes, and none after the first that fails.

    Without a mail server it becomes a file. Raises UnfitForHeaderError where `recipient` is no address.
    """
    mail = _trial_mail(address(recipient), now=now)
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    content = compose(mail, sender=sender, read_attachment=lambda _sha256: b"")
    if not current_app.config["MAIL_SERVER"]:
        folder = Folder(current_app.config["DATA_DIR"] / "mail")
        answer = folder.hand_over(message_id=mail.message_id, recipient=mail.recipient, content=content)
        yield Answer("file", "accepted", answer.text)
        return
    connection = _connection()
    try:
        steps = _conversation(connection, address(parseaddr(sender)[1]), mail.recipient, content)
        yield from _answers(connection, steps)
    finally:
        _hang_up(connection)


def _conversation(
    connection: Connection, sender: str, recipient: str, content: bytes
) -> list[tuple[Step, Callable[[], tuple[int, bytes] | None]]]:
    return [
        *connection.steps(),
        ("sender", lambda: _named_sender(connection, sender)),
        ("recipient", lambda: connection.host.rcpt(recipient)),
        ("message", lambda: connection.say_all(content)),
    ]


def _named_sender(connection: Connection, sender: str) -> tuple[int, bytes]:
    connection.host.ehlo_or_helo_if_needed()
    return connection.host.mail(sender)


def _answers(
    connection: Connection, steps: Iterable[tuple[Step, Callable[[], tuple[int, bytes] | None]]]
) -> Iterator[Answer]:
    """Each step until one fails."""
    for step, take in steps:
        answer = _taken(connection, step, take)
        yield answer
        if answer.outcome != "accepted":
            return


def _taken(connection: Connection, step: Step, take: Callable[[], tuple[int, bytes] | None]) -> Answer:
    try:
        code, said = take() or connection.host.heard
    except smtplib.SMTPResponseException as error:
        return Answer(step, "refused", f"{error.smtp_code} {words(error.smtp_error)}")
    except OSError as error:
        return Answer(step, "failed", words(f"{type(error).__name__}: {error}"))
    return Answer(step, "accepted" if 200 <= code < 300 else "refused", f"{code} {words(said)}")


def _connection() -> Connection:
    return Mail(current_app._get_current_object()).connect()  # type: ignore[attr-defined]


def _hang_up(connection: Connection) -> None:
    if connection.host:
        connection.close()


def _trial_mail(recipient: str, *, now: datetime) -> OutboxMail:
    """Never in the outbox: it proves the way, and nobody waits for it."""
    portal = current_app.config["PUBLIC_URL"]
    said = []
    for locale in ("zh", "en"):
        with in_language(locale):
            subject = gettext("Test message of the portal")
            text = gettext(
                "The operator of %(portal)s sent this to see whether mail arrives. Delete it.", portal=portal
            )
            said.append((subject, text))
    return OutboxMail(
        message_id=new_message_id(),
        message="mail_test",
        locale="zh",
        recipient=recipient,
        to=[recipient],
        copies=[],
        attachments=[],
        subject=" · ".join(subject for subject, _text in said),
        text="\n\n".join(text for _subject, text in said) + "\n",
        html="".join(Markup("<p>{}</p>\n").format(text) for _subject, text in said),
        created_at=now,
    )
