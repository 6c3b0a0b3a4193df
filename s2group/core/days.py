"""Days of a time zone."""

from datetime import date, datetime, time, timedelta, tzinfo


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The moment at which the day ends there: midnight, with which the next one begins."""
    return datetime.combine(day + timedelta(days=1), time(), zone)
