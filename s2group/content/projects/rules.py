"""Where a project stands, and where its time lies among the years."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ProjectState(StrEnum):
    """Where a project stands."""

    ACTIVE = "active"
    FINISHED = "finished"
    PARTICIPATED = "participated"


def project_state(*, role: str, end: str, today: date) -> ProjectState:
    """Whether a project of the group's own still runs in the month of `today`; `end` is its last month or empty.

    One in which the group only takes part counts as such, whatever its dates.
    """
    if role == "participant":
        return ProjectState.PARTICIPATED
    return ProjectState.FINISHED if end and end < f"{today:%Y-%m}" else ProjectState.ACTIVE


@dataclass(frozen=True)
class YearAxis:
    """The years from `first` to `last` side by side; a place on it is a share of a hundred from its left."""

    first: int
    last: int

    @property
    def years(self) -> range:
        """Every year of it."""
        return range(self.first, self.last + 1)

    def span(self, start: str, end: str) -> tuple[float, float]:
        """Where the time from the month `start` to the end of the month `end` begins, and how wide it is.

        Without a month it goes on to the edge.
        """
        left = self._before(start) if start else 0.0
        right = self._before(end) + 100 / len(self.years) / 12 if end else 100.0
        return left, right - left

    def day(self, day: date) -> float:
        """Where a day lies."""
        return self._before(f"{day:%Y-%m}") + (day.day - 1) / 31 * 100 / len(self.years) / 12

    def _before(self, month: str) -> float:
        year, number = int(month[:4]), int(month[5:7])
        return ((year - self.first) * 12 + number - 1) / (len(self.years) * 12) * 100


def year_axis(months: Iterable[str], today: date) -> YearAxis:
    """The years of these months, among which may be empty ones, and of `today`."""
    years = [today.year, *(int(month[:4]) for month in months if month)]
    return YearAxis(min(years), max(years))
