"""How long what was done to many applications can be undone, and how many there may be. Pure."""

from datetime import datetime, timedelta

UNDONE_WITHIN = timedelta(minutes=30)
# A dry run is read by a person; whoever means more makes the search narrower.
MOST = 1000
# How long a run is kept. What it did stands in the events of its applications.
KEPT = timedelta(days=1)


def may_be_undone(*, applied_at: datetime | None, undone_at: datetime | None, now: datetime) -> bool:
    """Whether there is time left to undo what was applied."""
    return applied_at is not None and undone_at is None and now < applied_at + UNDONE_WITHIN
