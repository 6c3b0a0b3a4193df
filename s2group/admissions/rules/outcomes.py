"""What an applicant's answers say to one requirement, in a form that can be kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Score = int | float


class ScoreState(StrEnum):
    """What stands in the place of a score that there is not."""

    AWAITED = "awaited"
    NOT_TAKEN = "not_taken"


AWAITED = ScoreState.AWAITED
NOT_TAKEN = ScoreState.NOT_TAKEN


class Level(StrEnum):
    """How much a requirement weighs."""

    REQUIRED = "required"
    PREFERRED = "preferred"


class Verdict(StrEnum):
    """What the answers say to a requirement; UNKNOWN wherever they do not say it clearly."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why the verdict is what it is."""

    LINE_REACHED = "line_reached"
    BELOW_LINE = "below_line"
    STATUS = "status"
    DECLARED = "declared"
    NOT_DECLARED = "not_declared"
    AWAITED = "awaited"
    NOT_TAKEN = "not_taken"
    NOT_GIVEN = "not_given"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class Wording:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Scale:
    """A test's scale, from `low` to `high`, and the group's line on it."""

    field: str
    low: Score
    high: Score
    line: Score

    def reading(self, answers: Mapping[str, object]) -> Score | None:
        """The answer where it is a number on this scale; True, nan and text are none."""
        value = answers.get(self.field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if self.low <= value <= self.high else None


@dataclass(frozen=True)
class Outcome:
    """What the answers said to one requirement; kept with the application as it was on that day.

    `value`, `line`, `scale` (its upper end) and `margin` (value − line) belong to the answer that decided:
    to the field `met_by` where something other than `field` met the requirement.
    """

    key: str
    level: Level
    label: Wording
    field: str
    verdict: Verdict
    reason: Reason
    value: Score | str | None = None
    line: Score | None = None
    scale: Score | None = None
    margin: Score | None = None
    alternatives: tuple[Scale, ...] = ()
    met_by: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON can keep it."""
        return asdict(self) | {"alternatives": [asdict(scale) for scale in self.alternatives]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Outcome":
        """Read what to_dict gave."""
        typed = {
            "level": Level(data["level"]),
            "label": Wording(**data["label"]),
            "verdict": Verdict(data["verdict"]),
            "reason": Reason(data["reason"]),
            "alternatives": tuple(Scale(**scale) for scale in data["alternatives"]),
        }
        return cls(**{**data, **typed})
