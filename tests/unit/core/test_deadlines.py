"""By when something must be done, in words: midnight is 24:00 of the day that it ends."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from s2group.core.i18n import deadline, long_time, until
from s2group.core.localized import Locale


@pytest.mark.parametrize(
    ("moment", "locale", "words"),
    [
        (datetime(2027, 9, 30, 16, tzinfo=UTC), "zh", "2027 年 9 月 30 日 24:00（UTC+8）"),
        (datetime(2027, 9, 30, 16, tzinfo=UTC), "en", "30 September 2027, 24:00 (UTC+8)"),
        (datetime(2027, 12, 31, 16, tzinfo=UTC), "en", "31 December 2027, 24:00 (UTC+8)"),
        (datetime(2027, 9, 30, 15, 59, 59, tzinfo=UTC), "zh", "2027 年 9 月 30 日 23:59（UTC+8）"),
        (datetime(2027, 9, 30, 16, 1, tzinfo=UTC), "zh", "2027 年 10 月 1 日 00:01（UTC+8）"),
    ],
)
def test_deadlines(moment: datetime, locale: Locale, words: str) -> None:
    assert deadline(moment, "Asia/Shanghai", locale) == words


def test_a_moment_that_is_no_deadline_stays_in_its_day() -> None:
    assert (
        long_time(datetime(2027, 9, 30, 16, tzinfo=UTC), "Asia/Shanghai", "zh") == "2027 年 10 月 1 日 00:00（UTC+8）"
    )


@pytest.mark.parametrize(
    ("day", "hour", "locale", "words"),
    [
        (26, 23, "en", "23:59"),
        (27, 0, "zh", "24:00"),
        (27, 1, "zh", "2026 年 9 月 27 日 01:00"),
        (28, 0, "en", "28 September 2026, 00:00"),
    ],
)
def test_what_goes_past_midnight_ends_with_its_date(day: int, hour: int, locale: Locale, words: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    end = datetime(2026, 9, day, hour, 59 if hour == 23 else 0, tzinfo=zone)
    assert until(datetime(2026, 9, 26, 23, 40, tzinfo=zone), end, locale) == words
