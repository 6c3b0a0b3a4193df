"""When a letter about an applicant is due, and when whoever was asked for it is reminded."""

from datetime import datetime, timedelta

# How long a letter may take where the call stays open, and how long at least.
USUAL_TIME = timedelta(days=14)
LEAST_TIME = timedelta(days=7)
# The two reminders: so long after the letter was asked for, so long before it is due; never closer than the pause.
AFTER_ASKING = timedelta(days=7)
BEFORE_DUE = timedelta(days=3)
PAUSE = timedelta(days=3)


def due_at(*, asked_at: datetime, closes_at: datetime | None) -> datetime:
    """When a letter is due: at the end of the call, though nobody is given less than a week."""
    return asked_at + USUAL_TIME if closes_at is None else max(closes_at, asked_at + LEAST_TIME)


def is_reminder_due(*, asked_at: datetime, due_at: datetime, reminded_at: datetime | None, now: datetime) -> bool:
    """Whether a letter that has not come is to be asked for again; at most twice, and never once it is overdue."""
    moments = [moment for moment in (asked_at + AFTER_ASKING, due_at - BEFORE_DUE) if moment <= now < due_at]
    if reminded_at is None:
        return bool(moments)
    return now >= reminded_at + PAUSE and any(moment > reminded_at for moment in moments)
