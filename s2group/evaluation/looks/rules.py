"""What a reader has seen, and from where on something is new to them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from s2group.audit.rules import Kind

# Views with less between them are one visit: what was new at its beginning stays marked until its end.
VISIT = timedelta(minutes=30)
# What a reader wants to know of; mail and files are in the hands of custody, and looks are no news.
# The trigger event_is_news lists them, too: one more is a migration that makes the trigger anew.
NEWS = (
    Kind.CHANGED,
    Kind.MOVED,
    Kind.SHOWN,
    Kind.TAKEN_BACK,
    Kind.REEVALUATED,
    Kind.OUTCOME_VERIFIED,
    Kind.OUTCOME_OVERRIDDEN,
    Kind.DOCUMENT_ASKED,
    Kind.DOCUMENT_SENT,
    Kind.ASKED_AGAIN,
    Kind.CONFIRMED,
    Kind.REQUEST_TAKEN_BACK,
    Kind.LETTER_RECEIVED,
    Kind.FILES_REMOVED,
    Kind.MAIL_CAME_BACK,
    Kind.REPLY_ADDED,
)


@dataclass(frozen=True)
class Seen:
    """What a view of the page showed: when, which version of the application, and its events up to this id."""

    at: datetime
    version: int
    event_id: int


@dataclass(frozen=True)
class Look:
    """The newest view of a reader, and what they had seen before this visit; None on their first view."""

    seen: Seen
    before: Seen | None


def look_again(look: Look | None, seen: Seen) -> Look:
    """The look after one more view. Within a visit what came before it stays the same."""
    if look is None:
        return Look(seen, None)
    goes_on = seen.at - look.seen.at < VISIT
    return Look(seen, (look.before or look.seen) if goes_on else look.seen)
