"""Removing an application for good, and removing it again after a restore."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import CompoundSelect, Row, delete, func, select, tuple_, union
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import (
    Application,
    ApplicationAccess,
    ApplicationDocument,
    ApplicationFacts,
    DocumentRequest,
    Draft,
    DraftDocument,
    Extension,
    FormerVersion,
    Referee,
)  # fmt: skip
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.audit.rules import ApplicationDeleted, Subject, SubjectKind
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.custody.models import Deletion
from s2group.documents.models import Document
from s2group.documents.services import remove_unnamed
from s2group.extensions import db
from s2group.links.rules import TO_A_DRAFT, Purpose
from s2group.links.services import remove, remove_about
from s2group.mail.models import OutboxMail
from s2group.mail.services import enqueue
from s2group.privacy import deletion_log
from s2group.privacy.deletion_log import Entry

Reason = Literal["retention", "request"]
FAREWELL = "application_deleted"


class UnknownApplicationError(LookupError):
    """There is no application with this reference."""


@dataclass(frozen=True)
class DeletionNotice:
    """To whom a deletion is mailed, and in which language: read before the application is gone."""

    applicant: str
    locale: Locale
    group: tuple[str, ...]
    copies: tuple[str, ...]
    group_locale: Locale
    timezone: str


def delete_application(
    *, reference: str, reason: Reason, actor: User | None, farewell: bool = False, now: datetime
) -> None:
    """Remove an application, its events, its documents, its mail in the outbox, and the files nobody else sent.

    With `farewell` the applicant gets a mail that it is done, and the group one to delete what lies in its mailboxes.

    Keeps a row, an event and a line in the journal, which say that and why. The line is flushed before the commit: a
    deletion that a restore would undo must not happen. A crash in between leaves a line for an application that is
    still there; to delete it again mends that. The files go last: a crash before leaves files that no row names.

    Waits while a backup reads the files. Raises UnknownApplicationError, and OSError where the disk refuses.
    """
    entry = Entry(reference, now.isoformat(), reason, actor.email if actor else None)
    with transaction() as session:
        addressees = _addressees(session, reference)
        digests = _remove_rows(session, reference)
        if addressees is None or digests is None:
            raise UnknownApplicationError(reference)
        _record(session, entry)
        if farewell:
            _notify_of_deletion(session, reference, addressees, now)
        session.flush()
        deletion_log.append([entry])
    remove_unnamed(digests)


def replay_deletions(entries: Iterable[Entry]) -> int:
    """Delete what these entries say, where it is there; how many applications were. A second time changes nothing."""
    return sum(_replay(entry) for entry in entries)


def complete_deletion_log() -> None:
    """Append the deletions that the database knows and the journal does not. Makes the file, if need be.

    Raises JournalError, OSError.
    """
    known = {entry.reference for entry in deletion_log.own_entries()}
    statement = select(Deletion, User.email).outerjoin(User, User.id == Deletion.actor_id).order_by(Deletion.id)
    rows = db.session.execute(statement)
    deletion_log.append(
        Entry(row.reference, row.at.isoformat(), row.reason, email) for row, email in rows if row.reference not in known
    )


def _replay(entry: Entry) -> bool:
    with transaction() as session:
        digests = _remove_rows(session, entry.reference)
        _record(session, entry)
    remove_unnamed(digests or [])
    return digests is not None


def _addressees(session: Session, reference: str) -> DeletionNotice | None:
    application = session.scalar(select(Application).where(Application.reference == reference))
    if application is None:
        return None
    call = application.route.call
    return DeletionNotice(
        applicant=application.email,
        locale=cast("Locale", application.locale),
        group=tuple(call.recipients),
        copies=tuple(call.copies),
        group_locale=cast("Locale", call.mail_locale),
        timezone=call.timezone,
    )


def _notify_of_deletion(session: Session, reference: str, to: DeletionNotice, now: datetime) -> None:
    """Nothing in these mails but the reference says whom they are about."""
    context = {"reference": reference, "at": now, "timezone": to.timezone}
    enqueue(
        session, message=FAREWELL, topic=reference, to=[to.applicant], reply_to=to.group[0], locale=to.locale,
        context=context, now=now,
    )  # fmt: skip
    enqueue(
        session, message="deletion_notice", topic=reference, to=to.group, copies=to.copies, locale=to.group_locale,
        context=context, letterhead=False, now=now,
    )  # fmt: skip


def _remove_rows(session: Session, reference: str) -> list[str] | None:
    """The hashes of the files that the rows named; None where there is no such application."""
    application_id = session.scalar(select(Application.id).where(Application.reference == reference))
    if application_id is None:
        return None
    drafts = select(Draft.id).where(Draft.application_id == application_id)
    of_it = select(Application.route_id, func.lower(Application.email)).where(Application.id == application_id)
    documents = documents_of(session, application_id)
    _remove_links(session, reference, application_id)
    for statement in (
        delete(DraftDocument).where(DraftDocument.draft_id.in_(drafts)),
        *(
            delete(table).where(table.application_id == application_id)
            for table in (
                Draft,
                Referee,
                DocumentRequest,
                FormerVersion,
                ApplicationDocument,
                ApplicationFacts,
                ApplicationAccess,
            )
        ),
        delete(Extension).where(tuple_(Extension.route_id, Extension.email).in_(of_it)),
        delete(Application).where(Application.id == application_id),  # its events and replies go with it
        delete(Document).where(Document.id.in_([document_id for document_id, _ in documents])),
        delete(OutboxMail).where(OutboxMail.topic == reference),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    return [digest for _, digest in documents]


def _remove_links(session: Session, reference: str, application_id: int) -> None:
    """Those to the application, to changes of it that were begun, and to its referees."""
    drafts = select(Draft.key).where(Draft.application_id == application_id)
    referees = session.scalars(select(Referee.id).where(Referee.application_id == application_id))
    remove(session, (Purpose.MANAGE,), [reference])
    remove_about(session, Purpose.ACT_FROM_MAIL, f"{reference}:")
    remove(session, TO_A_DRAFT, drafts)
    remove(session, (Purpose.LETTER,), [str(each) for each in referees])
    asked = session.scalars(select(DocumentRequest.id).where(DocumentRequest.application_id == application_id))
    remove(session, (Purpose.ANSWER,), [str(each) for each in asked])


def documents_of(session: Session, application_id: int) -> Sequence[Row[int, str]]:
    """Id and hash of all documents of an application: of any version, a change to come, letters, replies."""
    drafts = select(Draft.id).where(Draft.application_id == application_id)
    held: CompoundSelect[int] = union(
        select(ApplicationDocument.document_id).where(ApplicationDocument.application_id == application_id),
        select(DraftDocument.document_id).where(DraftDocument.draft_id.in_(drafts)),
        select(Referee.document_id).where(Referee.application_id == application_id),
        select(ReplyDocument.document_id).join(Reply).where(Reply.application_id == application_id),
    )
    return session.execute(select(Document.id, Document.sha256).where(Document.id.in_(held))).all()


def _record(session: Session, entry: Entry) -> None:
    if session.scalar(select(Deletion.id).where(Deletion.reference == entry.reference)):
        return
    # By address, because a restored database may have given the number to somebody else.
    actor_id = session.scalar(select(User.id).where(User.email == entry.actor))
    at = datetime.fromisoformat(entry.at)
    session.add(Deletion(at=at, reference=entry.reference, reason=entry.reason, actor_id=actor_id))
    subject = Subject(SubjectKind.APPLICATION, entry.reference)
    record(session, ApplicationDeleted(entry.reason), about=subject, at=at, actor_id=actor_id)
