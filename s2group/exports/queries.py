"""What an export holds: nothing but what the search shows and the exporter may take along, a batch at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument, ApplicationFacts
from s2group.admissions.replies.models import Reply
from s2group.core.permissions import Action, reach
from s2group.evaluation.access import visible_to
from s2group.evaluation.automatic_tags import all_tags_of
from s2group.evaluation.replies.queries import replies_to_export
from s2group.evaluation.reviews.queries import scores_for
from s2group.evaluation.search import Expression, found
from s2group.evaluation.tags.models import Tag
from s2group.extensions import db

BATCH = 200


@dataclass(frozen=True)
class Score:
    """How many have rated an application, their mean, and the exporter's own mark, from 1 to 5."""

    count: int
    mean: float | None
    own: float | None


@dataclass(frozen=True)
class Row:
    """An application as it is exported, with what the exporter sees of its tags and ratings."""

    application: Application
    tags: Sequence[Tag]
    score: Score | None = None
    # What the applicant wrote back, where the exporter deals with the mail about it.
    replies: Sequence[Reply] = ()


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
        yield from _loaded(user, [application_id for _, application_id in places], expression.now)
        db.session.rollback()
        if len(places) < BATCH:
            return
        place = places[-1]


def row_of(user: User, application: Application, now: datetime) -> Row:
    """One application that `user` may export, as it is exported."""
    ids = [application.id]
    replies = replies_to_export(user, ids).get(ids[0], ())
    return Row(application, all_tags_of(user, ids, now).get(ids[0], ()), _scores(user, ids).get(ids[0]), replies)


def _places(user: User, expression: Expression, after: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
    key = (ApplicationFacts.submitted_at, ApplicationFacts.application_id)
    statement = exportable(user, expression).with_only_columns(*key).order_by(*(column.desc() for column in key))
    if after:
        statement = statement.where(tuple_(*key) < after)
    return [tuple(row) for row in db.session.execute(statement.limit(BATCH))]


def _loaded(user: User, ids: list[int], now: datetime) -> Iterator[Row]:
    statement = visible_to(user, Action.EXPORT_APPLICATIONS).options(
        joinedload(Application.facts),
        joinedload(Application.route).joinedload(AdmissionRoute.call),
        selectinload(Application.documents).joinedload(ApplicationDocument.document),
        selectinload(Application.referees),
    )
    by_id = {each.id: each for each in db.session.scalars(statement.where(Application.id.in_(ids)))}
    tags, scores, replies = all_tags_of(user, ids, now), _scores(user, ids), replies_to_export(user, ids)
    for each in ids:
        if each in by_id:
            yield Row(by_id.pop(each), tags.get(each, ()), scores.get(each), replies.get(each, ()))


def _scores(user: User, ids: list[int]) -> dict[int, Score]:
    """As `user` may see them: what is hidden from them is not there."""
    scores = scores_for(user)
    columns = (scores.c.application_id, scores.c.count, scores.c.mean, scores.c.own)
    found = db.session.execute(select(*columns).where(scores.c.application_id.in_(ids)))
    return {application_id: Score(count, mean, own) for application_id, count, mean, own in found}
