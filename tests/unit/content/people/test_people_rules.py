"""Who is in the group on a day, and in which order people are named."""

from datetime import date

import pytest

from s2group.content.people.rules import has_left, is_current, is_to_come, latest_first, order_in_role
from s2group.content.pictures.rules import shown_height, shown_widths

TODAY = date(2026, 3, 1)
YESTERDAY, TOMORROW = date(2026, 2, 28), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("status", "left_on", "left"),
    [
        ("current", None, False),
        ("current", TOMORROW, False),
        ("current", TODAY, False),
        ("current", YESTERDAY, True),
        ("alumni", None, True),
        ("alumni", TOMORROW, True),
    ],
)
def test_the_last_day_makes_alumni(status: str, left_on: date | None, left: bool) -> None:
    assert has_left(status, left_on, TODAY) is left


@pytest.mark.parametrize(
    ("joined_on", "to_come"), [(None, False), (TODAY, False), (YESTERDAY, False), (TOMORROW, True)]
)
def test_nobody_is_there_before_the_first_day(joined_on: date | None, to_come: bool) -> None:
    assert is_to_come(joined_on, TODAY) is to_come
    assert is_current("current", joined_on, None, TODAY) is not to_come


def test_people_of_a_role_are_sorted_by_key_then_cohort_then_name() -> None:
    people = [
        (None, None, "a"),
        (None, 2024, "c"),
        (None, 2024, "b"),
        (None, 2022, "z"),
        (2, None, "y"),
        (-1, 2025, "x"),
    ]
    assert sorted(people, key=lambda person: order_in_role(*person)) == [
        (-1, 2025, "x"),
        (2, None, "y"),
        (None, 2022, "z"),
        (None, 2024, "b"),
        (None, 2024, "c"),
        (None, None, "a"),
    ]


def test_alumni_who_left_last_come_first() -> None:
    people = [(None, 2019, "a"), (date(2024, 6, 30), 2021, "b"), (None, 2022, "c"), (date(2025, 6, 30), 2022, "d")]
    assert [name for *_, name in sorted(people, key=lambda person: latest_first(*person))] == ["d", "b", "c", "a"]


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (100, [(160, 100)]),
        (160, [(160, 160)]),
        (500, [(160, 160), (320, 320), (640, 500)]),
        (4000, [(160, 160), (320, 320), (640, 640), (1280, 1280)]),
    ],
)
def test_a_picture_is_offered_up_to_its_own_width(width: int, widths: list[tuple[int, int]]) -> None:
    assert shown_widths(width) == widths


def test_a_picture_keeps_its_proportions_and_one_pixel_at_least() -> None:
    assert shown_height(600, 800, 160) == 213
    assert shown_height(10_000, 3, 160) == 1
