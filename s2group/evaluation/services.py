"""What reviewers do to an application."""

from datetime import datetime

from s2group.accounts.models import User
from s2group.admissions.models import Application, HistoryEntry
from s2group.core.database import transaction
from s2group.evaluation.queries import OPENED, application_in_full, has_opened


def open_application(*, reference: str, actor: User, now: datetime) -> Application | None:
    """Give `actor` the application with this reference, or None; their first look goes into its history."""
    application = application_in_full(reference)
    if application is None or has_opened(application, actor.id):
        return application
    with transaction() as session:
        session.add(HistoryEntry(application_id=application.id, at=now, event=OPENED, actor_id=actor.id))
    return application_in_full(reference)
