"""What becomes of a message, and what to look at before it goes."""

import pytest

from s2group.evaluation.releases.rules import Doubt, Outcome, Standing, doubts, outcome_of


@pytest.mark.parametrize(
    ("told", "state", "shown", "outcome", "found"),
    [
        ("offer", "offer", "submitted", Outcome.TOLD, []),
        ("offer", "offer", "declined", Outcome.TOLD, [Doubt.REVERSED]),
        ("declined", "declined", "interview", Outcome.TOLD, []),
        ("offer", "declined", "submitted", Outcome.CHANGED, [Doubt.CHANGED]),
        ("offer", "offer", "offer", Outcome.KNOWN, [Doubt.KNOWN]),
        ("offer", "withdrawn", "withdrawn", Outcome.WITHDRAWN, [Doubt.WITHDRAWN]),
        (None, "withdrawn", "withdrawn", Outcome.TOLD, [Doubt.WITHDRAWN]),
        (None, "offer", "submitted", Outcome.TOLD, []),
    ],
)
def test_a_message(told: str | None, state: str, shown: str, outcome: Outcome, found: list[Doubt]) -> None:
    standing = Standing(state, shown)
    assert outcome_of(told, standing) is outcome
    assert doubts(told, standing, waits_elsewhere=False, empty_fields=[]) == found
    more = [*found, Doubt.TWICE, Doubt.EMPTY_FIELD]
    assert doubts(told, standing, waits_elsewhere=True, empty_fields=["pi"]) == more
