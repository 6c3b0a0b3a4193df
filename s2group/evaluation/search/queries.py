"""Which applications a search finds, and how many."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, not_, select

from s2group.accounts.models import User
from s2group.admissions.fulltext.rules import terms
from s2group.admissions.models import ApplicationFacts
from s2group.content.group.queries import group_zone
from s2group.core import paging
from s2group.core.paging import shortened, unindexed
from s2group.core.permissions import Action, reach
from s2group.evaluation.reviews.queries import facts_with_ratings
from s2group.evaluation.search.conditions import Asker, every, some, words
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.rules.expressions import Expression, Node, Not, Some, Test, Words
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.mistakes import Mistake
from s2group.evaluation.search.rules.reading import read_query
from s2group.extensions import db

K = TypeVar("K")


def read(typed: str, user: User, now: datetime) -> Expression | Mistake:
    """What a search asks, or the first mistake in it. Days begin where the group is. See search.rules."""
    return read_each(fields(user), {"": typed}, now)[""]


def read_each(known: Sequence[Field], queries: Mapping[K, str], now: datetime) -> dict[K, Expression | Mistake]:
    """As read for several searches, whose fields are looked up once: `known` are those of the reader."""
    zone = group_zone()
    return {key: read_query(query, known, now=now, zone=zone) for key, query in queries.items()}


def found(user: User, expression: Expression, *, are_many: bool = False) -> Select[ApplicationFacts]:
    """The facts of the applications that `user` may read and that the expression means, in no order.

    `are_many` says that it finds so many that a page of them is soon full in any order: the index of that order leads.
    """
    asked = condition(user, expression)
    return facts_with_ratings(user).where(unindexed(asked) if are_many else asked)


def found_by_each(user: User, queries: Mapping[K, str], now: datetime) -> dict[K, Select[ApplicationFacts]]:
    """As read and found for several searches, whose fields are looked up once; one with a mistake is left out."""
    known = fields(user)
    by_key, asker = {field.key: field for field in known}, Asker(user, now, group_zone())
    return {
        key: facts_with_ratings(user).where(_condition(each.node, by_key, asker))
        for key, each in read_each(known, queries, now).items()
        if isinstance(each, Expression)
    }


def condition(user: User, expression: Expression) -> ColumnElement[bool]:
    """What the expression asks of facts; for statements that begin with facts_with_ratings."""
    return _condition(expression.node, _by_key(user), Asker(user, expression.now, expression.zone))


def counted(user: User, expressions: Mapping[K, Expression]) -> dict[K, int]:
    """How many applications each of them finds, in one statement; MOST_COUNTED + 1 where there are more.

    All are asked at the moment of the first.
    """
    if not expressions:
        return {}
    first = next(iter(expressions.values()))
    known, asker = _by_key(user), Asker(user, first.now, first.zone)
    counted_at_most = _at_most(user)
    asked = [_condition(each.node, known, asker) for each in expressions.values()]
    if reach(user, Action.READ_APPLICATIONS).everywhere:
        asked = [shortened(each, counted_at_most.selected_columns[0]) for each in asked]
    counts = [_number_of(counted_at_most.where(each)) for each in asked]
    return dict(zip(expressions, db.session.execute(select(*counts)).one(), strict=True))


def _by_key(user: User) -> dict[str, Field]:
    return {field.key: field for field in fields(user)}


def _at_most(user: User) -> Select[int]:
    """The ids of what may be found, no further than anybody counts."""
    return facts_with_ratings(user).with_only_columns(ApplicationFacts.application_id).limit(paging.MOST_COUNTED + 1)


def _number_of(statement: Select[int]) -> ColumnElement[int]:
    return select(func.count()).select_from(statement.subquery()).scalar_subquery()


def _condition(node: Node, known: Mapping[str, Field], asker: Asker) -> ColumnElement[bool]:
    if node not in asker.made:
        asker.made[node] = _made(node, known, asker)
    return asker.made[node]


def _made(node: Node, known: Mapping[str, Field], asker: Asker) -> ColumnElement[bool]:
    if isinstance(node, Words):
        return words(terms(node.text, exact=node.exact), asker)
    if isinstance(node, Test):
        made: ColumnElement[bool] = known[node.field].condition(node, asker)
        return made
    if isinstance(node, Not):
        return not_(_condition(node.part, known, asker))
    parts = _conditions(node.parts, known, asker)
    return some(parts) if isinstance(node, Some) else every(parts)


def _conditions(nodes: Sequence[Node], known: Mapping[str, Field], asker: Asker) -> list[ColumnElement[bool]]:
    return [_condition(node, known, asker) for node in nodes]
