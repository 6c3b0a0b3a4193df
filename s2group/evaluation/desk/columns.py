"""The columns of the list of applications: what each is called, and what it is sorted by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import InstrumentedAttribute

from s2group.accounts.models import User
from s2group.admissions.models import ApplicationFacts as Facts
from s2group.evaluation.blind import is_blind_somewhere


@dataclass(frozen=True)
class Column:
    """One of them. `is_usual`: shown to whoever has chosen nothing; `best_is_high`: what a first click puts on top.

    Without `sorts_by` it is sorted by the mean of the ratings, as its reader may see them.
    """

    key: str
    label: Any
    sorts_by: InstrumentedAttribute[Any] | None
    best_is_high: bool = True
    is_number: bool = True
    is_usual: bool = True


# The name, with the university below it, is always the first.
NAME = Column("name", lazy_gettext("Name"), Facts.name_key, best_is_high=False, is_number=False)
UNIVERSITY = Column("university", lazy_gettext("University"), Facts.university_key, best_is_high=False, is_number=False)
COLUMNS = (
    Column("route", lazy_gettext("Route"), Facts.route_id, best_is_high=False, is_number=False),
    Column("rank", lazy_gettext("Rank"), Facts.rank_percent, best_is_high=False),
    Column("gpa", lazy_gettext("GPA"), Facts.gpa_percent, is_usual=False),
    Column("cet4", lazy_gettext("CET-4"), Facts.cet4),
    Column("cet6", lazy_gettext("CET-6"), Facts.cet6, is_usual=False),
    Column("ielts", lazy_gettext("IELTS"), Facts.ielts, is_usual=False),
    Column("toefl", lazy_gettext("TOEFL"), Facts.toefl, is_usual=False),
    Column("papers", lazy_gettext("Papers"), Facts.papers),
    Column("outcomes", lazy_gettext("Requirements"), Facts.not_met, best_is_high=False, is_number=False),
    Column("score", lazy_gettext("Score"), None, is_number=False),
    Column("state", lazy_gettext("State"), Facts.state, best_is_high=False, is_number=False),
    Column("due", lazy_gettext("Answer due"), Facts.answer_due_at, best_is_high=False, is_usual=False),
    Column("received", lazy_gettext("Received"), Facts.submitted_at),
)
SORTABLE = {column.key: column for column in (NAME, UNIVERSITY, *COLUMNS)}
USUAL = tuple(column.key for column in COLUMNS if column.is_usual)


@dataclass(frozen=True)
class Order:
    """By which column a list is sorted, and in which direction; what has no value comes last either way."""

    column: Column
    is_descending: bool

    def __str__(self) -> str:
        return f"-{self.column.key}" if self.is_descending else self.column.key

    @property
    def reversed(self) -> "Order":
        """The same column the other way round."""
        return Order(self.column, not self.is_descending)


NEWEST_FIRST = Order(SORTABLE["received"], is_descending=True)


def sortable_for(user: User) -> dict[str, Column]:
    """The columns by which `user` can sort: an order by names would tell those who review blind something of them."""
    telling = {NAME.key, UNIVERSITY.key} if is_blind_somewhere(user) else set()
    return {key: column for key, column in SORTABLE.items() if key not in telling}


def read_order(text: str | None, sortable: Mapping[str, Column] = SORTABLE) -> Order:
    """The order that an address names, such as `rank` or `-score`; newest first where it names none."""
    column = sortable.get((text or "").removeprefix("-"))
    return Order(column, (text or "").startswith("-")) if column else NEWEST_FIRST


def shown_columns(keys: Collection[str]) -> list[Column]:
    """The columns with these keys; their labels, which each row says again, are in the reader's language already."""
    return [replace(column, label=str(column.label)) for column in COLUMNS if column.key in keys]


def first_order(column: Column) -> Order:
    """How a first click on its heading sorts: the best on top."""
    return Order(column, column.best_is_high)
