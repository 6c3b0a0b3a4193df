"""What an export holds: nothing but what the search shows and the exporter may take along, a batch at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument, ApplicationFacts
from s2group.core.permissions import Action, reach
from s2group.evaluation.access import visible_to
from s2group.evaluation.search import Expression, found
from s2group.evaluation.tags.models import Tag
from s2group.evaluation.tags.queries import tags_of
from s2group.extensions import db

BATCH = 200


@dataclass(frozen=True)
class Row:
    """An application as it is exported, with what the exporter sees of its tags."""

    application: Application
    tags: Sequence[Tag]


def exportable(user: User, expression: Expression) -> Select[ApplicationFacts]:
    """The facts of what the search finds and `user` may export, in no order."""
    statement, allowed = found(user, expression), reach(user, Action.EXPORT_APPLICATIONS)
    return statement if allowed.everywhere else statement.where(ApplicationFacts.route_id.in_(allowed.route_ids))


def count(user: User, expression: Expression) -> int:
    """How many applications an export would hold."""
    return db.session.scalar(select(func.count()).select_from(exportable(user, expression).subquery())) or 0


def file_count(user: User, expression: Expression) -> int:
    """How many files of the newest versions these have."""
    ids = exportable(user, expression).with_only_columns(ApplicationFacts.application_id)
    joined = visible_to(user).join(Application.all_documents).where(Application.id.in_(ids))
    counted = joined.where(ApplicationDocument.until.is_(None)).with_only_columns(func.count())
    return db.session.scalar(counted) or 0


def rows(user_id: int, expression: Expression) -> Iterator[Row]:
    """All of them, the newest first, read in batches of which each is a short transaction.

    Rights count as they are when a batch is read. Who consumes a row keeps nothing of it.
    """
    place: tuple[Any, ...] | None = None
    while True:
        user = db.session.get_one(User, user_id)
        places = _places(user, expression, place)
        yield from _loaded(user, [application_id for _, application_id in places])
        db.session.rollback()
        if len(places) < BATCH:
            return
        place = places[-1]


def row_of(user: User, application: Application) -> Row:
    """One application that `user` may export, as it is exported."""
    return Row(application, tags_of(user, [application.id]).get(application.id, ()))


def _places(user: User, expression: Expression, after: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
    key = (ApplicationFacts.submitted_at, ApplicationFacts.application_id)
    statement = exportable(user, expression).with_only_columns(*key).order_by(*(column.desc() for column in key))
    if after:
        statement = statement.where(tuple_(*key) < after)
    return [tuple(row) for row in db.session.execute(statement.limit(BATCH))]


def _loaded(user: User, ids: list[int]) -> Iterator[Row]:
    statement = visible_to(user, Action.EXPORT_APPLICATIONS).options(
        joinedload(Application.facts),
        joinedload(Application.route).joinedload(AdmissionRoute.call),
        selectinload(Application.documents).joinedload(ApplicationDocument.document),
        selectinload(Application.referees),
    )
    by_id = {each.id: each for each in db.session.scalars(statement.where(Application.id.in_(ids)))}
    tags = tags_of(user, ids)
    for application_id in ids:
        if application_id in by_id:
            yield Row(by_id.pop(application_id), tags.get(application_id, ()))
