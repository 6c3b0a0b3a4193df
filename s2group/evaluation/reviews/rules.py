"""What marks come to. Pure: a rubric, marks by the key of their criterion, and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, stdev

from s2group.admissions.rules.rubrics import Criterion
from s2group.core.json_values import JsonValues

# Overall marks have this scale, whatever scales a rubric has.
LOW, HIGH = 1.0, 5.0
# From here on reviewers disagree so much that they should talk.
FAR_APART = 3.0
Marks = Mapping[str, int]


@dataclass(frozen=True)
class Rating(JsonValues):
    """All that a reviewer says of an application, finished or not."""

    marks: dict[str, int] = field(default_factory=dict)
    abstains: bool = False
    reason: str = ""
    private_note: str = ""
    shared_note: str = ""


@dataclass(frozen=True)
class Aggregate:
    """What the overall marks of an application come to; `spread` is their standard deviation, 0 of one mark."""

    count: int
    mean: float
    median: float
    spread: float
    low: float
    high: float


def overall(criteria: Sequence[Criterion], marks: Marks) -> float | None:
    """The mean of the marks by the weights of their criteria, from LOW to HIGH; None without any mark.

    Each mark counts by its place on its own scale, so that a criterion of 0 to 100 weighs as much as one of 1 to 5.
    """
    given = [criterion for criterion in criteria if criterion.key in marks]
    if not given:
        return None
    places = [(marks[each.key] - each.low) / (each.high - each.low) for each in given]
    return LOW + (HIGH - LOW) * fmean(places, [each.weight for each in given])


def missing(criteria: Sequence[Criterion], rating: Rating) -> list[str]:
    """What keeps the rating from being submitted: keys of criteria, or 'reason' where one abstains without it."""
    if rating.abstains:
        return [] if rating.reason else ["reason"]
    return [each.key for each in criteria if each.required and each.key not in rating.marks]


def fitting(criteria: Sequence[Criterion], marks: Marks) -> dict[str, int]:
    """Those of the marks that this rubric has."""
    return {each.key: marks[each.key] for each in criteria if marks.get(each.key) in each.marks}


def aggregate(overalls: Sequence[float]) -> Aggregate | None:
    """What the overall marks of one application come to; None without any."""
    if not overalls:
        return None
    spread = stdev(overalls) if len(overalls) > 1 else 0.0
    return Aggregate(len(overalls), fmean(overalls), median(overalls), spread, min(overalls), max(overalls))
