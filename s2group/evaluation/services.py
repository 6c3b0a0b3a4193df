"""What reviewers do to an application."""

from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import Opened
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.evaluation.looks.rules import Look
from s2group.evaluation.looks.services import remember_look
from s2group.evaluation.queries import application_in_full, has_opened


@dataclass(frozen=True)
class OpenedApplication:
    """An application, and what its reader had seen of it before."""

    application: Application
    look: Look


def open_application(*, reference: str, actor: User, now: datetime) -> OpenedApplication | None:
    """Give `actor` the application with this reference, or None.

    Their first look is recorded as an event, and each of their looks is remembered for themselves.
    """
    application = application_in_full(actor, reference)
    if application and not has_opened(application, actor.id):
        with transaction() as session:
            record(session, Opened(), about=application.subject, at=now, actor_id=actor.id)
        application = application_in_full(actor, reference)
    if application is None:
        return None
    return OpenedApplication(application, remember_look(application=application, user=actor, now=now))
