"""The outcomes of an application as its readers judge them: what the answers say, and what people said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.queries import names_of
from s2group.admissions.models import Application
from s2group.admissions.overrides.queries import Standing, standing
from s2group.admissions.overrides.services import needs_reason
from s2group.admissions.rules import Level, Outcome, Verdict
from s2group.admissions.wording import ExplainedOutcome, explained, verdict_label
from s2group.core.localized import Locale


@dataclass(frozen=True)
class Said:
    """What a person said of an outcome; `holds` is whether the answer that it rests on is still the same."""

    id: int
    verdict: Verdict
    words: str
    reason: str
    by: str
    at: datetime
    holds: bool


@dataclass(frozen=True)
class JudgedOutcome:
    """An outcome in words, its verdict as it counts for the staff, and what was said of it.

    `newest` is the id of the newest word about it, also of one that was taken back; 0 without any.
    """

    outcome: ExplainedOutcome
    level: Level
    computed: Verdict
    verdict: Verdict
    words: str
    said: Said | None
    newest: int

    @property
    def is_required(self) -> bool:
        """Whether it is more than preferred."""
        return self.level is not Level.PREFERRED

    @property
    def is_exception(self) -> bool:
        """Whether a reader should look at it: not met, not known, or said of an answer that has changed since."""
        return self.verdict is not Verdict.MET or self.must_be_checked

    @property
    def must_be_checked(self) -> bool:
        """Whether what a person said of it rests on an answer that has changed since."""
        return self.said is not None and not self.said.holds

    @property
    def confirms(self) -> Verdict:
        """The verdict that takes one press and no reason."""
        return Verdict.MET if self.computed is Verdict.UNKNOWN else self.computed

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has said just that."""
        return self.said is not None and self.said.holds and not needs_reason(self.computed, self.said.verdict)


def outcomes_for(application: Application, locale: Locale) -> list[JudgedOutcome]:
    """As `judged`, with the names read from the database."""
    return judged(application, names_of(each.actor_id for each in application.overrides), locale)


def judged(application: Application, names: Mapping[int | None, str], locale: Locale) -> list[JudgedOutcome]:
    """Every outcome of the application, in the order of its requirements; `names` are those of the staff by id."""
    outcomes = [Outcome.from_dict(outcome) for outcome in application.outcomes]
    said, newest = standing(application), {each.requirement: each.id for each in application.overrides}
    return [
        _judged(outcome, words, said.get(outcome.key), newest.get(outcome.key, 0), names)
        for outcome, words in zip(outcomes, explained(outcomes, locale), strict=True)
    ]


def _judged(
    outcome: Outcome, words: ExplainedOutcome, found: Standing | None, newest: int, names: Mapping[int | None, str]
) -> JudgedOutcome:
    said = _said(found, names) if found else None
    verdict = said.verdict if said and said.holds else outcome.verdict
    return JudgedOutcome(
        outcome=words,
        level=outcome.level,
        computed=outcome.verdict,
        verdict=verdict,
        words=verdict_label(verdict),
        said=said,
        newest=newest,
    )


def _said(found: Standing, names: Mapping[int | None, str]) -> Said:
    override, verdict = found.override, Verdict(str(found.override.verdict))
    return Said(
        id=override.id,
        verdict=verdict,
        words=verdict_label(verdict),
        reason=override.reason,
        by=names.get(override.actor_id, ""),
        at=override.at,
        holds=found.holds,
    )
