"""What is there and how it is, for those who watch: each function one statement or a few, none of which grows long."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from s2group.admissions.models import (
    Application,
    ApplicationDocument,
    Call,
    DraftDocument,
    FormerVersion,
    Referee,
)
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.admissions.template_files.models import TemplateFile
from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.content.stored_files.models import ContentFile
from s2group.core.localized import Locale
from s2group.custody.models import Deletion
from s2group.documents.inspection import NOT_MACHINE_CHECKED
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.jobs.models import JobRun
from s2group.jobs.queries import last_runs
from s2group.mail.models import OutboxMail
from s2group.mail.rules import PRIVATE_MESSAGES, UNDER_WAY

UNSENT = (*UNDER_WAY, "stuck")
TOPICS_AT_ONCE = 500
DOCUMENTS_AT_ONCE = 500


def sizes_by_hash(prefix: str) -> tuple[dict[str, set[int]], set[str]]:
    """The hashes that begin with these two digits, with the size that their rows tell.

    And those among them whose verification has found the file damaged.
    """
    bounds = Document.sha256.between(prefix.ljust(64, "0"), prefix.ljust(64, "f"))
    sizes, damaged = defaultdict(set), set()
    for sha256, size, damaged_at in db.session.execute(
        select(Document.sha256, Document.size, Document.damaged_at).where(bounds)
    ):
        sizes[sha256].add(size)
        if damaged_at:
            damaged.add(sha256)
    return sizes, damaged


def applications_with_file(sha256: str) -> Sequence[str]:
    """The references of the applications that hold this file, in any version, as a letter, or with a reply."""
    document = select(Document.id).where(Document.sha256 == sha256)
    held = union(
        *(
            select(holder.application_id).where(holder.document_id.in_(document))
            for holder in (ApplicationDocument, Referee)
        ),
        select(Reply.application_id).join(Reply.files).where(ReplyDocument.document_id.in_(document)),
    )
    statement = select(Application.reference).where(Application.id.in_(held)).order_by(Application.id)
    return db.session.scalars(statement).all()


def content_files_with(sha256: str) -> Sequence[str]:
    """The paths of the content files that are this file."""
    statement = select(ContentFile.path).join(Document, Document.id == ContentFile.document_id)
    return db.session.scalars(statement.where(Document.sha256 == sha256).order_by(ContentFile.path)).all()


def incomplete_applications() -> dict[str, Select[str]]:
    """What an application may lack or have too much of, and the statement that gives the references.

    One statement each, so that nothing can be half there because it was written or removed in between.
    """
    resume = exists().where(
        ApplicationDocument.application_id == Application.id,
        ApplicationDocument.kind == "resume",
        ApplicationDocument.until.is_(None),
    )
    submitted = exists().where(Event.application_id == Application.id, Event.kind == Kind.SUBMITTED)
    about_it = OutboxMail.topic == Application.reference
    received = exists().where(about_it, OutboxMail.message == "application_received")
    # One that was sent to another address instead is followed by that other one.
    confirmation = and_(about_it, OutboxMail.message == "application_confirmation", OutboxMail.state != "replaced")
    confirmations = select(func.count()).select_from(OutboxMail).where(confirmation).scalar_subquery()
    versions = select(func.count()).select_from(FormerVersion).where(FormerVersion.application_id == Application.id)
    told = exists().where(about_it, OutboxMail.message == "application_changed")
    return {
        "application without a résumé": _references(and_(~resume, Application.files_removed_at.is_(None))),
        "application without one of its versions": _references(Application.version != versions.scalar_subquery() + 1),
        "changed application without a mail to the group": _references(and_(Application.version > 1, ~told)),
        "application without the event 'submitted'": _references(~submitted),
        "application without a mail to the group": _references(~received),
        "application without its one confirmation": _references(confirmations != 1),
        "application that was recorded as deleted": _references(Application.reference.in_(select(Deletion.reference))),
        "mail about an application that is not there": select(OutboxMail.topic)
        .distinct()
        .where(
            OutboxMail.message.in_(("application_received", "application_confirmation")),
            ~exists().where(Application.reference == OutboxMail.topic),
        ),
    }


def _references(condition: ColumnElement[bool]) -> Select[str]:
    return select(Application.reference).where(condition).order_by(Application.id)


def mail_by_topic() -> Iterator[list[Row[Any]]]:
    """All mail, some hundred topics at a time, without what it says."""
    columns = (
        OutboxMail.id, OutboxMail.topic, OutboxMail.message, OutboxMail.recipient, OutboxMail.to, OutboxMail.copies,
        OutboxMail.attachments,
    )  # fmt: skip
    last = ""
    while True:
        topics = select(OutboxMail.topic).distinct().where(OutboxMail.topic > last).order_by(OutboxMail.topic)
        some = db.session.scalars(topics.limit(TOPICS_AT_ONCE)).all()
        if not some:
            return
        yield list(db.session.execute(select(*columns).where(OutboxMail.topic.between(some[0], some[-1]))))
        last = some[-1]


def mail_exists(mail_id: int) -> bool:
    """Whether the mail is still there."""
    return bool(db.session.scalar(select(exists().where(OutboxMail.id == mail_id))))


def abandoned_documents(before: datetime) -> Iterator[Row[int, str]]:
    """Id and hash of what was uploaded before that moment with a form that never became an application.

    DOCUMENTS_AT_ONCE are read at a time; whoever takes them may remove them meanwhile.
    """
    unused = [
        ~exists().where(holder.document_id == Document.id)
        for holder in (ApplicationDocument, DraftDocument, Referee, ReplyDocument, TemplateFile, ContentFile)
    ]
    statement = select(Document.id, Document.sha256).where(Document.stored_at < before, *unused).order_by(Document.id)
    last = 0
    while some := db.session.execute(statement.where(Document.id > last).limit(DOCUMENTS_AT_ONCE)).all():
        last = some[-1].id
        yield from some


def uninspected_documents(
    *, pauses: Mapping[int, timedelta], now: datetime, limit: int
) -> Sequence[Row[int, str, int]]:
    """Id, hash and number of inspections of documents that no machine could look through, each after its pause."""
    over = [and_(Document.inspections == tries, Document.stored_at <= now - pause) for tries, pause in pauses.items()]
    statement = select(Document.id, Document.sha256, Document.inspections).where(
        Document.inspection == NOT_MACHINE_CHECKED, or_(*over)
    )
    return db.session.execute(statement.order_by(Document.id).limit(limit)).all()


def lost_files() -> int:
    """How many stored files were found missing, unreadable or with other bytes, and not whole again since."""
    # For SQLite an index is of use for a comparison, and not for "is not null".
    damaged = Document.damaged_at > datetime.min.replace(tzinfo=UTC)
    lost = select(func.count(Document.sha256.distinct())).where(damaged)
    return db.session.scalar(lost) or 0


def oldest_unsent(now: datetime) -> timedelta | None:
    """How long the oldest mail has waited that no mail server has accepted; None where there is none.

    What was given up of the mail about drafts is not counted: nobody may look at it. Nor is what is to go out later.
    """
    given_up = and_(OutboxMail.state == "stuck", OutboxMail.message.in_(PRIVATE_MESSAGES))
    due = OutboxMail.retry_since <= now
    unsent = select(func.min(OutboxMail.created_at)).where(OutboxMail.state.in_(UNSENT), ~given_up, due)
    created_at = db.session.scalar(unsent)
    return None if created_at is None else now - created_at


def mail_locale() -> Locale:
    """The language in which the group gets most of its mail; Chinese where no call says."""
    by_use = select(Call.mail_locale).group_by(Call.mail_locale).order_by(func.count().desc(), Call.mail_locale)
    return cast("Locale", db.session.scalar(by_use.limit(1)) or "zh")


@dataclass(frozen=True)
class Figures:
    """The portal in numbers: how many of each kind, and since when the oldest waits."""

    applications: int
    newest_application: datetime | None
    mails: dict[str, int]
    oldest_unsent: timedelta | None
    documents: dict[str, int]
    oldest_uninspected: datetime | None
    lost_files: int
    jobs: Sequence[JobRun]


def figures(now: datetime) -> Figures:
    """Count everything."""
    uninspected = Document.inspection == NOT_MACHINE_CHECKED
    return Figures(
        applications=db.session.scalar(select(func.count()).select_from(Application)) or 0,
        newest_application=db.session.scalar(select(func.max(Application.submitted_at))),
        mails=_count_by(OutboxMail.state),
        oldest_unsent=oldest_unsent(now),
        documents=_count_by(Document.inspection),
        oldest_uninspected=db.session.scalar(select(func.min(Document.stored_at)).where(uninspected)),
        lost_files=lost_files(),
        jobs=last_runs(),
    )


def _count_by(column: InstrumentedAttribute[str]) -> dict[str, int]:
    counts = select(column, func.count()).group_by(column)
    return dict(db.session.execute(counts).all())
