"""What of applications is new to a reader."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, except_, func, or_

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.audit.models import Event
from s2group.core.paging import MOST_COUNTED, counts_of
from s2group.core.permissions import Action, reach
from s2group.evaluation.access import facts_visible_to, has_row, named_by, visible_to
from s2group.evaluation.looks.models import ApplicationLook
from s2group.evaluation.looks.rules import NEWS
from s2group.extensions import db

# Which part of all applications somebody has seen before their list is compared with that of all.
NEARLY_ALL = 0.95


def is_unseen_by(user: User) -> ColumnElement[bool]:
    """A condition on a statement over facts: `user` has not seen it as it is now.

    They never looked, or something has happened since that they did not do themselves.
    """
    return ~has_row(ApplicationLook.application_id, *_saw_all(user))


def is_among_unseen_by(user: User) -> ColumnElement[bool]:
    """The same, for a search through everything. Where `user` has seen nearly all, SQLite compares two lists in order.

    It would else look up each application by itself until it has met as many new ones as it needs, which are soon met
    where many are new. PostgreSQL finds its own way.
    """
    if db.engine.dialect.name != "sqlite" or not _has_seen_nearly_all(user):
        return is_unseen_by(user)
    ids = ApplicationFacts.application_id
    everything = facts_visible_to(user).with_only_columns(ids).correlate(None)
    unseen = except_(everything, named_by(ApplicationLook.application_id, *_saw_all(user)))
    return ids.in_(unseen.order_by(unseen.selected_columns[0]))


def number_unseen_by(user: User) -> int:
    """How many applications `user` has not seen as they are now; MOST_COUNTED + 1 where there are more.

    Where they may see all, what is seen need not be told from the rest to be counted.
    """
    if reach(user, Action.READ_APPLICATIONS).everywhere:
        return min(_number_of(facts_visible_to(user)) - _number_seen(user), MOST_COUNTED + 1)
    [count] = counts_of([facts_visible_to(user).where(is_unseen_by(user))])
    return count


def _has_seen_nearly_all(user: User) -> bool:
    return _number_seen(user) > NEARLY_ALL * _number_of(facts_visible_to(user))


def _number_seen(user: User) -> int:
    return _number_of(named_by(ApplicationLook.application_id, *_saw_all(user)))


def _number_of(statement: Select[Any]) -> int:
    """By counting rows and nothing of them, which SQLite does by whole pages of an index."""
    return db.session.scalar(statement.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _saw_all(user: User) -> tuple[ColumnElement[bool], ...]:
    return ApplicationLook.user_id == user.id, ApplicationLook.has_news.is_(False)


def has_news_since(application_id: int, user: User, event_id: int) -> ColumnElement[bool]:
    """Something of NEWS has happened to an application after this event, and not by `user`."""
    return _news_since(application_id, user, event_id).exists()


def _news_since(application_id: int, user: User, event_id: int) -> Select[Application]:
    of_others = or_(Event.actor_id.is_(None), Event.actor_id != user.id)
    news = Application.events.any(and_(Event.kind.in_(NEWS), Event.id > event_id, of_others))
    return visible_to(user).where(Application.id == application_id, news)


def new_to(user: User, ids: Collection[int]) -> set[int]:
    """Which of these applications hold something that `user` has not seen, in one statement."""
    unseen = facts_visible_to(user).where(ApplicationFacts.application_id.in_(ids), is_unseen_by(user))
    return set(db.session.scalars(unseen.with_only_columns(ApplicationFacts.application_id)))


def look_of(user: User, application: Application) -> ApplicationLook | None:
    """What `user` has seen of it; None before their first view."""
    own = and_(ApplicationLook.application_id == Application.id, ApplicationLook.user_id == user.id)
    statement = visible_to(user).join(ApplicationLook, own).with_only_columns(ApplicationLook)
    return db.session.scalar(statement.where(Application.id == application.id))
