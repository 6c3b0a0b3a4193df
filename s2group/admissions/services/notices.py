"""Mail about an application after it was sent: each function writes it within the caller's transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from s2group.admissions.document_kinds import document_label, file_name, in_order
from s2group.admissions.models import Application, ApplicationDocument
from s2group.admissions.rules.states import State
from s2group.admissions.summary import summarise
from s2group.core.database import transaction
from s2group.core.i18n import public_url
from s2group.core.localized import Locale
from s2group.documents.models import Document
from s2group.documents.rules import extension
from s2group.links.rules import Purpose
from s2group.links.services import issue
from s2group.mail.headers import attachment_title
from s2group.mail.queries import room_at
from s2group.mail.services import Attachment, enqueue, rendered

MANAGE_LINK = "manage_link"
# How many links to one application go to one address in a day.
LINKS_A_DAY = 5


@dataclass(frozen=True)
class SentFile:
    """A file as a mail speaks of it."""

    label: str
    name: str
    # For mail programs that know no other letters.
    ascii_name: str
    document: Document


def notify_group(
    session: Session,
    *,
    message: str,
    application: Application,
    files: Iterable[ApplicationDocument] = (),
    personal: Callable[[str], dict[str, Any]] | None = None,
    now: datetime,
    **context: Any,
) -> None:
    """Write to everybody who receives the applications of the call, `files` attached; a reply goes to the applicant.

    `personal` gives for a recipient what stands in their mail alone.
    """
    call = application.route.call
    locale = cast("Locale", call.mail_locale)
    sent = [_sent(entry, application, locale) for entry in in_order(files)]
    enqueue(
        session,
        message=message,
        topic=application.reference,
        to=call.recipients,
        copies=call.copies,
        reply_to=application.email,
        locale=locale,
        context={
            "application": application,
            "call": call,
            "files": sent,
            "summary": summarise(application, locale),
            **context,
        },
        personal=personal,
        attachments=[Attachment(file.document.sha256, file.ascii_name, file.name) for file in sent],
        letterhead=False,
        now=now,
    )


def notify_applicant(
    session: Session,
    *,
    message: str,
    application: Application,
    to: str | None = None,
    attachments: Sequence[Attachment] = (),
    not_before: datetime | None = None,
    now: datetime,
    **context: Any,
) -> None:
    """Write to the applicant in their language, at the address of the application unless `to` names a former one.

    The mail waits for `not_before`.
    """
    enqueue(
        session,
        message=message,
        topic=application.reference,
        to=[to or application.email],
        reply_to=application.route.call.recipients[0],
        locale=cast("Locale", application.locale),
        context={"application": application, "call": application.route.call, **context},
        attachments=attachments,
        not_before=not_before,
        now=now,
    )


def tell_of_unreadable(session: Session, *, application: Application, document: Document, now: datetime) -> None:
    """Write to applicant and group which files cannot be opened, once each of them was looked into.

    `document` is what was looked into last. Nothing is written where it is none of the newest version, another one is
    still to be looked into, all can be opened, or the application is withdrawn.
    """
    files = application.documents
    documents = [entry.document for entry in files]
    unreadable = [entry for entry in files if entry.document.fault]
    if document not in documents or any(each.is_waiting for each in documents):
        return
    if unreadable and application.state != State.WITHDRAWN:
        about: dict[str, Any] = {"application": application, "unreadable": unreadable, "now": now}
        notify_applicant(session, message="file_unreadable", **about)
        notify_group(session, message="file_unreadable_notice", **about)


@dataclass(frozen=True)
class Preview:
    """A mail to an applicant before it is written: whom it goes to, who gets the reply, and what it says."""

    to: str
    reply_to: str
    subject: str
    text: str


def preview(*, message: str, application: Application, **context: Any) -> Preview:
    """What notify_applicant would write."""
    call, locale = application.route.call, cast("Locale", application.locale)
    every = {"application": application, "call": call, "letterhead": True, **context}
    subject, text, _ = rendered(message, locale, every)
    return Preview(application.email, call.recipients[0], subject, text)


def manage_link_at(application: Application, *, now: datetime) -> datetime:
    """When the next link to the application may be mailed: now, or once its address has room for another one."""
    return room_at(MANAGE_LINK, application.email, a_day=LINKS_A_DAY, now=now)


def mail_manage_link(*, application: Application, now: datetime) -> bool:
    """Mail the applicant a link with which they can change the application; False where the address has no room."""
    if manage_link_at(application, now=now) > now:
        return False
    with transaction() as session:
        link = manage_link(session, application, now)
        notify_applicant(session, message=MANAGE_LINK, application=application, now=now, link=link)
    return True


def manage_link(session: Session, application: Application, now: datetime) -> str:
    """The address of a page where the application can be changed, for a mail to the applicant alone."""
    token = issue(session, purpose=Purpose.MANAGE, subject=application.reference, now=now)
    return public_url("apply.use_link", locale=cast("Locale", application.locale), token=token)


def _sent(entry: ApplicationDocument, application: Application, locale: Locale) -> SentFile:
    """Named 推免硕士-测试甲-某大学-简历.pdf; files that came with a later version tell which."""
    version = f"v{entry.since}" if entry.since > 1 else ""
    route, media_type = application.route, entry.document.media_type
    label = document_label(entry.kind, route, locale)
    university = str(application.answers.get("university") or "")
    told = [route.subject_label.in_locale(locale)[0], application.name, university, label, version]
    return SentFile(
        label=label,
        name=attachment_title(told, extension(media_type)),
        ascii_name=file_name("-".join(filter(None, [entry.kind, version])), application.reference, media_type),
        document=entry.document,
    )
