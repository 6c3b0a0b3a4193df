"""The columns of a table, each with its heading and what stands in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext

from s2group.admissions.rules.states import State
from s2group.admissions.wording import QUESTIONS, STATES
from s2group.core.i18n import plain_text
from s2group.exports.queries import Row
from s2group.exports.rules import Cell


@dataclass(frozen=True)
class Column:
    """One column: its heading in the reader's language, and the cell of a row."""

    heading: Any
    cell: Callable[[Row], Cell]


def _answer(name: str) -> Column:
    return Column(QUESTIONS[name], lambda row: _plain(row.application.answers.get(name)))


def _plain(value: Any) -> Cell:
    return value if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None


def _fact(name: str, heading: Any) -> Column:
    return Column(heading, lambda row: getattr(row.application.facts, name))


def _submitted(row: Row) -> str:
    """As spreadsheets sort it, in the time of the call."""
    zone = ZoneInfo(row.application.route.call.timezone)
    return f"{row.application.submitted_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _tags(row: Row) -> str:
    return str(gettext(", ")).join(tag.name for tag in row.tags)


COLUMNS = (
    Column(lazy_gettext("Reference"), lambda row: row.application.reference),
    Column(lazy_gettext("Received"), _submitted),
    Column(lazy_gettext("Route"), lambda row: plain_text(row.application.route.title)),
    Column(lazy_gettext("State"), lambda row: str(STATES[State(row.application.state)])),
    Column(lazy_gettext("Full name"), lambda row: row.application.name),
    Column(lazy_gettext("E-mail"), lambda row: row.application.email),
    *map(_answer, ("phone", "university", "college", "major", "gpa", "gpa_scale", "rank", "cohort_size")),
    _fact("rank_percent", lazy_gettext("Rank in percent")),
    *map(_answer, ("cet4", "cet6", "ielts", "toefl")),
    _fact("papers", lazy_gettext("Papers")),
    _fact("met", lazy_gettext("Requirements met")),
    _fact("not_met", lazy_gettext("Requirements not met")),
    _fact("unknown", lazy_gettext("Requirements to confirm")),
    Column(lazy_gettext("Ratings"), lambda row: row.score.count if row.score else None),
    Column(lazy_gettext("Mean rating"), lambda row: row.score.mean if row.score else None),
    Column(lazy_gettext("My rating"), lambda row: row.score.own if row.score else None),
    Column(lazy_gettext("Tags"), _tags),
)


def headings() -> list[str]:
    """What stands above, in the reader's language."""
    return [str(column.heading) for column in COLUMNS]


def cells(row: Row) -> list[Cell]:
    """One line of the table."""
    return [column.cell(row) for column in COLUMNS]
