"""What happened to an application, in words for the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.queries import names_of
from s2group.admissions.models import Application
from s2group.admissions.wording import event_names
from s2group.audit.wording import in_words


@dataclass(frozen=True)
class HistoryLine:
    """One event; `actor` is the name of whoever of the staff did it, or empty."""

    at: datetime
    words: str
    actor: str


def history_in_words(application: Application, requirements: Mapping[str, str]) -> list[HistoryLine]:
    """All events in the reader's language, oldest first; `requirements` names them by their keys."""
    names = event_names(requirements, application.route.call.timezone)
    actors = names_of(event.actor_id for event in application.events)
    return [
        HistoryLine(event.at, in_words(event.details, names), actors.get(event.actor_id, ""))
        for event in application.events
    ]
