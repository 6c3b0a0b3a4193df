"""What happened to an application, as far as its applicant may know."""

from s2group.admissions.models import Application
from s2group.audit.models import Event
from s2group.audit.rules import Kind

# Moves are told only once they are shown; who of the group did what never. All that is kept of these may be told.
TOLD = frozenset({Kind.SUBMITTED, Kind.CHANGED, Kind.SHOWN, Kind.TAKEN_BACK, Kind.DOCUMENT_ASKED, Kind.DOCUMENT_SENT})


def timeline(application: Application) -> list[Event]:
    """What the applicant may know, oldest first."""
    return [event for event in application.events if event.kind in TOLD]
