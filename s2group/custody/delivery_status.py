"""The delivery status of an application: for its readers in full, for the applicant without names and addresses."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from s2group.admissions.document_kinds import in_order
from s2group.admissions.models import Application, HistoryEntry
from s2group.custody.rules import DeliveryStep, Facts, FirstLook, GroupMail, StoredFile, delivery_steps, for_applicant
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.server_state import is_held

MESSAGES_TO_THE_GROUP = ("application_received", "application_changed", "document_sent")
OPENED = "opened"


def delivery_status(application: Application, mails: Sequence[OutboxMail]) -> tuple[DeliveryStep, ...]:
    """For the staff. `mails` are all mails about the application; its documents and history should be loaded."""
    looks = [FirstLook(entry.at, entry.actor.email if entry.actor else "") for entry in _first_looks(application)]
    return delivery_steps(_facts(application, mails, looks))


def applicants_delivery_status(application: Application, mails: Sequence[OutboxMail]) -> tuple[DeliveryStep, ...]:
    """For the applicant. Never asks who the readers are."""
    looks = [FirstLook(entry.at) for entry in _first_looks(application)]
    return delivery_steps(for_applicant(_facts(application, mails, looks)))


def _facts(application: Application, mails: Iterable[OutboxMail], looks: Sequence[FirstLook]) -> Facts:
    documents = [(entry.kind, entry.document) for entry in in_order(application.documents)]
    delivering = [mail for mail in mails if _delivers(mail, application)]
    held = any(mail.state == "waiting" for mail in delivering) and is_held(db.session())
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


def _first_looks(application: Application) -> list[HistoryEntry]:
    """Each reader's first look at the newest version; the history is in order, and holds one for each."""
    return [entry for entry in application.history if entry.event == OPENED and entry.at >= _came_at(application)]
