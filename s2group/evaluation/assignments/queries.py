"""Reads of assignments and conflicts."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import selectinload

from s2group.accounts.models import RoleGrant, User
from s2group.admissions.models import Application, ApplicationFacts, Referee
from s2group.core.permissions import Role
from s2group.evaluation.access import has_row, visible_to
from s2group.evaluation.assignments.models import Assignment, Conflict
from s2group.extensions import db

# Whoever has one of these roles is expected to rate; an administrator may, and waits for nothing.
RATERS = frozenset({Role.PI, Role.REVIEWER})


def has_conflict(user: User) -> ColumnElement[bool]:
    """A condition on a statement over facts: `user` must not rate the application."""
    return has_row(Conflict.application_id, Conflict.user_id == user.id)


def is_for(user: User) -> ColumnElement[bool]:
    """The same: `user` is assigned to it, or nobody is and it is of a route that they rate."""
    mine = has_row(Assignment.application_id, Assignment.user_id == user.id)
    return mine | (_is_of_own_route(user) & ~has_row(Assignment.application_id))


def _is_of_own_route(user: User) -> ColumnElement[bool]:
    granted = {grant.route_id for grant in user.grants if grant.role in RATERS}
    if None in granted:
        return ApplicationFacts.route_id.is_not(None)
    return ApplicationFacts.route_id.in_(granted)


def conflict_of(user: User, application: Application) -> Conflict | None:
    """The conflict that `user` has declared about an application."""
    declared = and_(Conflict.application_id == Application.id, Conflict.user_id == user.id)
    statement = visible_to(user).join(Conflict, declared).with_only_columns(Conflict)
    return db.session.scalar(statement.where(Application.id == application.id))


def assigned_to(user: User, application: Application) -> Sequence[User]:
    """Who shall rate an application that `user` sees, by address."""
    statement = (
        visible_to(user)
        .join(Assignment, Assignment.application_id == Application.id)
        .join(Assignment.user)
        .with_only_columns(User)
        .where(Application.id == application.id)
    )
    return db.session.scalars(statement.order_by(User.email)).all()


def raters() -> Sequence[User]:
    """Every open account that is expected to rate, by address, with its grants."""
    statement = select(User).join(User.grants).where(User.active, RoleGrant.role.in_(RATERS))
    return db.session.scalars(statement.options(selectinload(User.grants)).distinct().order_by(User.email)).all()


def rates_route(user: User, route_id: int) -> bool:
    """Whether `user` is expected to rate the applications of this route."""
    return any(grant.role in RATERS and grant.route_id in (None, route_id) for grant in user.grants)


def assignment_to(actor: User, application: Application, reviewer: User) -> Assignment | None:
    """That `reviewer` shall rate an application that `actor` sees."""
    given = and_(Assignment.application_id == Application.id, Assignment.user_id == reviewer.id)
    statement = visible_to(actor).join(Assignment, given).with_only_columns(Assignment)
    return db.session.scalar(statement.where(Application.id == application.id))


def assignments_among(actor: User, reviewer: User, ids: Collection[int]) -> Sequence[Assignment]:
    """Those of `reviewer` to these applications, as far as `actor` sees them."""
    given = and_(Assignment.application_id == Application.id, Assignment.user_id == reviewer.id)
    statement = visible_to(actor).join(Assignment, given).where(Application.id.in_(ids))
    return db.session.scalars(statement.with_only_columns(Assignment)).all()


def conflicts_among(actor: User, reviewer: User, ids: Collection[int]) -> set[int]:
    """With which of these applications, as far as `actor` sees them, `reviewer` has declared a conflict."""
    declared = and_(Conflict.application_id == Application.id, Conflict.user_id == reviewer.id)
    statement = visible_to(actor).join(Conflict, declared).where(Application.id.in_(ids))
    return set(db.session.scalars(statement.with_only_columns(Application.id)))


def applicants_of_referee(actor: User, reviewer: User, ids: Collection[int]) -> set[int]:
    """For which of these applications, as far as `actor` sees them, `reviewer` is asked for a letter."""
    asked = visible_to(actor).join(Application.referees).where(Application.id.in_(ids))
    same = func.lower(Referee.email) == reviewer.email.lower()
    return set(db.session.scalars(asked.where(same).with_only_columns(Application.id)))


def loads(actor: User) -> dict[int, int]:
    """How many of the applications that `actor` sees each account is assigned to."""
    given = visible_to(actor).join(Assignment, Assignment.application_id == Application.id)
    counted = given.with_only_columns(Assignment.user_id, func.count()).group_by(Assignment.user_id)
    return dict(db.session.execute(counted).all())
