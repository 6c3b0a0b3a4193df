"""What is counted or measured: ranks, rows of a list, characters, hours and months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from s2group.admissions.rules.outcomes import Outcome, Place, Reason, Score, Unit, Verdict
from s2group.admissions.rules.requirements import Answers, Requirement

# More papers, or more students in one cohort, than this is a slip of the finger, not an answer.
LARGEST_COUNT = 1000
LARGEST_COHORT = 100_000
# Answers that are lists of rows.
LISTS = ("papers", "awards", "projects", "repositories")
# Up to which place among the authors `papers_top_three` counts.
TOP = 3
PAPER_STATUSES = ("published", "accepted", "submitted", "in_preparation")
# By field: what the minimum is counted in, and the largest answer that makes sense.
AMOUNTS = {"weekly_hours": (Unit.HOURS_A_WEEK, 168), "months": (Unit.MONTHS, 120)}


def _whole(value: object, low: int, high: int) -> int | None:
    """`value` where it is a whole number from `low` to `high`; true is none."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and low <= value <= high else None  # type: ignore[operator,return-value]


@dataclass(frozen=True)
class RankWithin(Requirement):
    """A rank among the first `percent` of the cohort."""

    percent: Score

    @property
    def quick_fields(self) -> frozenset[str]:
        """A rank says nothing without the number of students."""
        return frozenset({"rank", "cohort_size"})

    def judge(self, answers: Answers) -> Outcome:
        """The places within the percentage are counted in whole numbers, so that no rounding decides."""
        given = answers.get("rank"), answers.get("cohort_size")
        rank, cohort_size = _whole(given[0], 1, LARGEST_COHORT), _whole(given[1], 1, LARGEST_COHORT)
        if rank is None or cohort_size is None or rank > cohort_size:
            missing = None if None in given else given
            return self._unanswered(missing, threshold=self.percent, unit=Unit.PERCENT)
        places = int(Fraction(str(self.percent)) * cohort_size // 100)
        return self._compared(
            _percentile(rank, cohort_size),
            self.percent,
            margin=places - rank,
            unit=Unit.PERCENT,
            place=Place(rank, cohort_size),
        )


def _percentile(rank: int, cohort_size: int) -> float:
    """To one decimal, halves upwards; for showing only."""
    return (2000 * rank + cohort_size) // (2 * cohort_size) / 10


@dataclass(frozen=True)
class CountAtLeast(Requirement):
    """So many of something: rows of a list, or a whole number that the applicant gives.

    Of papers only those count whose status is in `status_in` and whose author stands at `position_at_most` or
    before, where these are set.
    """

    minimum: int
    status_in: tuple[str, ...] = ()
    position_at_most: int | None = None

    @property
    def quick_fields(self) -> frozenset[str]:
        """A list takes too long; for papers there is a number."""
        if self.field == "papers":
            return frozenset({"papers_top_three"})
        return frozenset({self.field}.difference(LISTS))

    def judge(self, answers: Answers) -> Outcome:
        """Rows are counted, a whole number from 0 to LARGEST_COUNT is compared; anything else is not understood."""
        answer = answers.get(self.field)
        if self.field not in LISTS:
            return self._of_number(self.field, answer)
        if isinstance(answer, list | tuple):
            return self._of_rows(answer)
        if self.field == "papers" and answer is None:
            return self._of_top_three(answers.get("papers_top_three"))
        return self._unanswered(answer, threshold=self.minimum)

    def _of_number(self, field: str, answer: object) -> Outcome:
        value = _whole(answer, 0, LARGEST_COUNT)
        if value is None:
            return self._unanswered(answer, threshold=self.minimum)
        return self._compared(value, self.minimum, field=field)

    def _of_top_three(self, answer: object) -> Outcome:
        """The number that a check asks for instead of a list; it leaves open where other places are asked for."""
        outcome = self._of_number("papers_top_three", answer)
        last = self.position_at_most or LARGEST_COUNT
        is_open = last < TOP if outcome.verdict is Verdict.MET else last > TOP
        if outcome.value is None or not is_open:
            return outcome
        return replace(outcome, verdict=Verdict.UNKNOWN, reason=Reason.PARTLY_GIVEN, margin=None)

    def _of_rows(self, rows: Sequence[object]) -> Outcome:
        """Rows that leave open whether they count leave the verdict open where they could turn it."""
        counting = [self._counts(row) for row in rows]
        sure, open_ = counting.count(True), counting.count(None)
        if sure < self.minimum <= sure + open_:
            return self._outcome(
                Verdict.UNKNOWN, Reason.PARTLY_GIVEN, value=sure, threshold=self.minimum, given=len(rows)
            )
        return self._compared(sure, self.minimum, given=len(rows))

    def _counts(self, row: object) -> bool | None:
        """Whether a row counts; None where it does not say."""
        if not isinstance(row, Mapping):
            return None
        says = [self._has_status(row.get("status")), self._stands_before(row.get("position"))]
        return False if False in says else None if None in says else True

    def _has_status(self, status: object) -> bool | None:
        if not self.status_in:
            return True
        return status in self.status_in if status in PAPER_STATUSES else None

    def _stands_before(self, position: object) -> bool | None:
        if self.position_at_most is None:
            return True
        place = _whole(position, 1, LARGEST_COUNT)
        return None if place is None else place <= self.position_at_most


@dataclass(frozen=True)
class LengthAtLeast(Requirement):
    """A text of so many characters."""

    minimum: int

    @property
    def quick_fields(self) -> frozenset[str]:
        """None: nobody writes a statement in a hurry."""
        return frozenset()

    def judge(self, answers: Answers) -> Outcome:
        """Blanks at the ends do not count; a blank text is none."""
        answer = answers.get(self.field)
        details: dict[str, Any] = {"unit": Unit.CHARACTERS}
        text = answer.strip() if isinstance(answer, str) else answer
        if not isinstance(text, str) or not text:
            return self._unanswered(text, threshold=self.minimum, **details)
        return self._compared(len(text), self.minimum, **details)


@dataclass(frozen=True)
class AmountAtLeast(Requirement):
    """So many hours a week, or so many months."""

    minimum: Score

    def judge(self, answers: Answers) -> Outcome:
        """More than a week's or ten years' worth is not understood."""
        unit, most = AMOUNTS[self.field]
        answer = answers.get(self.field)
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        if not is_number or not 0 <= answer <= most:  # type: ignore[operator]
            return self._unanswered(answer, threshold=self.minimum, unit=unit)
        return self._compared(answer, self.minimum, unit=unit)  # type: ignore[arg-type]
