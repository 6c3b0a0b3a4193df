"""Noting what a person has checked."""

from datetime import datetime

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import DifferenceChecked
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.evaluation.access import rows_of
from s2group.evaluation.cross_check.models import CrossCheck


def check_off(*, application: Application, field: str, actor: User, now: datetime) -> bool:
    """Note that a person has looked at the differences of this field; False where there are none any more."""
    with transaction() as session:
        row = session.scalar(rows_of(application, CrossCheck).with_for_update())
        seen = [each for each in row.differences if each.field == field] if row else []
        if row is None or not seen:
            return False
        row.checked = [*row.checked, *([each.field, each.found] for each in seen)]
        row.unchecked = len(row.differences)
        for each in seen:
            details = DifferenceChecked(each.field, each.stated, each.found)
            record(session, details, about=application.subject, at=now, actor_id=actor.id)
    return True
