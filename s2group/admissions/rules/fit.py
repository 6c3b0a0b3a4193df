"""How well an applicant's answers fit a route, beside other routes."""

from collections.abc import Sequence

from s2group.admissions.rules.outcomes import Level, Outcome, Verdict, blocking


def misfit(outcomes: Sequence[Outcome]) -> tuple[int, int, float]:
    """By which routes are sorted, the best fit first.

    What would stop an application weighs most, then the required ones that are not met, then how few are met.
    """
    required = [outcome for outcome in outcomes if outcome.level is Level.REQUIRED]
    missed = sum(outcome.verdict is Verdict.NOT_MET for outcome in required)
    met = sum(outcome.verdict is Verdict.MET for outcome in outcomes)
    return len(blocking(outcomes)), missed, -met / max(len(outcomes), 1)
