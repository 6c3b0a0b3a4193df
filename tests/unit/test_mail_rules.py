"""When a mail is tried again, and when it is handed to a person."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from s2group.mail.rules import PATIENCE, PAUSES, next_attempt

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)


def _moments(jitter: float) -> list[datetime]:
    """The moments of all attempts of a mail that nobody ever accepts."""
    moments: list[datetime] = [SENT]
    while again := next_attempt(attempts=len(moments), created_at=SENT, now=moments[-1], jitter=jitter):
        moments.append(again)
    return moments


def test_pauses_grow_from_seconds_to_hours() -> None:
    pauses = [later - earlier for earlier, later in pairwise(_moments(jitter=0))]
    assert [pause.total_seconds() for pause in pauses[:8]] == [10, 60, 300, 900, 3600, 7200, 14400, 28800]
    assert set(pauses[8:]) == {timedelta(hours=8)}


@pytest.mark.parametrize("jitter", [0, 0.5, 1])
def test_a_mail_is_tried_for_more_than_five_days(jitter: float) -> None:
    moments = _moments(jitter)
    assert PATIENCE < moments[-1] - SENT < timedelta(days=7)


def test_jitter_adds_a_tenth_at_most() -> None:
    assert next_attempt(attempts=3, created_at=SENT, now=SENT, jitter=1) == SENT + timedelta(seconds=330)


def test_a_first_failure_after_a_long_switch_off_is_no_reason_to_give_up() -> None:
    now = SENT + timedelta(days=30)
    assert next_attempt(attempts=1, created_at=SENT, now=now, jitter=0) == now + timedelta(seconds=10)


def test_many_attempts_in_a_short_time_are_no_reason_to_give_up() -> None:
    now = SENT + timedelta(hours=1)
    assert next_attempt(attempts=500, created_at=SENT, now=now, jitter=0) == now + timedelta(hours=8)


def test_many_attempts_over_a_long_time_are() -> None:
    now = SENT + PATIENCE + timedelta(seconds=1)
    assert next_attempt(attempts=len(PAUSES) + 1, created_at=SENT, now=now, jitter=0) is None
