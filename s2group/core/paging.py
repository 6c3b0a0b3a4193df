"""Pages of a long list, found by the key of the last row seen and never by counting rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select

from s2group.extensions import db

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the key after which the next ones begin; None at the end."""

    rows: Sequence[T]
    next_key: str | None


def fetch_page(statement: Select[T], *, size: int, key: Callable[[T], str]) -> Page[T]:
    """Run an ordered statement that already starts after the last key; one row more tells whether there is more."""
    rows = db.session.scalars(statement.limit(size + 1)).unique().all()
    shown = rows[:size]
    return Page(shown, key(shown[-1]) if len(rows) > size else None)
