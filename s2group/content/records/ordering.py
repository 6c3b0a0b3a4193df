"""The order of the records of a kind: by the files, until a person has put it otherwise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.audit.rules import RecordMoved, Subject, SubjectKind
from s2group.audit.services import record
from s2group.content.records.kinds import Kind
from s2group.content.records.models import Revision
from s2group.content.records.services import add_revision, newest_of

# An order has revisions like a record; no row has this number.
THE_ORDER = 0


class NotThereError(LookupError):
    """The record, or the one that it was to follow, is not there any more."""


def is_by_hand(session: Session, kind: Kind) -> bool:
    """Whether a person has put the records in another order than the files."""
    found = _newest(session, kind)
    return found is not None and not found.in_files


def keep_order(session: Session, kind: Kind, rows: Sequence[Any], *, actor: int | None, now: datetime) -> None:
    """Keep this order, the rows' own by now, as that of a person, or where `actor` is None of the files."""
    found = _newest(session, kind)
    values = {"keys": [kind.key_of_row(row) for row in rows]}
    number = found.number + 1 if found else 1
    add_revision(session, _name(kind), THE_ORDER, number, values, actor=actor, now=now, in_files=actor is None)


def put_in_order(rows: Sequence[Any]) -> None:
    """Number the rows of a kind that has an order."""
    for position, row in enumerate(rows):
        if hasattr(row, "position") and row.position != position:
            row.position = position


def merged(listed: Sequence[Any], standing: Sequence[Any]) -> list[Any]:
    """The rows as they stand by hand; one that only the list has comes after the one before it there."""
    merged, before = list(standing), None
    for row in listed:
        if row not in standing:
            merged.insert(merged.index(before) + 1 if before is not None else 0, row)
        before = row
    return merged


def move(session: Session, kind: Kind, key: str, to: str, *, actor: int, now: datetime) -> tuple[int, int]:
    """Move a record `up` or `down` by one place, or behind the record that `to` names with "after:" before its key.

    "after:" alone is the first place. Gives its place, counted from 1, and how many there are; where it stands already,
    nothing is written. Raises NotThereError.
    """
    # Two editors at once take turns.
    rows = list(session.scalars(select(kind.model).order_by(*_order(kind)).with_for_update()))
    keys = [kind.key_of_row(row) for row in rows]
    if key not in keys:
        raise NotThereError(key)
    at = keys.index(key)
    place = _place(keys, at, to)
    if place != at:
        rows.insert(place, rows.pop(at))
        put_in_order(rows)
        keep_order(session, kind, rows, actor=actor, now=now)
        about = Subject(SubjectKind.RECORD, f"{kind.name}/{key}")
        record(session, RecordMoved(place + 1, len(rows)), about=about, at=now, actor_id=actor)
    return place + 1, len(rows)


def _place(keys: Sequence[str], at: int, to: str) -> int:
    """The place, counted from 0, at which the record stands when it has been taken out and put in again."""
    if to in ("up", "down"):
        return min(max(at + (1 if to == "down" else -1), 0), len(keys) - 1)
    other = to.removeprefix("after:")
    if not to.startswith("after:") or (other and other not in keys):
        raise NotThereError(to)
    if not other:
        return 0
    behind = keys.index(other) + 1
    return at if other == keys[at] else behind - (at < behind)


def _order(kind: Kind) -> tuple[Any, Any]:
    model: Any = kind.model
    return model.position, model.id


def _name(kind: Kind) -> str:
    return f"{kind.name}-order"


def _newest(session: Session, kind: Kind) -> Revision | None:
    return newest_of(session, _name(kind), THE_ORDER)
