"""How slots are laid out, when two of them clash, and when one lies in somebody's night."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

# Whoever is asked for an interview outside of these hours of their own clock is told that it is at night.
DAY_BEGINS, DAY_ENDS = time(8), time(22)
# Nobody means more in one go: a whole day, every five minutes.
MOST_AT_ONCE = 100
# The zones that can be chosen, from west to east, as CLDR calls them; each is known by its city.
ZONES = (
    "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Vancouver", "America/Denver",
    "America/Phoenix", "America/Chicago", "America/Mexico_City", "America/New_York", "America/Toronto",
    "America/Bogota", "America/Lima", "America/Halifax", "America/Santiago", "America/Sao_Paulo",
    "America/Buenos_Aires", "Atlantic/Azores", "UTC", "Europe/London", "Europe/Dublin", "Europe/Lisbon",
    "Africa/Casablanca", "Africa/Lagos", "Europe/Paris", "Europe/Madrid", "Europe/Berlin", "Europe/Amsterdam",
    "Europe/Brussels", "Europe/Zurich", "Europe/Vienna", "Europe/Rome", "Europe/Prague", "Europe/Budapest",
    "Europe/Warsaw", "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki", "Europe/Athens",
    "Europe/Bucharest", "Europe/Kiev", "Africa/Cairo", "Africa/Johannesburg", "Africa/Nairobi", "Europe/Istanbul",
    "Europe/Moscow", "Asia/Riyadh", "Asia/Dubai", "Asia/Tehran", "Asia/Tbilisi", "Asia/Karachi", "Asia/Tashkent",
    "Asia/Almaty", "Asia/Calcutta", "Asia/Katmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Jakarta",
    "Asia/Saigon", "Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore",
    "Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Ulaanbaatar", "Australia/Perth", "Asia/Tokyo", "Asia/Seoul",
    "Australia/Adelaide", "Australia/Sydney", "Australia/Brisbane", "Pacific/Auckland",
)  # fmt: skip


class Span(Protocol):
    """What has a beginning and an end."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


S = TypeVar("S", bound=Span)


class TooManySlotsError(ValueError):
    """More than MOST_AT_ONCE slots would come of it."""


def lay_out(
    *, day: date, begin: time, end: time, minutes: int, pause: int, timezone: str
) -> list[tuple[datetime, datetime]]:
    """Slots of `minutes` with a `pause` between them, from `begin` until `end` at the latest by the clock of the zone.

    An hour that the clock skips or repeats that day changes nothing about how long a slot is. Raises TooManySlotsError.
    """
    zone = ZoneInfo(timezone)
    # In UTC: the difference of two moments of one zone is that of the hands of its clock.
    starts_at = datetime.combine(day, begin, zone).astimezone(ZoneInfo("UTC"))
    last = datetime.combine(day, end, zone).astimezone(ZoneInfo("UTC"))
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + pause)
    found: list[tuple[datetime, datetime]] = []
    while starts_at + length <= last:
        if len(found) == MOST_AT_ONCE:
            raise TooManySlotsError(MOST_AT_ONCE)
        found.append((starts_at, starts_at + length))
        starts_at += step
    return found


def overlap(one: Span, other: Span) -> bool:
    """Whether nobody can be at both; one may begin when the other ends."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def clashes(span: Span, others: Iterable[S]) -> list[S]:
    """Those of `others` that overlap it."""
    return [other for other in others if overlap(span, other)]


def is_at_night(span: Span, timezone: str) -> bool:
    """Whether any of it lies between DAY_ENDS and DAY_BEGINS by the clock of the zone."""
    start, end = (moment.astimezone(ZoneInfo(timezone)) for moment in (span.starts_at, span.ends_at))
    return start.time() < DAY_BEGINS or end.time() > DAY_ENDS or end.date() > start.date()
