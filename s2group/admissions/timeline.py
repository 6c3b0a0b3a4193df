"""What happened to an application, as far as its applicant may know."""

from dataclasses import dataclass
from datetime import datetime

from s2group.admissions.models import Application, HistoryEntry
from s2group.admissions.rules.states import State
from s2group.admissions.services.changes import CHANGED
from s2group.admissions.services.document_requests import ASKED, SENT
from s2group.admissions.services.states import SHOWN, TAKEN_BACK

SUBMITTED = "submitted"
# Moves are told only once they are shown; who of the group did what, and their notes, never.
TOLD = frozenset({SUBMITTED, CHANGED, SHOWN, TAKEN_BACK, ASKED, SENT})
# The note of these is the text of a request, which is the applicant's to read.
REQUESTS = frozenset({ASKED, SENT})


@dataclass(frozen=True)
class TimelineEntry:
    """An entry of the applicant's timeline.

    `shown` is the state that they are shown from then on, `version` the number of the one that came, `text` what was
    asked for; each where the event is about it.
    """

    at: datetime
    event: str
    shown: State | None = None
    version: int | None = None
    text: str = ""


def timeline(application: Application) -> list[TimelineEntry]:
    """What the applicant may know, oldest first."""
    told = [entry for entry in application.history if entry.event in TOLD]
    changes = [entry for entry in told if entry.event == CHANGED]
    return [_happening(entry, changes) for entry in told]


def _happening(entry: HistoryEntry, changes: list[HistoryEntry]) -> TimelineEntry:
    return TimelineEntry(
        at=entry.at,
        event=entry.event,
        shown=State(entry.shown) if entry.shown else None,
        # The first change is the second version.
        version=changes.index(entry) + 2 if entry.event == CHANGED else None,
        text=entry.note if entry.event in REQUESTS else "",
    )
