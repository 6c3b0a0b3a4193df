"""What an applicant's answers say to one requirement, in a form that can be kept."""

from collections.abc import Iterable, Mapping
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
    """How much a requirement weighs. Only a blocking one that is not met stops a submission."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    BLOCKING = "blocking"


class Verdict(StrEnum):
    """What the answers say to a requirement; UNKNOWN wherever they do not say it clearly."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why the verdict is what it is."""

    REACHED = "reached"
    BELOW = "below"
    STATUS = "status"
    DECLARED = "declared"
    NOT_DECLARED = "not_declared"
    UPLOADED = "uploaded"
    NOT_UPLOADED = "not_uploaded"
    ALL_OF = "all_of"
    ANY_OF = "any_of"
    AWAITED = "awaited"
    NOT_TAKEN = "not_taken"
    NOT_GIVEN = "not_given"
    PARTLY_GIVEN = "partly_given"
    NOT_UNDERSTOOD = "not_understood"


class Unit(StrEnum):
    """What a threshold is counted in, where it is neither a test's points nor a plain number."""

    PERCENT = "percent"
    CHARACTERS = "characters"
    HOURS_A_WEEK = "hours_a_week"
    MONTHS = "months"


@dataclass(frozen=True)
class Wording:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Scale:
    """A test's scale, from `low` to `high`, and the least that the group asks for."""

    field: str
    low: Score
    high: Score
    minimum: Score

    def reading(self, answers: Mapping[str, object]) -> Score | None:
        """The answer where it is a number on this scale; True, nan and text are none."""
        value = answers.get(self.field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if self.low <= value <= self.high else None


@dataclass(frozen=True)
class Place:
    """The place of a rank among so many students."""

    rank: int
    cohort_size: int


@dataclass(frozen=True)
class Outcome:
    """What the answers said to one requirement; kept with the application as it was on that day.

    `value`, `threshold`, `scale` (its upper end) and `margin` belong to the answer that decided: to the field `met_by`
    where something other than `field` met the requirement. The margin is value − threshold, and for a rank how many
    places are spare; it is never below 0 where the threshold was reached. `given` is how many rows a list has,
    of which `value` count. `parts` are the outcomes that a composite one was drawn from.
    """

    key: str
    level: Level
    label: Wording
    field: str
    verdict: Verdict
    reason: Reason
    value: Score | str | None = None
    threshold: Score | None = None
    scale: Score | None = None
    margin: Score | None = None
    alternatives: tuple[Scale, ...] = ()
    met_by: str | None = None
    unit: Unit | None = None
    place: Place | None = None
    given: int | None = None
    document: str | None = None
    parts: "tuple[Outcome, ...]" = ()

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON can keep it."""
        lists = {"alternatives": [asdict(scale) for scale in self.alternatives]}
        return asdict(self) | lists | {"parts": [part.to_dict() for part in self.parts]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Outcome":
        """Read what to_dict gave, also before an outcome had a unit, a place or parts."""
        typed = {
            "level": Level(data["level"]),
            "label": Wording(**data["label"]),
            "verdict": Verdict(data["verdict"]),
            "reason": Reason(data["reason"]),
            "alternatives": tuple(Scale(**scale) for scale in data["alternatives"]),
            "unit": Unit(data["unit"]) if data.get("unit") else None,
            "place": Place(**data["place"]) if data.get("place") else None,
            "parts": tuple(cls.from_dict(part) for part in data.get("parts", [])),
        }
        return cls(**{**data, **typed})


def blocking(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes that stop a submission. What is merely unknown never does."""
    return [outcome for outcome in outcomes if outcome.level is Level.BLOCKING and outcome.verdict is Verdict.NOT_MET]


def verdict_changes(old: Iterable[Outcome], new: Iterable[Outcome]) -> list[tuple[str, Verdict | None, Verdict | None]]:
    """Key, old verdict and new verdict of every requirement whose verdict differs; None where there is none.

    The requirements of `new` come first, in their order, then those that are no longer asked.
    """
    before = {outcome.key: outcome.verdict for outcome in old}
    after = {outcome.key: outcome.verdict for outcome in new}
    keys = [*after, *(key for key in before if key not in after)]
    return [(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]
