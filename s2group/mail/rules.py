"""When a mail that was not accepted is tried again."""

from datetime import datetime, timedelta

# Short at first, for a server that restarts; then patient, for one that is down over a holiday.
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    *[timedelta(hours=8)] * 15,
)
# RFC 5321, 4.5.4.1: give up after 4 to 5 days at the earliest.
PATIENCE = timedelta(days=5)
# Up to this share of a pause is added by chance, so that mails that failed together do not come back together.
JITTER_SHARE = 0.1


def next_attempt(*, attempts: int, created_at: datetime, now: datetime, jitter: float) -> datetime | None:
    """When to try again after `attempts` attempts, the last of which has just failed; None: hand it to a person.

    A mail is given up only when it is old and has also been tried often: a machine that was switched off for a week
    must not give up at its first failure, nor one that restarts every minute within the hour. `jitter` is a random
    number from 0 to 1.
    """
    if attempts > len(PAUSES) and now - created_at > PATIENCE:
        return None
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    return now + pause * (1 + JITTER_SHARE * jitter)
