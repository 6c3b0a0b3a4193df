"""What happened to an application, as far as its applicant may know."""

from datetime import datetime

from s2group.admissions.models import Application
from s2group.audit.models import Event
from s2group.audit.rules import Kind

# Moves are told only once they are shown; who of the group did what never. All that is kept of these may be told.
TOLD = frozenset({Kind.SUBMITTED, Kind.CHANGED, Kind.SHOWN, Kind.TAKEN_BACK, Kind.DOCUMENT_ASKED, Kind.DOCUMENT_SENT})


def timeline(application: Application, now: datetime) -> list[Event]:
    """What the applicant may know, oldest first; a request that is held, or was taken back before it went, is none."""
    held = {asked.asked_at for asked in application.document_requests if not asked.is_told(now)}
    return [
        event
        for event in application.events
        if event.kind in TOLD and not (event.kind == Kind.DOCUMENT_ASKED and event.at in held)
    ]
