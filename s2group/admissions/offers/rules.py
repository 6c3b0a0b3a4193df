"""How much time an applicant has to answer an offer. Pure."""

from datetime import datetime, timedelta

# Nobody has less, from the moment when the offer is shown.
LEAST_TIME = timedelta(days=1)
# How long before its end somebody is reminded of an offer.
REMINDED_BEFORE = timedelta(days=2)


def due_from(now: datetime, due_at: datetime | None) -> datetime | None:
    """When an offer that is shown at `now` lapses, if it was to lapse at `due_at`; None for one that never does."""
    return due_at and max(due_at, now + LEAST_TIME)
