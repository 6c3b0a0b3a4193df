"""When and where an interview is, in words, by the clock of the group and by that of somebody elsewhere."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from flask import Flask

from s2group.admissions.interviews.rules import ZONES, S, Span, is_at_night
from s2group.core.i18n import CATALOGUES, current_locale, long_date, until, utc_offset
from s2group.core.localized import Locale

# What people call a clock that is not named after the city of its zone.
NAMED = {"Asia/Shanghai": {"zh": "北京时间", "en": "Beijing time"}, "UTC": {"zh": "世界时", "en": "UTC"}}


def zone_name(timezone: str, locale: Locale | None = None) -> str:
    """The city of a zone, such as 华沙 or Warsaw."""
    return _zone_name(timezone, locale or current_locale())


@cache
def _zone_name(timezone: str, locale: Locale) -> str:
    if timezone in NAMED:
        return NAMED[timezone][locale]
    return str(get_timezone_location(timezone, locale=CATALOGUES[locale], return_city=True))


def zone_choices(now: datetime) -> list[tuple[str, str]]:
    """The zones that can be chosen, from west to east: each with its city, and by how much its clock differs now."""
    by_offset = sorted(ZONES, key=lambda zone: now.astimezone(ZoneInfo(zone)).utcoffset() or now - now)
    return [(zone, f"{utc_offset(now.astimezone(ZoneInfo(zone)))} {zone_name(zone)}") for zone in by_offset]


def day_in_words(day: date, locale: Locale | None = None) -> str:
    """2026 年 9 月 26 日 周六, or Saturday, 26 September 2026."""
    language = locale or current_locale()
    weekday = format_date(day, "EEE" if language == "zh" else "EEEE", locale=CATALOGUES[language])
    words = long_date(day, language)
    return f"{words} {weekday}" if language == "zh" else f"{weekday}, {words}"


def hours(span: Span, timezone: str, locale: Locale | None = None) -> str:
    """15:40–16:00, or 23:40–24:00; past midnight with the second date, as 23:50–27 September 2026, 00:10."""
    start, end = (moment.astimezone(ZoneInfo(timezone)) for moment in (span.starts_at, span.ends_at))
    return f"{start:%H:%M}–{until(start, end, locale)}"


def local_day(moment: datetime, timezone: str) -> date:
    """The day that it is there then."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def groupby_day(spans: Iterable[S], timezone: str) -> list[tuple[date, list[S]]]:
    """What is in the order of time, by the days that it is there then."""
    days = groupby(spans, lambda span: local_day(span.starts_at, timezone))
    return [(day, list(of_day)) for day, of_day in days]


def when(span: Span, timezone: str, locale: Locale | None = None) -> str:
    """Day, hours and clock: 2026 年 9 月 26 日 周六 15:40–16:00（北京时间，UTC+8）."""
    language = locale or current_locale()
    start = span.starts_at.astimezone(ZoneInfo(timezone))
    day, name, offset = day_in_words(start.date(), language), zone_name(timezone, language), utc_offset(start)
    if language == "zh":
        return f"{day} {hours(span, timezone, language)}（{name}，{offset}）"
    return f"{day}, {hours(span, timezone, language)} ({name}, {offset})"


def elsewhere(span: Span, timezone: str, home: str, locale: Locale | None = None) -> str:
    """The same span by another clock, shortly: 华沙 09:40, with its date where that is another day than at `home`."""
    start = span.starts_at.astimezone(ZoneInfo(timezone))
    words = f"{zone_name(timezone, locale)} {start:%H:%M}"
    is_same_day = start.date() == local_day(span.starts_at, home)
    return words if is_same_day else f"{words} · {long_date(start.date(), locale)}"


def init_app(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        zone_name=zone_name, day_in_words=day_in_words, hours=hours, local_day=local_day, when=when, elsewhere=elsewhere
    )
    app.jinja_env.filters["groupby_day"] = groupby_day
    app.jinja_env.tests["at_night"] = is_at_night
