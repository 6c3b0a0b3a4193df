"""The delivery status of an application: for its readers in full, for the applicant without names and addresses."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from s2group.admissions.document_kinds import in_order
from s2group.admissions.models import Application
from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.custody.rules import DeliveryStep, Facts, FirstLook, GroupMail, StoredFile, delivery_steps, for_applicant
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.server_state import is_held

MESSAGES_TO_THE_GROUP = ("application_received", "application_changed", "document_sent", "answer_given")


def delivery_status(
    application: Application, mails: Sequence[OutboxMail], readers: Mapping[int | None, str], *, held: bool
) -> tuple[DeliveryStep, ...]:
    """For the staff. `mails` are all mails about the application; its documents and events should be loaded.

    `readers` names whoever looked by their ids, `held` is whether the outbox waits for the mail server.
    """
    looks = [FirstLook(look.at, readers.get(look.actor_id, "")) for look in _first_looks(application)]
    return delivery_steps(_facts(application, mails, looks, held=held))


def applicants_delivery_status(application: Application, mails: Sequence[OutboxMail]) -> tuple[DeliveryStep, ...]:
    """For the applicant. Never asks who the readers are."""
    looks = [FirstLook(look.at) for look in _first_looks(application)]
    waits = any(mail.state == "waiting" and _delivers(mail, application) for mail in mails)
    held = waits and is_held(db.session())
    return delivery_steps(for_applicant(_facts(application, mails, looks, held=held)))


def _facts(application: Application, mails: Iterable[OutboxMail], looks: Sequence[FirstLook], *, held: bool) -> Facts:
    documents = [(entry.kind, entry.document) for entry in in_order(application.documents)]
    delivering = [mail for mail in mails if _delivers(mail, application)]
    return Facts(
        submitted_at=_came_at(application),
        files_removed_at=application.files_removed_at,
        files=[
            StoredFile(kind, document.sha256, document.verified_at, document.damaged_at) for kind, document in documents
        ],
        mails=[_group_mail(mail, held=held) for mail in delivering],
        looks=looks,
    )


def _group_mail(mail: OutboxMail, *, held: bool) -> GroupMail:
    return GroupMail(
        progress=mail.state,
        attempts=mail.attempts,
        accepted_at=mail.accepted_at,
        next_attempt_at=mail.next_attempt_at,
        written_at=mail.written_at,
        waits_for_server=held and mail.state == "waiting",
        recipient=mail.recipient,
        reply=f"{mail.reply_code or ''} {mail.reply_text or ''}".strip(),
    )


def _came_at(application: Application) -> datetime:
    """When its newest version came."""
    return application.changed_at or application.submitted_at


def _delivers(mail: OutboxMail, application: Application) -> bool:
    """Whether the mail takes something to the group that still counts: the newest version, or a file that it keeps."""
    files = {entry.document.sha256 for entry in application.documents}
    is_newest = mail.created_at >= _came_at(application)
    return mail.message in MESSAGES_TO_THE_GROUP and (
        is_newest or any(attachment["sha256"] in files for attachment in mail.attachments)
    )


def _first_looks(application: Application) -> list[Event]:
    """Each reader's first look at the newest version; the events are in order, and hold one for each."""
    came_at = _came_at(application)
    return [event for event in application.events if event.kind == Kind.OPENED and event.at >= came_at]
