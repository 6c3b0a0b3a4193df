"""Two to four applications beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.rules import Verdict
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.wording.figures import Figure, key_figures
from s2group.core.localized import Locale
from s2group.evaluation.blind import for_reader
from s2group.evaluation.judged import JudgedOutcome, judged
from s2group.evaluation.queries import applications_by_reference

MOST = 4
# Figures that mean the same for everybody, whether less is better, and where each stands in the facts. A GPA has a
# maximum of its own at each university, and tests are different ones: neither is marked.
COMPARABLE = {"rank": ("rank_percent", True), "papers": ("papers", False)}


@dataclass(frozen=True)
class Column:
    """One of the applications compared."""

    application: Application
    figures: dict[str, Figure]
    outcomes: list[JudgedOutcome]
    statement: str

    @property
    def met(self) -> int:
        """How many requirements are met, as it counts for the staff."""
        return sum(each.verdict is Verdict.MET for each in self.outcomes)

    @property
    def open(self) -> list[JudgedOutcome]:
        """The others."""
        return [each for each in self.outcomes if each.is_exception]


@dataclass(frozen=True)
class Row:
    """One figure of all of them; `best` holds the places of those that are best, where that can be said."""

    label: str
    figures: list[Figure | None]
    best: frozenset[int]


def columns_of(user: User, references: Sequence[str], locale: Locale) -> list[Column]:
    """The first MOST of these applications that `user` sees, in this order."""
    found = applications_by_reference(user, references[:MOST])
    wanted = (each for each in dict.fromkeys(references[:MOST]) if each in found)
    return [_column(found[reference], user, locale) for reference in wanted]


def _column(application: Application, user: User, locale: Locale) -> Column:
    figures = key_figures(application.answers, read_form(application.route.form).fields)
    statement = for_reader(str(application.answers.get("statement") or ""), application, user)
    return Column(application, {each.key: each for each in figures}, judged(application, {}, locale), statement)


def rows_of(columns: Sequence[Column]) -> list[Row]:
    """A row for each figure that any of them has."""
    labels = {key: figure.label for column in columns for key, figure in column.figures.items()}
    return [
        Row(label, [column.figures.get(key) for column in columns], _best(key, [each.application for each in columns]))
        for key, label in labels.items()
    ]


def _best(key: str, applications: Sequence[Application]) -> frozenset[int]:
    """None where fewer than two say anything, or all say the same."""
    name, is_less_better = COMPARABLE.get(key, ("", False))
    values: list[Any] = [getattr(each.facts, name) if name else None for each in applications]
    said = [value for value in values if value is not None]
    if len(set(said)) < 2:
        return frozenset()
    best = min(said) if is_less_better else max(said)
    return frozenset(place for place, value in enumerate(values) if value == best)
