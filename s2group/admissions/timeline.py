"""What happened to an application, as far as its applicant may know."""

from dataclasses import dataclass
from datetime import datetime

from s2group.admissions.changes import CHANGED
from s2group.admissions.models import Application
from s2group.admissions.requests import ASKED, SENT
from s2group.admissions.states import SHOWN

SUBMITTED = "submitted"
# Moves are told only once they are shown; who of the group did what, and their notes, never.
TOLD = frozenset({SUBMITTED, CHANGED, SHOWN, ASKED, SENT})


@dataclass(frozen=True)
class Happening:
    """An entry of the applicant's timeline; `note` is a state, a version or the words of a request."""

    at: datetime
    event: str
    note: str


def timeline(application: Application) -> list[Happening]:
    """What the applicant may know, oldest first."""
    return [Happening(entry.at, entry.event, entry.note) for entry in application.history if entry.event in TOLD]
