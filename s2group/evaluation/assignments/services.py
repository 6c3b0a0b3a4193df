"""Assigning an application by hand."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import Assigned, Unassigned
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.evaluation.assignments.models import Assignment
from s2group.evaluation.assignments.queries import assignment_to, conflict_of, rates_route


class NotAssignableError(Exception):
    """They do not rate this route, or have declared a conflict."""


def assign(*, application: Application, reviewer: User, actor: User, now: datetime) -> None:
    """Let `reviewer` rate an application. A second time changes nothing. Raises NotAssignableError."""
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        if not rates_route(reviewer, application.route_id) or conflict_of(reviewer, application):
            raise NotAssignableError
        if not assignment_to(actor, application, reviewer):
            add_assignment(session, application, reviewer, actor, now)


def add_assignment(session: Session, application: Application, reviewer: User, actor: User, now: datetime) -> None:
    """Write it, and that it happened, within the caller's transaction."""
    session.add(Assignment(application_id=application.id, user_id=reviewer.id, assigned_at=now))
    record(session, Assigned(reviewer.email), about=application.subject, at=now, actor_id=actor.id)


def unassign(*, application: Application, reviewer: User, actor: User, now: datetime) -> None:
    """`reviewer` need not rate it any more; what they have said of it stays. A second time changes nothing."""
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        if found := assignment_to(actor, application, reviewer):
            remove_assignment(session, found, application, reviewer, actor, now)


def remove_assignment(
    session: Session, found: Assignment, application: Application, reviewer: User, actor: User, now: datetime
) -> None:
    """Delete it, and write that it happened, within the caller's transaction."""
    remove(session, found)
    record(session, Unassigned(reviewer.email), about=application.subject, at=now, actor_id=actor.id)


def remove(session: Session, row: object | None) -> None:
    """Delete a row that was found, if it was."""
    if row is not None:
        session.delete(row)
