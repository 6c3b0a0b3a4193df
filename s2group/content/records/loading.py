"""What the readers of the content files have in common."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.records.files import MISSING, Record
from s2group.extensions import Base

M = TypeVar("M", bound=Base)
Row = dict[str, Any]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH = 60
MONTH = re.compile(r"((19|20)\d\d-(0[1-9]|1[0-2]))?")


def slug_field(record: Record, name: str, default: Any = MISSING) -> str:
    """A field that can stand in an address, or `default`. Raises ContentError."""
    slug = record.text(name, default)
    if slug != default and (not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH):
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
