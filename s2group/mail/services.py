"""Putting mail into the outbox."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from s2group.core.i18n import in_language
from s2group.core.localized import Locale
from s2group.mail.headers import address, attachment_name, body_text, checked_title, header_text
from s2group.mail.models import OutboxMail
from s2group.mail.queries import free_at
from s2group.mail.rules import TO_A_TYPED_ADDRESS, UNSENT

_REPLACES = OutboxMail.id.in_(select(OutboxMail.replaced_by_id).where(OutboxMail.replaced_by_id.is_not(None)))


@dataclass(frozen=True)
class Attachment:
    """A stored file that goes with a mail, under a name of ours such as `resume-7K3M-Q0ZT.pdf`.

    `title` is the name that people see where their mail program knows more than ASCII (attachment_title makes it).
    Raises UnfitForHeaderError for any other kind of name or title.
    """

    sha256: str
    name: str
    title: str = ""

    def __post_init__(self) -> None:
        attachment_name(self.name)
        if self.title:
            checked_title(self.title)


def enqueue(
    session: Session,
    *,
    message: str,
    topic: str,
    to: Sequence[str],
    copies: Sequence[str] = (),
    reply_to: str | None = None,
    locale: Locale,
    context: dict[str, Any],
    personal: Callable[[str], dict[str, Any]] | None = None,
    attachments: Sequence[Attachment] = (),
    calendar: str | None = None,
    letterhead: bool = True,
    not_before: datetime | None = None,
    now: datetime,
) -> list[OutboxMail]:
    """Write one outbox row for each recipient of a message, within the caller's transaction.

    The words come from templates/mail/<message>/{subject.txt,body.txt,body.html}, rendered in `locale` with `context`
    and `locale` itself, inside templates/mail/layout.{txt,html}. With `letterhead` they begin with the names of the
    group and its institution, for whoever does not know the portal. `topic` is what the mail is about: an application's
    reference. `personal` gives for a recipient what stands in their mail alone. An address named twice gets one mail.
    `calendar` is the text of a calendar file with a METHOD. Raises ValueError without a recipient, and
    UnfitForHeaderError (a ValueError) for an address that is no plain one. Nothing is sent here: the worker does that
    once the caller has committed.

    Where a visitor can have the mail sent to any address, it waits until the address has room for another one; and
    any mail waits for `not_before`.
    """
    shown_to, shown_copies = [address(each) for each in to], [address(each) for each in copies]
    if not shown_to:
        raise ValueError("a mail needs somebody to go to")
    every = {**context, "letterhead": letterhead}
    same = rendered(message, locale, every) if personal is None else None
    mails = [
        OutboxMail(
            message_id=new_message_id(),
            message=message,
            topic=topic,
            recipient=recipient,
            to=shown_to,
            copies=shown_copies,
            reply_to=address(reply_to) if reply_to else None,
            locale=locale,
            subject=subject,
            text=text,
            html=html,
            attachments=[asdict(attachment) for attachment in attachments],
            calendar=calendar,
            state="waiting",
            attempts=0,
            created_at=now,
            retry_since=send_at,
            next_attempt_at=send_at,
        )
        for recipient in _once_each(shown_to + shown_copies)
        for subject, text, html in [same or rendered(message, locale, every | _of(recipient, personal))]
        for free in [free_at(recipient, now=now) if message in TO_A_TYPED_ADDRESS else now]
        for send_at in [max(free, not_before or now)]
    ]
    session.add_all(mails)
    session.flush()
    return mails


def _of(recipient: str, personal: Callable[[str], dict[str, Any]] | None) -> dict[str, Any]:
    return personal(recipient) if personal else {}


def take_back(
    session: Session,
    *,
    topic: str,
    messages: Sequence[str],
    recipient: str | None = None,
    written_at: datetime | None = None,
) -> None:
    """Remove the mails of these kinds about `topic` that no server has accepted, within the caller's transaction.

    With `recipient` only those to this address; capitals make no other one. With `written_at` only those of that
    moment. What a worker is sending at this moment is sent, and so is what a person has sent in place of another mail.
    """
    unsent = [OutboxMail.topic == topic, OutboxMail.message.in_(messages), OutboxMail.state.in_(UNSENT), ~_REPLACES]
    if recipient is not None:
        unsent.append(OutboxMail.recipient_key == recipient.lower())
    if written_at is not None:
        unsent.append(OutboxMail.created_at == written_at)
    session.execute(delete(OutboxMail).where(*unsent), execution_options={"synchronize_session": False})


def rendered(message: str, locale: Locale, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a message, as enqueue writes them; `context` tells of the letterhead as well."""
    with in_language(locale):
        subject, text, html = (
            render_template(f"mail/{message}/{part}", locale=locale, **context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        facts = {"locale": locale, "letterhead": context["letterhead"], "subject": header_text(subject)}
        text = render_template("mail/layout.txt", body=text, **facts)
        html = render_template("mail/layout.html", body=html, **facts)
    return facts["subject"], body_text(text), body_text(html)


def _once_each(addresses: list[str]) -> list[str]:
    """Every address once, in order; capitals make no other address."""
    found: dict[str, str] = {}
    for each in addresses:
        found.setdefault(each.lower(), each)
    return list(found.values())


def new_message_id() -> str:
    """A Message-ID that nobody can guess: 128 random bits at the portal's host."""
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    return f"<{secrets.token_hex(16)}@{host.encode('idna').decode('ascii')}>"
