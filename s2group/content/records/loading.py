"""What the readers of the content files have in common."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.records.entries import Entry
from s2group.content.records.fields import MISSING, Known
from s2group.content.records.files import Record
from s2group.content.records.kinds import Kind
from s2group.content.records.rules import SLUG_LENGTH, is_slug
from s2group.extensions import Base

M = TypeVar("M", bound=Base)
Row = dict[str, Any]

MONTH = re.compile(r"((19|20)\d\d-(0[1-9]|1[0-2]))?")


def slug_field(record: Record, name: str, default: Any = MISSING) -> str:
    """A field that can stand in an address, or `default`. Raises ContentError."""
    slug = record.text(name, default)
    if slug != default and not is_slug(slug):
        raise record.error(f"{name} is {slug!r}", f"Use small Latin letters, digits and -, at most {SLUG_LENGTH}")
    return slug


def month_field(record: Record, name: str) -> str:
    """A month such as 2025-01, or nothing. Raises ContentError."""
    month = record.text(name, "")
    if not MONTH.fullmatch(month):
        raise record.error(f"{name} is {month!r}", "Write a month such as 2025-01, or nothing")
    return month


class Unique:
    """Sees that no two records of a file go by the same name."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.seen: dict[str, str] = {}

    def check(self, record: Record, name: str) -> str:
        if name in self.seen:
            raise record.error(f"{self.what} {name!r} is taken by {self.seen[name]}", "Make them differ")
        self.seen[name] = record.place
        return name


def sync_kind(session: Session, kind: Kind, entries: Sequence[Entry], known: Known) -> list[Any]:
    """Make the table of a kind hold exactly these records, told apart by their keys; gives the rows in that order.

    Raises ContentError where a record names what is not `known`.
    """
    stored = {kind.key_of_row(row): row for row in session.scalars(select(kind.model))}
    for gone in stored.keys() - {kind.key_of(entry.values) for entry in entries}:
        session.delete(stored[gone])
    rows = []
    for position, entry in enumerate(entries):
        row: Any = stored.get(kind.key_of(entry.values)) or kind.model()
        with session.no_autoflush:
            kind.put(row, entry.values, known, entry.place)
            if hasattr(kind.model, "position"):
                row.position = position
        session.add(row)
        rows.append(row)
    return rows


def sync_table(session: Session, model: type[M], rows: Sequence[Row], *, key: str) -> list[M]:
    """Make the table hold exactly `rows`, told apart by `key`; gives them in that order."""
    stored = {getattr(found, key): found for found in session.scalars(select(model))}
    for gone in stored.keys() - {row[key] for row in rows}:
        session.delete(stored[gone])
    return [put(session, model, stored.get(row[key]), row) for row in rows]


def put(session: Session, model: type[M], found: M | None, row: Row) -> M:
    """Make `found`, or a new record where there is none, say what the row says."""
    if found is None:
        found = model(**row)
        session.add(found)
    for name, value in row.items():
        setattr(found, name, value)
    return found
