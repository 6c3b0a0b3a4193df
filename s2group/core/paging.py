"""Pages of a long list, found by the key of the last row seen, and counts that stop counting."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from s2group.extensions import db

T = TypeVar("T")
# Nobody reads a larger number for more than "many", and counting further would take longer with each row.
MOST_COUNTED = 999


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


def counts_by(statement: Select[Any], column: InstrumentedAttribute[str], values: Iterable[str]) -> dict[str, int]:
    """How many rows of the statement have each of the values; MOST_COUNTED + 1 where there are more than MOST_COUNTED.

    One statement, which reads no more rows than these where an index begins with the column.
    """
    listed = list(values)
    counts = counts_of(statement.with_only_columns(column).where(column == value) for value in listed)
    return dict(zip(listed, counts, strict=True))


def counts_of(statements: Iterable[Select[Any]]) -> list[int]:
    """How many rows each of the statements has, as counts_by counts, and all of them in one statement."""
    some = (statement.order_by(None).limit(MOST_COUNTED + 1).subquery() for statement in statements)
    counts = [select(func.count()).select_from(each).scalar_subquery() for each in some]
    return list(db.session.execute(select(*counts)).one()) if counts else []


def count_in_words(count: int) -> str:
    """The count as pages show it: "12", or "999+" where counting has stopped."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
