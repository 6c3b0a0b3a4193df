"""What can be wrong with a search: where, why, and what may have been meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Wrong(StrEnum):
    """Why a search cannot be understood."""

    UNKNOWN_FIELD = "unknown field"
    UNKNOWN_VALUE = "unknown value"
    SEVERAL_VALUES = "several values"
    NO_VALUE = "no value"
    NO_NUMBER = "no number"
    WRONG_UNIT = "wrong unit"
    OUT_OF_RANGE = "out of range"
    NO_ORDER = "no order"
    NO_MOMENT = "no moment"
    IMPOSSIBLE_DATE = "impossible date"
    NEEDS_ORDER = "needs order"
    NO_WORDS = "no words"
    DANGLING = "dangling operator"
    UNOPENED = "unopened bracket"
    UNCLOSED = "unclosed bracket"
    EMPTY_BRACKETS = "empty brackets"
    UNCLOSED_QUOTE = "unclosed quotation mark"
    TOO_LONG = "too long"
    TOO_DEEP = "too deep"


@dataclass(frozen=True)
class Repair:
    """A search that may have been meant; `change` is what it says in the mistaken place, or empty for nothing."""

    query: str
    change: str = ""


@dataclass(frozen=True)
class Mistake:
    """The signs of `text` from `start` up to `end` are not understood. `details` fill in the sentence that says so."""

    text: str
    start: int
    end: int
    wrong: Wrong
    details: Mapping[str, object] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()

    @property
    def parts(self) -> tuple[str, str, str]:
        """What stands before the place, at it, and after it."""
        return self.text[: self.start], self.text[self.start : self.end], self.text[self.end :]


class MisreadError(Exception):
    """Carries a mistake out of the reading."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.wrong)
        self.mistake = mistake
