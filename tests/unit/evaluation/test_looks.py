"""What a reader has seen, and from where on something is new to them."""

from datetime import UTC, datetime, timedelta

from s2group.evaluation.looks.rules import VISIT, Look, Seen, look_again

MORNING = datetime(2026, 9, 22, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def seen(after: timedelta, event_id: int = 1, version: int = 1) -> Seen:
    return Seen(MORNING + after, version, event_id)


def test_on_a_first_look_nothing_was_seen_before() -> None:
    assert look_again(None, seen(0 * MINUTE)) == Look(seen(0 * MINUTE), None)


def test_what_comes_within_the_first_visit_is_new_to_it() -> None:
    first = look_again(None, seen(0 * MINUTE))
    second = look_again(first, seen(5 * MINUTE, event_id=2))
    assert second == Look(seen(5 * MINUTE, event_id=2), seen(0 * MINUTE))


def test_marks_stay_until_the_visit_is_over() -> None:
    visit = Look(seen(0 * MINUTE, event_id=7), seen(-timedelta(days=2)))
    again = look_again(visit, seen(VISIT - MINUTE, event_id=8))
    assert again.before == seen(-timedelta(days=2))
    later = look_again(again, seen(2 * VISIT, event_id=8))
    assert later.before == seen(VISIT - MINUTE, event_id=8)
