"""Letting go of what was kept long enough, call by call, the files of rejected applicants first."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, not_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from s2group.admissions.fulltext.services import forget_documents
from s2group.admissions.models import (
    AdmissionRoute,
    Application,
    ApplicationDocument,
    ApplicationFacts,
    Call,
    Draft,
    Referee,
)  # fmt: skip
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.admissions.rules.states import ENDED, OVER
from s2group.admissions.services import drafts
from s2group.audit.rules import FilesRemoved
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.paging import unindexed
from s2group.custody.models import Deletion
from s2group.documents.models import Document
from s2group.documents.services import remove_unnamed
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.services import forget_expired
from s2group.mail.models import OutboxMail
from s2group.privacy.deletion import UnknownApplicationError, delete_application, documents_of

# How long a mail stays after its draft or its application is gone.
MAIL_PERIOD = timedelta(days=60)
# How many rows are read, or mails forgotten, at a time.
AT_ONCE = 500
DRAFT_TOPIC, ACCOUNT_TOPIC = "draft-", "account-"


class Fate(StrEnum):
    """What becomes of an application whose time is over."""

    FILES = "files"
    WHOLE = "whole"
    # It stays until somebody decides it.
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Kept:
    """An application whose time is over; nothing about a person."""

    reference: str
    state: str
    # The later of the close of its call and its last move, from which the days count.
    since: datetime
    days: int
    fate: Fate

    def __str__(self) -> str:
        if self.fate == Fate.UNDECIDED:
            return f"{self.reference}: undecided since {self.since:%Y-%m-%d}, stays: decide"
        what = "files of" if self.fate == Fate.FILES else "application"
        return f"{what} {self.reference}: {self.state}, kept for {self.days} days since {self.since:%Y-%m-%d}"


# What is told of each application, one after the other: there may be more than fit into memory.
Tell = Callable[[Kept], object]


@dataclass(frozen=True)
class Due:
    """How many are let go of; `undecided` would be if anybody had decided them."""

    files: int
    whole: int
    undecided: int
    drafts: int
    links: int
    mails: int

    def __str__(self) -> str:
        return f"drafts: {self.drafts}, links: {self.links}, mails: {self.mails}"


def due(*, now: datetime, tell: Tell = str) -> Due:
    """What has been kept long enough at `now`. Changes nothing, and holds no more than AT_ONCE rows."""
    applications = _count(_over_at(now), tell)
    return Due(
        **applications,
        drafts=sum(1 for _ in drafts.ended_drafts(now=now)),
        links=db.session.scalar(select(func.count()).where(Link.expires_at <= now)) or 0,
        mails=sum(len(some) for some in _mails_left_over(now)),
    )


def run(*, now: datetime, tell: Tell = str) -> Due:
    """Let go of all that is due; what it was. A second run finds nothing but what is undecided.

    Each application goes in a transaction of its own, and is told when it is gone, so that one which cannot go keeps
    none before it. Files wait while a backup reads them. Raises OSError where the disk refuses.
    """
    # In this order: what goes with a draft or an application is counted as its own before.
    mails, links, ended = _forget_mails(now), forget_expired(now=now), drafts.forget_ended(now=now)
    gone = (kept for kept in _over_at(now) if _let_go(kept, now))
    return Due(**_count(gone, tell), drafts=ended, links=links, mails=mails)


def _count(found: Iterable[Kept], tell: Tell) -> dict[str, int]:
    counts = {str(fate): 0 for fate in Fate}
    for kept in found:
        tell(kept)
        counts[kept.fate] += 1
    return counts


def _let_go(kept: Kept, now: datetime) -> bool:
    """Whether it went as it was found; what is undecided stays, and that is so."""
    if kept.fate == Fate.UNDECIDED:
        return True
    return (_remove_files if kept.fate == Fate.FILES else _delete)(kept.reference, now)


def _over_at(now: datetime) -> Iterator[Kept]:
    """All applications whose time is over: whose files go first, then who goes whole, then whom nobody has decided."""
    periods = _periods()
    over, ended = _over(periods, now, "retention_days"), ApplicationFacts.state.in_(ENDED)
    files_over = and_(_over(periods, now, "files_retention_days"), ApplicationFacts.state.in_(OVER), _has_files())
    yield from _kept(periods, Fate.FILES, and_(files_over, not_(and_(over, ended))))
    yield from _kept(periods, Fate.WHOLE, and_(over, ended))
    yield from _kept(periods, Fate.UNDECIDED, and_(over, not_(ended)))


def _with_call() -> Select[Application]:
    return select(Application).options(joinedload(Application.route).joinedload(AdmissionRoute.call))


def _periods() -> dict[int, Any]:
    """When the call of each route closes, and how long it keeps what, by the route's id."""
    columns = (AdmissionRoute.id, Call.closes_at, Call.retention_days, Call.files_retention_days)
    return {row.id: row for row in db.session.execute(select(*columns).join(AdmissionRoute.call))}


def _over(periods: Mapping[int, Any], now: datetime, period: str) -> ColumnElement[bool]:
    """That the days since the close of the call and the last move are over."""
    ends = {route_id: now - timedelta(days=getattr(row, period)) for route_id, row in periods.items()}
    closed = {
        route_id: end
        for route_id, end in ends.items()
        if (closes_at := periods[route_id].closes_at) is None or closes_at <= end
    }
    of_route = (and_(ApplicationFacts.route_id == key, ApplicationFacts.state_at <= end) for key, end in closed.items())
    return or_(false(), *of_route)


