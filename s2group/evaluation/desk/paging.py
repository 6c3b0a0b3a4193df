"""A page of a list in the order of any column, found by the key of the last row seen."""

from typing import Any

from sqlalchemy import Select, case

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.paging import Part, Place, gathered, place_in
from s2group.evaluation.desk.columns import Order
from s2group.evaluation.reviews.models import ApplicationScore
from s2group.evaluation.reviews.queries import facts_with_ratings, has_shown_score
from s2group.evaluation.reviews.rules import LOW
from s2group.evaluation.search import Hits, asks_lists, found_again, found_among
from s2group.extensions import db

PAGE_SIZE = 50
# How many are looked through for a page, and how far their ids may lie apart.
LOOKED_THROUGH, MOST_APART = 10 * PAGE_SIZE, 100 * PAGE_SIZE
ID = ApplicationFacts.application_id


def page_of_hits(user: User, hits: Hits, order: Order, after: str | None) -> tuple[list[int], bool]:
    """As page_of_ids, of what a search has found.

    Where many are found by a list, such as that of a common word, they are met soon: among what stands next in this
    order, whatever it is. As long as that came one after the other, only so much of the list is read.
    """
    if hits.are_many and asks_lists(hits):
        following, goes_on = page_of_ids(user, facts_with_ratings(user), order, after, size=LOOKED_THROUGH)
        if following and max(following) - min(following) < MOST_APART:
            found = found_among(user, hits, following)
            ids = [each for each in following if each in found]
            if len(ids) > PAGE_SIZE or not goes_on:
                return ids[:PAGE_SIZE], len(ids) > PAGE_SIZE
    return page_of_ids(user, found_again(user, hits), order, after, are_many=hits.are_many)


def page_of_ids(
    user: User,
    scope: Select[ApplicationFacts],
    order: Order,
    after: str | None,
    *,
    are_many: bool = True,
    size: int | None = None,
) -> tuple[list[int], bool]:
    """The ids that follow the application with the reference `after`, and whether there are more.

    `scope` begins with facts_with_ratings. From the first one without `after`; none where `user` sees no such
    application. Where there are not `are_many`, they are found first and then sorted. At most three
    statements. What has a value and what has none is asked one after the other, because no index has both in this
    order on both databases.
    """
    size, place = size or PAGE_SIZE, None
    if after:
        place = _place_of(user, order, after)
        if place is None:
            return [], False
    parts = _parts(user, scope.with_only_columns(ID), order)
    if not are_many:
        parts = [gathered(part) for part in parts]
    if place is not None:
        parts = _from(parts, place)
    ids: list[int] = []
    for part in parts:
        if len(ids) <= size:
            ids += db.session.scalars(part.ordered().limit(size + 1 - len(ids)))
    return ids[:size], len(ids) > size


def place_among(user: User, scope: Select[ApplicationFacts], order: Order, application: Application) -> Place:
    """The place of an application that `user` sees among these in the order of their list, told by references.

    One statement, and another one where the order is that of scores.
    """
    by = order.column.sorts_by
    known = (getattr(application.facts, by.key),) if by is not None else _place_of(user, order, application.reference)
    value = known[0] if known else None
    parts = _parts(user, scope.join(ApplicationFacts.application), order)
    part = 0 if value is not None else len(parts) - 1
    at = (value, application.id)[-len(parts[part].order) :]
    return place_in(parts, part=part, at=at, name=Application.reference)


def _place_of(user: User, order: Order, reference: str) -> tuple[Any, int] | None:
    """Its value and its id.

    A statement of its own: within the other one it would keep PostgreSQL from beginning at that place of the index.
    """
    statement = facts_with_ratings(user).join(ApplicationFacts.application).where(Application.reference == reference)
    value: Any = order.column.sorts_by
    if value is None:
        value = case((has_shown_score(user), ApplicationScore.mean))
    found = db.session.execute(statement.with_only_columns(value, ID)).one_or_none()
    return None if found is None else (found[0], found[1])


def _parts(user: User, scope: Select[Any], order: Order) -> list[Part]:
    """What has a value, then what has none."""
    value = order.column.sorts_by
    if value is None:
        return _parts_by_score(user, scope, order)
    if not value.property.columns[0].nullable:
        return [Part(scope, (value, ID), order.is_descending)]
    return [
        Part(scope.where(value.is_not(None)), (value, ID), order.is_descending),
        Part(scope.where(value.is_(None)), (ID,), order.is_descending),
    ]


def _parts_by_score(user: User, scope: Select[Any], order: Order) -> list[Part]:
    """What has ratings that `user` may see, then what has none."""
    is_scored, mean = has_shown_score(user), ApplicationScore.mean
    return [
        # By the columns of one index, with which SQLite begins only where there is a bound.
        Part(scope.where(is_scored, mean >= LOW), (mean, ApplicationScore.application_id), order.is_descending),
        Part(scope.where(~is_scored), (ID,), order.is_descending),
    ]


def _from(parts: list[Part], place: tuple[Any, int]) -> list[Part]:
    if place[0] is None:
        return [parts[-1].cut(place[1:])]
    return [parts[0].cut(place), *parts[1:]]
