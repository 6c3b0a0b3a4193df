"""Pages of a long list, found by the key of the last row seen, and counts that stop counting."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.expression import BooleanClauseList, UnaryExpression
from sqlalchemy.sql.operators import custom_op, in_op, not_in_op
from sqlalchemy.sql.operators import or_ as is_or

from s2group.extensions import db

T = TypeVar("T")
# Nobody reads a larger number for more than "many", and counting further would take longer with each row.
MOST_COUNTED = 999


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the key after which the next ones begin; None at the end."""

    rows: Sequence[T]
    next_key: str | None


def unindexed(condition: ColumnElement[T]) -> ColumnElement[T]:
    """The same, but SQLite looks it up in no index.

    PostgreSQL knows how often each value occurs, and begins with what leads to few rows. SQLite does not, and may begin
    with a condition that half of all rows meet, only to sort them.
    """
    if db.engine.dialect.name != "sqlite":
        return condition
    return UnaryExpression(condition.self_group(), operator=custom_op("+"), type_=condition.type)


def shortened(condition: ColumnElement[bool], key: ColumnElement[int]) -> ColumnElement[bool]:
    """The same for a count of rows that meet it alone: of a list in which their key is, no more is read than counts.

    SQLite else reads the list to its end first, such as that of the applications that hold a common word.
    """
    listed = _listed(condition, key)
    if db.engine.dialect.name != "sqlite" or listed is None or condition.operator is not in_op:
        return condition
    keys = listed if isinstance(listed, Select) else select(listed.subquery().c[0])
    return key.in_(keys.distinct().limit(MOST_COUNTED + 1))


def nearby(condition: ColumnElement[bool], key: ColumnElement[int], low: int, high: int) -> ColumnElement[bool]:
    """The same for rows whose keys lie between these: of lists in which a key is or is not, no more is read.

    The condition itself where it asks for no list.
    """
    if isinstance(condition, BooleanClauseList):
        parts = [nearby(each, key, low, high) for each in condition.clauses]
        is_same = all(one is other for one, other in zip(parts, condition.clauses, strict=True))
        return condition if is_same else (or_ if condition.operator is is_or else and_)(*parts)
    listed = _listed(condition, key)
    if listed is None:
        return condition
    lists = [listed] if isinstance(listed, Select) else listed.selects
    near = union_all(*(each.where(each.selected_columns[0].between(low, high)) for each in lists))
    return key.in_(near) if condition.operator is in_op else key.not_in(near)


def _listed(condition: Any, key: ColumnElement[int]) -> Any:
    """The list in which the condition looks for the key; None where it asks something else."""
    if not isinstance(condition, BinaryExpression) or condition.operator not in (in_op, not_in_op):
        return None
    listed = condition.right if condition.left.compare(key) else None
    return listed.element if isinstance(listed, ScalarSelect) else None


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


@dataclass(frozen=True)
class Place:
    """Where one row stands in a list: counted from 1, of how many, and what comes before and after it.

    Counting stops as in counts_by.
    """

    position: int
    total: int
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class Part:
    """Rows of a list that stand together, in the order of some columns, the last of which differs in every row."""

    rows: Select[Any]
    order: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]
    is_descending: bool

    def ordered(self, *, backwards: bool = False) -> Select[Any]:
        """The rows as they follow each other."""
        is_descending = self.is_descending != backwards
        return self.rows.order_by(*(column.desc() if is_descending else column.asc() for column in self.order))

    def cut(self, at: Sequence[Any], *, before: bool = False) -> "Part":
        """What comes after the row whose columns say `at`, or before it."""
        key, there = tuple_(*self.order), tuple_(*at)
        return replace(self, rows=self.rows.where(key < there if self.is_descending != before else key > there))


def gathered(part: Part) -> Part:
    """The same rows, found before they are sorted; for no more than MOST_COUNTED of them.

    A database that sees an order and a limit may else walk through all there is in that order, hoping to meet enough.
    """
    named = [column.label(f"by_{number}") for number, column in enumerate(part.order)]
    found = part.rows.add_columns(*named).limit(MOST_COUNTED + 1).subquery()
    return Part(select(found.c[0]), tuple(found.c[each.name] for each in named), part.is_descending)


def place_in(parts: Sequence[Part], *, part: int, at: Sequence[Any], name: InstrumentedAttribute[str]) -> Place:
    """The place of the row of this part whose columns say `at`, in the list of these parts one after the other.

    `name` is the column by which its neighbours are told. The row itself need not be in the list. One statement.
    """
    before, after = [*parts[:part], parts[part].cut(at, before=True)], [parts[part].cut(at), *parts[part + 1 :]]
    near = [
        func.coalesce(null(), *[_first(each.ordered(backwards=True), name) for each in reversed(before)]),
        func.coalesce(null(), *[_first(each.ordered(), name) for each in after]),
    ]
    counts = [_at_most(each.rows) for each in (*before, *parts)]
    previous, following, *counted = db.session.execute(select(*near, *counts)).one()
    return Place(sum(counted[: len(before)]) + 1, sum(counted[len(before) :]), previous, following)


def _first(statement: Select[Any], name: InstrumentedAttribute[str]) -> ScalarSelect[str]:
    return statement.with_only_columns(name).limit(1).scalar_subquery()


def _at_most(statement: Select[Any]) -> ScalarSelect[int]:
    rows = statement.with_only_columns(literal(1)).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()
