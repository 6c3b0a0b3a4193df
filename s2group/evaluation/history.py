"""What happened to an application, in words for the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from s2group.admissions.models import Application
from s2group.admissions.wording import event_names
from s2group.audit.wording import in_words


@dataclass(frozen=True)
class HistoryLine:
    """One event; `actor` is whoever of the staff did it, or empty."""

    event_id: int
    at: datetime
    words: str
    actor: str


def history_in_words(
    application: Application, requirements: Mapping[str, str], actors: Mapping[int | None, str]
) -> list[HistoryLine]:
    """All events in the reader's language, oldest first; `requirements` are named by key, `actors` by id."""
    names = event_names(requirements, application.route.call.timezone)
    return [
        HistoryLine(event.id, event.at, in_words(event.details, names), actors.get(event.actor_id, ""))
        for event in application.events
    ]
