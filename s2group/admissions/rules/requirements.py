"""What every requirement is, and the functions that look at a list of them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from s2group.admissions.catalogue import in_order
from s2group.admissions.rules.outcomes import Level, Outcome, Reason, Score, Verdict, Wording

Answers = Mapping[str, object]


@dataclass(frozen=True)
class Requirement(ABC):
    """Something the group asks of an applicant; `field` names the answer that it looks at."""

    key: str
    level: Level
    wording: Wording
    field: str

    @abstractmethod
    def judge(self, answers: Answers) -> Outcome:
        """What `answers` say. Never raises: nonsense is UNKNOWN."""

    @property
    def quick_fields(self) -> frozenset[str]:
        """The fields by which somebody in a hurry can say whether they meet it."""
        return frozenset({self.field})

    def _outcome(self, verdict: Verdict, reason: Reason, **details: Any) -> Outcome:
        return Outcome(
            self.key, self.level, self.wording, **{"field": self.field, **details}, verdict=verdict, reason=reason
        )

    def _unanswered(self, answer: object, **details: Any) -> Outcome:
        reason = Reason.NOT_GIVEN if answer in (None, "") else Reason.NOT_UNDERSTOOD
        return self._outcome(Verdict.UNKNOWN, reason, **details)

    def _compared(self, value: Score, threshold: Score, **details: Any) -> Outcome:
        """The outcome of a value that shall be on or above a threshold; `details` may name another margin."""
        margin = details.pop("margin", value - threshold)
        verdict, reason = (Verdict.MET, Reason.REACHED) if margin >= 0 else (Verdict.NOT_MET, Reason.BELOW)
        return self._outcome(verdict, reason, value=value, threshold=threshold, margin=margin, **details)


def evaluate(requirements: Iterable[Requirement], answers: Answers) -> list[Outcome]:
    """One outcome for each requirement, in their order. Total: no answers make it raise."""
    return [requirement.judge(answers) for requirement in requirements]


def quick_fields(requirements: Iterable[Requirement]) -> list[str]:
    """The fields that the requirements look at, in their order, for a check that takes a minute.

    Without files, long texts and lists of rows; papers are asked for as one number.
    """
    return in_order(field for requirement in requirements for field in requirement.quick_fields)
