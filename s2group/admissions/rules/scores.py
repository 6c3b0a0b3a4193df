"""Test scores, and what counts in their place."""

from dataclasses import dataclass
from typing import Any

from s2group.admissions.rules.outcomes import AWAITED, NOT_TAKEN, Outcome, Reason, Scale, Score, Verdict
from s2group.admissions.rules.requirements import Answers, Requirement


@dataclass(frozen=True)
class ScoreAtLeast(Requirement):
    """A test score of at least the minimum. One that reaches its own minimum in `alternatives` counts as well."""

    scale: Scale
    alternatives: tuple[Scale, ...] = ()

    @property
    def quick_fields(self) -> frozenset[str]:
        """The test itself and those that count in its place."""
        return frozenset(scale.field for scale in (self.scale, *self.alternatives))

    def judge(self, answers: Answers) -> Outcome:
        """The first score that reaches its minimum decides, the requirement's own before the alternatives."""
        readings = self._readings(answers)
        for scale, value in readings:
            if value >= scale.minimum:
                return self._on(scale, value, met_by=None if scale.field == self.field else scale.field)
        if readings and readings[0][0].field == self.field:
            return self._on(*readings[0], alternatives=self.alternatives)
        return self._without_score(answers.get(self.field))

    def _readings(self, answers: Answers) -> list[tuple[Scale, Score]]:
        """The scores given. Where two scales of one test hold a score, the narrower counts: TOEFL 5 is 5 of 6."""
        found: dict[str, tuple[Scale, Score]] = {}
        for scale in (self.scale, *self.alternatives):
            value = scale.reading(answers)
            if value is not None and (scale.field not in found or scale.high < found[scale.field][0].high):
                found[scale.field] = (scale, value)
        return list(found.values())

    def _on(self, scale: Scale, value: Score, **details: Any) -> Outcome:
        return self._compared(value, scale.minimum, scale=scale.high, **details)

    def _without_score(self, answer: object) -> Outcome:
        details = {"threshold": self.scale.minimum, "scale": self.scale.high, "alternatives": self.alternatives}
        if answer == AWAITED:
            return self._outcome(Verdict.UNKNOWN, Reason.AWAITED, **details)
        if answer == NOT_TAKEN:
            return self._outcome(Verdict.NOT_MET, Reason.NOT_TAKEN, **details)
        return self._unanswered(answer, **details)
