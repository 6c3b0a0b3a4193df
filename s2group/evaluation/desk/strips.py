"""How an application's requirements came out, at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass

from s2group.admissions.rules import Level, Outcome, Verdict
from s2group.admissions.wording import short_name
from s2group.core.localized import Locale


@dataclass(frozen=True)
class Strip:
    """A cell for each requirement in the call's order, required ones first, and in words only what is not met."""

    required: tuple[Verdict, ...]
    preferred: tuple[Verdict, ...]
    not_met_required: tuple[str, ...]
    not_met_preferred: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def met(self) -> int:
        """How many are met."""
        return (self.required + self.preferred).count(Verdict.MET)


def strip_of(outcomes: Iterable[Outcome], locale: Locale) -> Strip:
    """The outcomes as a strip, with the short names of the requirements in `locale`."""
    required: list[Outcome] = []
    preferred: list[Outcome] = []
    for outcome in outcomes:
        (preferred if outcome.level is Level.PREFERRED else required).append(outcome)
    return Strip(
        tuple(outcome.verdict for outcome in required),
        tuple(outcome.verdict for outcome in preferred),
        _named(required, Verdict.NOT_MET, locale),
        _named(preferred, Verdict.NOT_MET, locale),
        _named(required + preferred, Verdict.UNKNOWN, locale),
    )


def _named(outcomes: Iterable[Outcome], verdict: Verdict, locale: Locale) -> tuple[str, ...]:
    return tuple(short_name(outcome, locale) for outcome in outcomes if outcome.verdict is verdict)
