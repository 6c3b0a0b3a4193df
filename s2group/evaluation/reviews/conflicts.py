"""Declaring that one must not rate an application, and taking that back."""

from datetime import datetime

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import ConflictDeclared, ConflictWithdrawn
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.evaluation.assignments.models import Conflict
from s2group.evaluation.assignments.queries import assignment_to, conflict_of
from s2group.evaluation.assignments.services import remove
from s2group.evaluation.reviews.queries import own_review
from s2group.evaluation.reviews.services import refresh_score


def declare_conflict(*, application: Application, reason: str, actor: User, now: datetime) -> None:
    """`actor` must not rate it: their rating and their assignment go, and they see nobody's ratings of it.

    A second time changes nothing.
    """
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        if conflict_of(actor, application):
            return
        for row in (own_review(actor, application), assignment_to(actor, application, actor)):
            remove(session, row)
        refresh_score(session, application, actor)
        session.add(Conflict(application_id=application.id, user_id=actor.id, reason=reason, declared_at=now))
        record(session, ConflictDeclared(actor.email), about=application.subject, at=now, actor_id=actor.id)


def withdraw_conflict(*, application: Application, actor: User, now: datetime) -> None:
    """`actor` may rate it again. Without a conflict nothing changes."""
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        if found := conflict_of(actor, application):
            remove(session, found)
            record(session, ConflictWithdrawn(actor.email), about=application.subject, at=now, actor_id=actor.id)
