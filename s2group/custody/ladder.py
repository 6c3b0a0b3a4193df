"""The custody ladder of an application: for its readers in full, for the applicant without names and addresses."""

from collections.abc import Iterable, Sequence

from s2group.admissions.models import Application, HistoryEntry
from s2group.custody.rungs import Facts, FirstLook, GroupMail, Rung, StoredFile, climb, for_applicant
from s2group.mail.models import OutboxMail

MESSAGE_TO_THE_GROUP = "application_received"
OPENED = "opened"


def full_ladder(application: Application, mails: Sequence[OutboxMail]) -> tuple[Rung, ...]:
    """For the staff. `mails` are all mails about the application; its documents and history should be loaded."""
    looks = [FirstLook(entry.at, entry.actor.email if entry.actor else "") for entry in _first_looks(application)]
    return climb(_facts(application, mails, looks))


def applicants_ladder(application: Application, mails: Sequence[OutboxMail]) -> tuple[Rung, ...]:
    """For the applicant. Never asks who the readers are."""
    looks = [FirstLook(entry.at) for entry in _first_looks(application)]
    return climb(for_applicant(_facts(application, mails, looks)))


def _facts(application: Application, mails: Iterable[OutboxMail], looks: Sequence[FirstLook]) -> Facts:
    documents = [(entry.kind, entry.document) for entry in application.documents]
    return Facts(
        submitted_at=application.submitted_at,
        files=[
            StoredFile(kind, document.sha256, document.verified_at, document.damaged_at)
            for kind, document in sorted(documents, key=lambda pair: pair[0])
        ],
        mails=[_group_mail(mail) for mail in mails if mail.message == MESSAGE_TO_THE_GROUP],
        looks=looks,
    )


def _group_mail(mail: OutboxMail) -> GroupMail:
    return GroupMail(
        progress=mail.state,
        attempts=mail.attempts,
        accepted_at=mail.accepted_at,
        next_attempt_at=mail.next_attempt_at,
        recipient=mail.recipient,
        reply=f"{mail.reply_code or ''} {mail.reply_text or ''}".strip(),
    )


def _first_looks(application: Application) -> list[HistoryEntry]:
    """The first look of each reader; the history is in order, and holds one for each."""
    return [entry for entry in application.history if entry.event == OPENED]
