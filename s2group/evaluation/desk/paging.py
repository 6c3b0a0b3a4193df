"""A page of a list in the order of any column, found by the key of the last row seen."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.evaluation.access import facts_visible_to
from s2group.evaluation.desk.columns import Order
from s2group.extensions import db

PAGE_SIZE = 50
ID = ApplicationFacts.application_id


def page_of_ids(user: User, scope: Select[ApplicationFacts], order: Order, after: str | None) -> tuple[list[int], bool]:
    """The ids that follow the application with the reference `after`, and whether there are more.

    From the first one without `after`; none where `user` sees no such application. At most three statements. What has
    a value and what has none is asked one after the other, because no index has both in this order on both databases.
    """
    place = None
    if after:
        place = _place_of(user, order, after)
        if place is None:
            return [], False
    ids: list[int] = []
    for part in _parts(scope, order, place):
        if len(ids) <= PAGE_SIZE:
            ids += db.session.scalars(part.limit(PAGE_SIZE + 1 - len(ids)))
    return ids[:PAGE_SIZE], len(ids) > PAGE_SIZE


def _place_of(user: User, order: Order, reference: str) -> tuple[Any, int] | None:
    """Its value and its id.

    A statement of its own: within the other one it would keep PostgreSQL from beginning at that place of the index.
    """
    statement = facts_visible_to(user).join(ApplicationFacts.application).where(Application.reference == reference)
    found = db.session.execute(statement.with_only_columns(order.column.sorts_by, ID)).one_or_none()
    return None if found is None else (found[0], found[1])


def _parts(scope: Select[ApplicationFacts], order: Order, place: tuple[Any, int] | None) -> Iterator[Select[int]]:
    value, ids = order.column.sorts_by, scope.with_only_columns(ID)
    is_nullable = value.property.columns[0].nullable
    if place is None or place[0] is not None:
        valued = ids.where(value.is_not(None)) if is_nullable else ids
        valued = valued.order_by(*_directed(order, value, ID))
        yield valued if place is None else valued.where(_beyond(order, (value, ID), place))
    if is_nullable:
        empty = ids.where(value.is_(None)).order_by(*_directed(order, ID))
        yield empty if place is None or place[0] is not None else empty.where(_beyond(order, (ID,), place[1:]))


def _directed(order: Order, *columns: Any) -> list[Any]:
    return [column.desc() if order.is_descending else column.asc() for column in columns]


def _beyond(order: Order, columns: tuple[Any, ...], place: tuple[Any, ...]) -> ColumnElement[bool]:
    here, there = tuple_(*columns), tuple_(*place)
    return here < there if order.is_descending else here > there
