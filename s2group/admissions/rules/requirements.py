"""One class for each kind of requirement, and the function that judges them all."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from s2group.admissions.rules.outcomes import AWAITED, NOT_TAKEN, Level, Outcome, Reason, Scale, Score, Verdict, Wording

Answers = Mapping[str, object]

# More papers than this is a slip of the finger, not an answer.
LARGEST_COUNT = 1000


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

    def _outcome(self, verdict: Verdict, reason: Reason, **details: Any) -> Outcome:
        return Outcome(self.key, self.level, self.wording, self.field, verdict, reason, **details)

    def _unanswered(self, answer: object, **details: Any) -> Outcome:
        reason = Reason.NOT_GIVEN if answer is None else Reason.NOT_UNDERSTOOD
        return self._outcome(Verdict.UNKNOWN, reason, **details)


@dataclass(frozen=True)
class ScoreAtLeast(Requirement):
    """A test score on or above a line. One on or above its line in `alternatives` counts as well."""

    scale: Scale
    alternatives: tuple[Scale, ...] = ()

    def judge(self, answers: Answers) -> Outcome:
        """The first score that reaches its line decides, the requirement's own before the alternatives."""
        readings = self._readings(answers)
        for scale, value in readings:
            if value >= scale.line:
                met_by = None if scale.field == self.field else scale.field
                return self._compared(Verdict.MET, Reason.LINE_REACHED, scale, value, met_by=met_by)
        if readings and readings[0][0].field == self.field:
            return self._compared(Verdict.NOT_MET, Reason.BELOW_LINE, *readings[0], alternatives=self.alternatives)
        return self._without_score(answers.get(self.field))

    def _readings(self, answers: Answers) -> list[tuple[Scale, Score]]:
        """The scores given. Where two scales of one test hold a score, the narrower counts: TOEFL 5 is 5 of 6."""
        found: dict[str, tuple[Scale, Score]] = {}
        for scale in (self.scale, *self.alternatives):
            value = scale.reading(answers)
            if value is not None and (scale.field not in found or scale.high < found[scale.field][0].high):
                found[scale.field] = (scale, value)
        return list(found.values())

    def _compared(self, verdict: Verdict, reason: Reason, scale: Scale, value: Score, **details: Any) -> Outcome:
        return self._outcome(
            verdict, reason, value=value, line=scale.line, scale=scale.high, margin=value - scale.line, **details
        )

    def _without_score(self, answer: object) -> Outcome:
        details = {"line": self.scale.line, "scale": self.scale.high, "alternatives": self.alternatives}
        if answer == AWAITED:
            return self._outcome(Verdict.UNKNOWN, Reason.AWAITED, **details)
        if answer == NOT_TAKEN:
            return self._outcome(Verdict.NOT_MET, Reason.NOT_TAKEN, **details)
        return self._unanswered(answer, **details)


@dataclass(frozen=True)
class StatusAmong(Requirement):
    """One of a few answers, of which each is known to meet the requirement, to leave it open, or not to meet it."""

    met: tuple[str, ...]
    unknown: tuple[str, ...]
    not_met: tuple[str, ...]

    def judge(self, answers: Answers) -> Outcome:
        """The answer itself is the reason."""
        answer = answers.get(self.field)
        verdicts = {Verdict.MET: self.met, Verdict.UNKNOWN: self.unknown, Verdict.NOT_MET: self.not_met}
        for verdict, values in verdicts.items():
            if isinstance(answer, str) and answer in values:
                return self._outcome(verdict, Reason.STATUS, value=answer)
        return self._unanswered(answer)


@dataclass(frozen=True)
class CountAtLeast(Requirement):
    """So many of something, such as papers."""

    line: int

    def judge(self, answers: Answers) -> Outcome:
        """A whole number from 0 to LARGEST_COUNT is compared; anything else is not understood."""
        value = answers.get(self.field)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_COUNT:
            return self._unanswered(value, line=self.line)
        met = value >= self.line
        verdict, reason = (Verdict.MET, Reason.LINE_REACHED) if met else (Verdict.NOT_MET, Reason.BELOW_LINE)
        return self._outcome(verdict, reason, value=value, line=self.line, margin=value - self.line)


@dataclass(frozen=True)
class Declared(Requirement):
    """Something that only the applicant can say of themselves, by ticking it."""

    def judge(self, answers: Answers) -> Outcome:
        """Unticked says nothing: it is UNKNOWN, never NOT_MET."""
        ticked = answers.get(self.field)
        if isinstance(ticked, list | tuple) and self.key in ticked:
            return self._outcome(Verdict.MET, Reason.DECLARED)
        return self._outcome(Verdict.UNKNOWN, Reason.NOT_DECLARED)


def evaluate(requirements: Iterable[Requirement], answers: Answers) -> list[Outcome]:
    """One outcome for each requirement, in their order. Total: no answers make it raise."""
    return [requirement.judge(answers) for requirement in requirements]
