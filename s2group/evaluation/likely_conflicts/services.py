"""Putting a hint aside."""

from datetime import datetime

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.evaluation.likely_conflicts.models import DismissedHint


def dismiss_hints(*, application: Application, actor: User, now: datetime) -> None:
    """`actor` has no conflict with the application. A second time changes nothing."""
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        session.merge(DismissedHint(application_id=application.id, user_id=actor.id, at=now))
