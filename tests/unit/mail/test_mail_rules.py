"""What may become of a mail, when it is tried again, and when it is handed to a person."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import get_args

import pytest

from s2group.mail.rules import FOR_A_PERSON, GIVE_UP_AFTER, MOVES, PAUSES, UNDER_WAY, State, Verb, next_attempt

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)


STATES: tuple[State, ...] = get_args(State)
ALLOWED: dict[tuple[State, State], set[Verb]] = {
    ("waiting", "sending"): {"claim"},
    ("sending", "accepted"): {"accept"},
    ("sending", "written"): {"write"},
    ("sending", "waiting"): {"put off"},
    ("sending", "stuck"): {"give up"},
    ("accepted", "bounced"): {"bounce"},
    ("stuck", "waiting"): {"send again"},
    ("stuck", "replaced"): {"replace"},
    ("bounced", "waiting"): {"send again"},
    ("bounced", "replaced"): {"replace"},
    # A server's consent that is heard late.
    ("waiting", "accepted"): {"accept"},
    ("stuck", "accepted"): {"accept"},
    ("waiting", "written"): {"write"},
    ("stuck", "written"): {"write"},
}


@pytest.mark.parametrize(("origin", "target"), list(product(STATES, STATES)))
def test_every_pair_of_states_is_allowed_by_the_moves_named_here_or_refused(origin: State, target: State) -> None:
    found = {verb for verb, move in MOVES.items() if origin in move.origins and target == move.target}
    assert found == ALLOWED.get((origin, target), set())


def test_every_state_is_with_the_worker_or_with_a_person_or_finished() -> None:
    assert sorted((*UNDER_WAY, *FOR_A_PERSON, "accepted", "written", "replaced")) == sorted(STATES)
    assert set(MOVES) == set(get_args(Verb))


def _moments(jitter: float) -> list[datetime]:
    """The moments of all attempts of a mail that nobody ever accepts."""
    moments: list[datetime] = [SENT]
    while again := next_attempt(attempts=len(moments), retry_since=SENT, now=moments[-1], jitter=jitter):
        moments.append(again)
    return moments


def test_pauses_grow_from_seconds_to_hours() -> None:
    pauses = [later - earlier for earlier, later in pairwise(_moments(jitter=0))]
    assert [pause.total_seconds() for pause in pauses[:8]] == [10, 60, 300, 900, 3600, 7200, 14400, 28800]
    assert set(pauses[8:]) == {timedelta(hours=8)}


@pytest.mark.parametrize("jitter", [0, 0.5, 1])
def test_a_mail_is_tried_for_six_days_to_the_end(jitter: float) -> None:
    moments = _moments(jitter)
    assert timedelta(days=6) <= GIVE_UP_AFTER < moments[-1] - SENT < timedelta(days=7)
    assert max(later - earlier for earlier, later in pairwise(moments)) <= timedelta(hours=8.8)


def test_jitter_adds_a_tenth_at_most() -> None:
    assert next_attempt(attempts=3, retry_since=SENT, now=SENT, jitter=1) == SENT + timedelta(seconds=330)


def test_a_first_failure_after_a_long_switch_off_is_no_reason_to_give_up() -> None:
    now = SENT + timedelta(days=30)
    assert next_attempt(attempts=1, retry_since=SENT, now=now, jitter=0) == now + timedelta(seconds=10)


def test_many_attempts_in_a_short_time_are_no_reason_to_give_up() -> None:
    now = SENT + timedelta(hours=1)
    assert next_attempt(attempts=500, retry_since=SENT, now=now, jitter=0) == now + timedelta(hours=8)


def test_many_attempts_over_a_long_time_are() -> None:
    now = SENT + GIVE_UP_AFTER + timedelta(seconds=1)
    assert next_attempt(attempts=len(PAUSES) + 1, retry_since=SENT, now=now, jitter=0) is None
