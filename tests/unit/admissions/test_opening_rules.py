"""When a call and its routes take applications."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from s2group.admissions.rules.openings import (
    Closure,
    accepts_until,
    closure,
    places_left,
    why_not,
    why_not_submit,
)

OPENS, CLOSES = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BEFORE_THE_END = CLOSES - SECOND


@dataclass(frozen=True)
class Dates:
    opens_at: datetime = OPENS
    closes_at: datetime | None = CLOSES
    grace_minutes: int = 30


@dataclass(frozen=True)
class Room:
    places: int | None = None
    filled: bool = False


DATED, ROLLING = Dates(), Dates(closes_at=None)


@pytest.mark.parametrize(
    ("call", "now", "expected"),
    [
        (DATED, OPENS - SECOND, Closure.NOT_YET),
        (DATED, OPENS, None),
        (DATED, BEFORE_THE_END, None),
        (DATED, CLOSES, Closure.CLOSED),
        (ROLLING, OPENS - SECOND, Closure.NOT_YET),
        (ROLLING, OPENS + timedelta(days=9999), None),
    ],
)
def test_a_call_is_open_from_its_first_moment_to_just_before_its_last(
    call: Dates, now: datetime, expected: Closure | None
) -> None:
    assert closure(call, now) is expected


@pytest.mark.parametrize(
    ("room", "offers", "left"),
    [
        (Room(), 99, None),
        (Room(places=3), 0, 3),
        (Room(places=3), 2, 1),
        (Room(places=3), 3, 0),
        (Room(places=3), 4, 0),
        (Room(places=3, filled=True), 0, 0),
        (Room(filled=True), 0, 0),
    ],
)
def test_places_go_with_offers_or_when_the_group_says_so(room: Room, offers: int, left: int | None) -> None:
    assert places_left(room, offers) == left


def test_a_route_is_filled_while_its_call_is_open_and_closed_afterwards() -> None:
    full = Room(places=1)
    found = [why_not(full, DATED, offers=1, now=now) for now in (OPENS - SECOND, OPENS, CLOSES)]
    assert found == [Closure.NOT_YET, Closure.FILLED, Closure.CLOSED]
    assert why_not(full, DATED, offers=0, now=OPENS) is None


@pytest.mark.parametrize(
    ("started_at", "now", "expected"),
    [
        (BEFORE_THE_END, BEFORE_THE_END, None),
        (BEFORE_THE_END, CLOSES, None),
        (OPENS, CLOSES + 30 * MINUTE - SECOND, None),
        (OPENS, CLOSES + 30 * MINUTE, Closure.CLOSED),
        (CLOSES, CLOSES, Closure.CLOSED),
        (CLOSES, CLOSES + MINUTE, Closure.CLOSED),
        (OPENS - SECOND, OPENS - SECOND, Closure.NOT_YET),
        (OPENS - SECOND, CLOSES + MINUTE, Closure.CLOSED),
    ],
)
def test_a_draft_begun_in_time_has_the_grace(started_at: datetime, now: datetime, expected: Closure | None) -> None:
    assert why_not_submit(started_at, DATED, Room(), now, offers=0) is expected


def test_no_grace_brings_a_place_back() -> None:
    assert why_not_submit(OPENS, DATED, Room(filled=True), CLOSES + MINUTE, offers=0) is Closure.FILLED


def test_without_an_end_a_draft_can_always_be_submitted() -> None:
    assert accepts_until(ROLLING) is None
    assert accepts_until(DATED) == CLOSES + 30 * MINUTE
    assert why_not_submit(OPENS, ROLLING, Room(places=2), OPENS + timedelta(days=9999), offers=1) is None
