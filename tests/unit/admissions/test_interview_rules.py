"""How slots are laid out, when they clash, and when one is at night."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.admissions.interviews.rules import (
    MOST_AT_ONCE,
    ZONES,
    TooManySlotsError,
    clashes,
    is_at_night,
    lay_out,
    overlap,
)
from s2group.core.days import end_of_day

DAY = date(2026, 9, 26)
BEGIN = datetime(2026, 9, 26, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Span:
    starts_at: datetime
    ends_at: datetime


def span(start: int, length: int) -> Span:
    return Span(BEGIN + start * MINUTE, BEGIN + (start + length) * MINUTE)


SPANS = st.builds(span, st.integers(0, 300), st.integers(1, 60))


@given(SPANS, SPANS)
def test_two_overlap_where_they_share_a_minute(one: Span, other: Span) -> None:
    def minutes(each: Span) -> set[datetime]:
        return {each.starts_at + n * MINUTE for n in range(round((each.ends_at - each.starts_at) / MINUTE))}

    assert overlap(one, other) is overlap(other, one) is bool(minutes(one) & minutes(other))


@given(st.lists(SPANS, max_size=20), SPANS)
def test_clashes_are_all_that_overlap_and_nothing_else(others: list[Span], one: Span) -> None:
    assert clashes(one, others) == [each for each in others if overlap(one, each)]


@given(st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(5, 60), st.integers(0, 30))
def test_slots_have_their_length_and_pause_in_every_zone_on_every_day(
    zone: str, day: date, minutes: int, pause: int
) -> None:
    found = lay_out(day=day, begin=time(9), end=time(12), minutes=minutes, pause=pause, timezone=zone)
    assert all(end - start == minutes * MINUTE for start, end in found)
    assert all(later[0] - former[1] == pause * MINUTE for former, later in itertools.pairwise(found))
    assert len(found) == (180 + pause) // (minutes + pause)


def test_nobody_adds_more_than_a_day_full() -> None:
    with pytest.raises(TooManySlotsError):
        lay_out(day=DAY, begin=time(0), end=time(23, 59), minutes=5, pause=0, timezone="UTC")
    assert MOST_AT_ONCE == 100


@pytest.mark.parametrize(
    ("begin", "zone", "at_night"),
    [
        ((7, 40), "Asia/Shanghai", False),  # 15:40
        ((7, 40), "Europe/Warsaw", False),  # 9:40
        ((1, 50), "Europe/Warsaw", True),  # 3:50
        ((5, 59), "Europe/Warsaw", True),  # 7:59
        ((6, 0), "Europe/Warsaw", False),  # 8:00
        ((19, 40), "Europe/Warsaw", False),  # until 22:00
        ((19, 41), "Europe/Warsaw", True),
        ((21, 50), "Europe/Warsaw", True),  # over midnight
    ],
)
def test_night_is_by_the_clock_of_where_somebody_is(begin: tuple[int, int], zone: str, at_night: bool) -> None:
    start = datetime(2026, 9, 26, *begin, tzinfo=UTC)
    assert is_at_night(Span(start, start + 20 * MINUTE), zone) is at_night


def test_a_day_ends_where_the_next_begins_there() -> None:
    assert end_of_day(DAY, ZoneInfo("Asia/Shanghai")) == datetime(2026, 9, 26, 16, tzinfo=UTC)
