"""Where the time of a project lies among the years."""

from datetime import date

import pytest

from s2group.content.projects.rules import YearAxis, year_axis

TWO = YearAxis(2025, 2026)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2025-01", "2026-12", (0, 100)),
        ("2025-07", "2025-12", (25, 25)),
        ("2026-01", "2026-01", (50, 100 / 24)),
        ("", "2025-12", (0, 50)),
        ("2026-07", "", (75, 25)),
        ("", "", (0, 100)),
    ],
)
def test_a_span_goes_from_the_first_day_of_its_first_month_to_the_last_of_its_last(
    start: str, end: str, found: tuple[float, float]
) -> None:
    assert TWO.span(start, end) == pytest.approx(found)


def test_a_day_lies_within_its_month() -> None:
    assert TWO.day(date(2025, 1, 1)) == 0
    assert TWO.day(date(2026, 7, 1)) == pytest.approx(75)
    assert 100 - 100 / 24 < TWO.day(date(2026, 12, 31)) < 100


def test_the_axis_holds_every_month_that_is_known_and_today() -> None:
    assert year_axis(["2022-05", "", "2024-01"], date(2026, 11, 30)) == YearAxis(2022, 2026)
    assert year_axis(["2025-01", "2028-12"], date(2026, 11, 30)) == YearAxis(2025, 2028)
    assert list(year_axis([], date(2026, 11, 30)).years) == [2026]