def _has_files() -> ColumnElement[bool]:
    """That the application has any document, a letter, or a reply with a file."""
    facts = ApplicationFacts.application_id
    letter = exists().where(Referee.application_id == facts, Referee.document_id.is_not(None))
    reply = exists().where(Reply.application_id == facts, ReplyDocument.reply_id == Reply.id)
    return or_(exists().where(ApplicationDocument.application_id == facts), letter, reply)


def _kept(periods: Mapping[int, Any], fate: Fate, which: ColumnElement[bool]) -> Iterator[Kept]:
    """The applications whose facts say so, in their order, AT_ONCE read at a time."""
    period = "files_retention_days" if fate == Fate.FILES else "retention_days"
    facts = ApplicationFacts.application_id
    columns = (
        facts,
        ApplicationFacts.route_id,
        ApplicationFacts.state,
        ApplicationFacts.state_at,
        Application.reference,
    )
    # In the order of their keys: else each of the batches would look up all of them, and sort them.
    statement = select(*columns).join(ApplicationFacts.application).where(unindexed(which))
    statement = statement.order_by(facts).limit(AT_ONCE)
    last = 0
    while some := db.session.execute(statement.where(facts > last)).all():
        for row in some:
            call = periods[row.route_id]
            since = max(row.state_at, call.closes_at or row.state_at)
            yield Kept(row.reference, row.state, since, getattr(call, period), fate)
        last = some[-1].application_id


def _since(application: Application) -> datetime:
    closes_at = application.route.call.closes_at
    return max(application.state_at, closes_at) if closes_at else application.state_at


def _is_over(application: Application, now: datetime) -> bool:
    return _since(application) + timedelta(days=application.route.call.retention_days) <= now


def _goes(application: Application, now: datetime) -> bool:
    return application.state in ENDED and _is_over(application, now)


def _are_files_over(application: Application, now: datetime) -> bool:
    period = timedelta(days=application.route.call.files_retention_days)
    return application.state in OVER and _since(application) + period <= now


def _remove_files(reference: str, now: datetime) -> bool:
    """Remove all files of an application, and a change of it that was begun; False where it moved meanwhile."""
    with transaction() as session:
        application = _held(session, reference)
        if application is None or not _are_files_over(application, now):
            return False
        documents = documents_of(session, application.id)
        for draft_id in session.scalars(select(Draft.id).where(Draft.application_id == application.id)).all():
            drafts.forget(session, draft_id)
        _forget_documents(session, application, [document_id for document_id, _ in documents])
        forget_documents(session, application.id)
        application.files_removed_at = now
        record(session, FilesRemoved(len(documents)), about=application.subject, at=now)
    remove_unnamed(digest for _, digest in documents)
    return True


def _forget_documents(session: Session, application: Application, ids: Sequence[int]) -> None:
    for statement in (
        delete(ApplicationDocument).where(ApplicationDocument.application_id == application.id),
        update(Referee).where(Referee.application_id == application.id).values(document_id=None),
        delete(ReplyDocument).where(ReplyDocument.document_id.in_(ids)),
        delete(Document).where(Document.id.in_(ids)),
        # Sent long ago: what they say stays, to be deleted with the application.
        update(OutboxMail).where(OutboxMail.topic == application.reference).values(attachments=[]),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def _delete(reference: str, now: datetime) -> bool:
    """Delete an application for good; False where it moved or went meanwhile."""
    application = db.session.scalar(_found(reference))
    if application is None or not _goes(application, now):
        return False
    try:
        delete_application(reference=reference, reason="retention", actor=None, now=now)
    except UnknownApplicationError:
        return False
    return True


def _held(session: Session, reference: str) -> Application | None:
    """The application as it is now, kept so until the end of the transaction."""
    return session.scalar(_found(reference).with_for_update(of=Application))


def _found(reference: str) -> Select[Application]:
    found = _with_call().where(Application.reference == reference)
    return found.execution_options(populate_existing=True)


def _mails_left_over(now: datetime) -> Iterator[list[int]]:
    """The ids of the older mails that signed somebody in, or about drafts and applications that are gone or go now.

    Some at a time, each time read anew.
    """
    of_none = [OutboxMail.topic.startswith(prefix) for prefix in (DRAFT_TOPIC, ACCOUNT_TOPIC)]
    of_the_gone = OutboxMail.topic.in_(select(Deletion.reference))
    older = select(OutboxMail.id, OutboxMail.topic).where(
        or_(*of_none, of_the_gone), OutboxMail.created_at <= now - MAIL_PERIOD
    )
    last = 0
    while some := db.session.execute(older.where(OutboxMail.id > last).order_by(OutboxMail.id).limit(AT_ONCE)).all():
        left = drafts.lasting(_drafts_among(topic for _, topic in some), now=now)
        kept = {drafts.topic_of(draft_id) for draft_id in left}
        yield [mail_id for mail_id, topic in some if topic not in kept]
        last = some[-1].id


def _drafts_among(topics: Iterable[str]) -> list[int]:
    """The ids of the drafts that these topics are about, whether they are there or not."""
    return [int(topic.removeprefix(DRAFT_TOPIC)) for topic in topics if topic.startswith(DRAFT_TOPIC)]


def _forget_mails(now: datetime) -> int:
    count = 0
    for left_over in _mails_left_over(now):
        with transaction() as session:
            session.execute(delete(OutboxMail).where(OutboxMail.id.in_(left_over)))
        count += len(left_over)
    return count
