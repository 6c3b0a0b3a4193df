"""Changing a record: every change is a revision, and nobody's work is undone unseen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from s2group.audit.rules import RecordChanged, Subject, SubjectKind
from s2group.audit.services import record
from s2group.content.records.addresses import forget_addresses, lead_on, use_again
from s2group.content.records.fields import Known
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.models import Revision


@dataclass(frozen=True)
class Head:
    """The newest revision of a record: its number, and whether the files have said the same."""

    number: int
    in_files: bool


NEVER_REVISED = Head(0, in_files=True)


class ConflictError(Exception):
    """Somebody changed the record since it was read; saving would undo their work unseen."""


def heads(session: Session, kind: Kind) -> dict[int, Head]:
    """The newest revision of each record of a kind that has any, by the ids of the rows."""
    newest = (
        select(Revision.record_id, func.max(Revision.number).label("number"))
        .where(Revision.kind == kind.name)
        .group_by(Revision.record_id)
        .subquery()
    )
    found = select(Revision.record_id, Revision.number, Revision.in_files).join(
        newest, (newest.c.record_id == Revision.record_id) & (newest.c.number == Revision.number)
    )
    rows = session.execute(found.where(Revision.kind == kind.name))
    return {record_id: Head(number, in_files) for record_id, number, in_files in rows}


def head(session: Session, kind: Kind, row: Any) -> Head:
    """The newest revision of one record."""
    found = newest(session, kind, row.id)
    return Head(found.number, found.in_files) if found else NEVER_REVISED


def newest(session: Session, kind: Kind, record_id: int) -> Revision | None:
    """The newest revision of one record, or None."""
    return newest_of(session, kind.name, record_id)


def newest_of(session: Session, kind: str, record_id: int) -> Revision | None:
    """The same by the name under which the revisions of the kind are kept."""
    of_record = select(Revision).where(Revision.kind == kind, Revision.record_id == record_id)
    return session.scalars(of_record.order_by(Revision.number.desc()).limit(1)).one_or_none()


def save(
    session: Session,
    kind: Kind,
    row: Any,
    values: Values,
    *,
    seen: int,
    actor: int | None,
    now: datetime,
    known: Known,
    place: str = "",
) -> int:
    """The same as `save_revision`; what a person does leaves an event."""
    number = save_revision(session, kind, row, values, seen=seen, actor=actor, now=now, known=known, place=place)
    if actor is not None:
        subject = Subject(SubjectKind.RECORD, f"{kind.name}/{kind.key_of_row(row)}")
        record(session, RecordChanged(number), about=subject, at=now, actor_id=actor)
    return number


def save_revision(
    session: Session,
    kind: Kind,
    row: Any,
    values: Values,
    *,
    seen: int,
    actor: int | None,
    now: datetime,
    known: Known,
    place: str = "",
) -> int:
    """Make a row, which may be new, say what `values` say, within the transaction; gives the number of the revision.

    `seen` is the number of the revision that the author started from, 0 for a new record or one that was never
    revised. A changed key leaves a former address. What imports changed since the newest revision becomes one of its
    own first, so that it can be told and restored.

    Raises ConflictError, and ContentError where the values name what is not `known`.
    """
    if row.id is not None:
        if head(session, kind, row).number != seen:
            raise ConflictError
        keep(session, kind, row, now=now)
    write(session, kind, row, values, known=known, place=place, now=now)
    use_again(session, kind.name, [kind.key_of_row(row)])
    return revise(session, kind, row, actor=actor, now=now)


def keep(session: Session, kind: Kind, row: Any, *, now: datetime) -> None:
    """Make what the row says a revision where the newest one says otherwise, or there is none."""
    found = newest(session, kind, row.id)
    if found is None or found.values != kind.as_json(kind.of(row)):
        revise(session, kind, row, actor=None, now=now, in_files=found is None or found.in_files)


def write(session: Session, kind: Kind, row: Any, values: Values, *, known: Known, place: str, now: datetime) -> None:
    """Make a row, which may be new, say what `values` say; a key that it had until now leads on.

    Raises ContentError where the values name what is not `known`.
    """
    former = kind.key_of_row(row) if row.id is not None else ""
    with session.no_autoflush:
        kind.put(row, values, known, place, now)
        session.add(row)
    if former and former != kind.key_of_row(row):
        lead_on(session, kind.name, former, row.id)


def revise(session: Session, kind: Kind, row: Any, *, actor: int | None, now: datetime, in_files: bool = False) -> int:
    """Keep what a row says as its newest revision; gives its number."""
    session.flush()
    number = head(session, kind, row).number + 1
    values = kind.as_json(kind.of(row))
    add_revision(session, kind.name, row.id, number, values, actor=actor, now=now, in_files=in_files)
    return number


def remove(session: Session, kind: Kind, row: Any, before: Head, *, actor: int | None, now: datetime) -> None:
    """Delete a record; its history stays, and says when."""
    forget_addresses(session, kind.name, row.id)
    add_revision(session, kind.name, row.id, before.number + 1, None, actor=actor, now=now, in_files=True)
    session.delete(row)


def add_revision(
    session: Session,
    kind: str,
    record_id: int,
    number: int,
    values: dict[str, Any] | None,
    *,
    actor: int | None,
    now: datetime,
    in_files: bool,
) -> None:
    """Keep one state of a record; `values` are None where it was deleted."""
    session.add(
        Revision(
            kind=kind, record_id=record_id, number=number, values=values, at=now, actor_id=actor, in_files=in_files
        )
    )
