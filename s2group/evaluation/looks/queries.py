"""What of applications is new to a reader."""

from collections.abc import Collection

from sqlalchemy import Select, and_, or_

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.audit.models import Event
from s2group.evaluation.access import facts_visible_to, visible_to
from s2group.evaluation.looks.models import ApplicationLook
from s2group.evaluation.looks.rules import NEWS
from s2group.extensions import db


def unseen_by(user: User) -> Select[ApplicationFacts]:
    """The facts of what `user` may read and has not seen as it is now: never at all, or not since something happened.

    What they did themselves is no news to them. In no order.
    """
    facts = facts_visible_to(user).join(ApplicationFacts.application)
    own = and_(ApplicationLook.application_id == ApplicationFacts.application_id, ApplicationLook.user_id == user.id)
    news = and_(
        Event.kind.in_(NEWS),
        Event.id > ApplicationLook.event_id,
        or_(Event.actor_id.is_(None), Event.actor_id != user.id),
    )
    return facts.outerjoin(ApplicationLook, own).where(
        or_(ApplicationLook.user_id.is_(None), Application.events.any(news))
    )


def new_to(user: User, ids: Collection[int]) -> set[int]:
    """Which of these applications hold something that `user` has not seen, in one statement."""
    unseen = unseen_by(user).with_only_columns(ApplicationFacts.application_id)
    return set(db.session.scalars(unseen.where(ApplicationFacts.application_id.in_(ids))))


def look_of(user: User, application: Application) -> ApplicationLook | None:
    """What `user` has seen of it; None before their first view."""
    own = and_(ApplicationLook.application_id == Application.id, ApplicationLook.user_id == user.id)
    statement = visible_to(user).join(ApplicationLook, own).with_only_columns(ApplicationLook)
    return db.session.scalar(statement.where(Application.id == application.id))
