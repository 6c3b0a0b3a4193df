"""When letters are due and reminders go out."""

from datetime import UTC, datetime, timedelta

import pytest

from s2group.admissions.rules.letters import due_at, is_reminder_due

ASKED = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("closes_after", "due_after"), [(None, 14), (30, 30), (8, 8), (7, 7), (6, 7), (0, 7), (-1, 7)])
def test_a_letter_is_due_when_the_call_closes_and_never_within_a_week(closes_after: int | None, due_after: int) -> None:
    closes_at = None if closes_after is None else ASKED + closes_after * DAY
    assert due_at(asked_at=ASKED, closes_at=closes_at) == ASKED + due_after * DAY


@pytest.mark.parametrize(
    ("after", "reminded_after", "expected"),
    [
        (7 * DAY - SECOND, None, False),
        (7 * DAY, None, True),
        (7 * DAY + SECOND, 7 * DAY, False),
        (17 * DAY - SECOND, 7 * DAY, False),
        (17 * DAY, 7 * DAY, True),
        (17 * DAY, None, True),
        (18 * DAY, 17 * DAY, False),
        (17 * DAY, 16 * DAY, False),
        (19 * DAY, 16 * DAY, True),
        (20 * DAY - SECOND, None, True),
        (20 * DAY, None, False),
    ],
)
def test_a_reminder_comes_after_a_week_and_three_days_before_the_end(
    after: timedelta, reminded_after: timedelta | None, expected: bool
) -> None:
    reminded_at = None if reminded_after is None else ASKED + reminded_after
    assert (
        is_reminder_due(asked_at=ASKED, due_at=ASKED + 20 * DAY, reminded_at=reminded_at, now=ASKED + after) is expected
    )
