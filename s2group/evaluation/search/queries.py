"""Which applications a search finds, and how many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, not_, select

from s2group.accounts.models import User
from s2group.admissions.fulltext.rules import terms
from s2group.admissions.models import ApplicationFacts
from s2group.content.group.queries import group_zone
from s2group.core import paging
from s2group.core.paging import nearby, shortened, unindexed
from s2group.core.permissions import Action, reach
from s2group.evaluation.reviews.queries import facts_with_ratings
from s2group.evaluation.search.conditions import Asker, every, some, words
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.rules.expressions import Expression, Node, Not, Some, Test, Words, beside
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.mistakes import Mistake
from s2group.evaluation.search.rules.reading import read_query
from s2group.extensions import db

K = TypeVar("K")
# How many rows are walked through for some numbers before each of them is asked by itself.
LONGEST_WALK = 5_000
ID: ColumnElement[int] = ApplicationFacts.application_id.expression


@dataclass(frozen=True)
class Hits:
    """What a search by `user` finds: the ids in no order, of which no more are looked for than anybody counts."""

    user: User
    expression: Expression
    # What the expression asks of facts.
    condition: ColumnElement[bool]
    ids: Sequence[int]

    @property
    def total(self) -> int:
        """How many; MOST_COUNTED + 1 where there are more."""
        return len(self.ids)

    @property
    def are_many(self) -> bool:
        """Whether there are more than those."""
        return self.total > paging.MOST_COUNTED

    @cached_property
    def walk(self) -> Select[ApplicationFacts] | None:
        """All of them, to be walked through once; None where that is longer than asking indexes for each number."""
        facts = facts_with_ratings(self.user)
        if not self.are_many:
            return facts.where(ID.in_(self.ids))
        found = facts.where(self.condition)
        count = db.session.scalar(select(_number_of(found.with_only_columns(ID).limit(LONGEST_WALK + 1)))) or 0
        return found if count <= LONGEST_WALK else None


def read(typed: str, user: User, now: datetime) -> Expression | Mistake:
    """What a search asks, or the first mistake in it. Days begin where the group is. See search.rules."""
    return read_each(fields(user), {"": typed}, now)[""]


def read_each(known: Sequence[Field], queries: Mapping[K, str], now: datetime) -> dict[K, Expression | Mistake]:
    """As read for several searches, whose fields are looked up once: `known` are those of the reader."""
    zone = group_zone()
    return {key: read_query(query, known, now=now, zone=zone) for key, query in queries.items()}


def found(user: User, expression: Expression) -> Select[ApplicationFacts]:
    """The facts of the applications that `user` may read and that the expression means, in no order."""
    return facts_with_ratings(user).where(condition(user, expression))


def hits_of(user: User, expression: Expression) -> Hits:
    """What the expression finds among what `user` may read."""
    at_most, asked = _at_most(user), condition(user, expression)
    [shorter] = _shortened(user, at_most, [asked])
    return Hits(user, expression, asked, db.session.scalars(at_most.where(shorter)).all())


def found_again(user: User, hits: Hits) -> Select[ApplicationFacts]:
    """As found, where it is known already what is found: few are not searched for again.

    Of many a page is soon full in any order: the index of that order leads.
    """
    if hits.are_many:
        return facts_with_ratings(user).where(unindexed(hits.condition))
    return facts_with_ratings(user).where(ID.in_(hits.ids))


def asks_lists(hits: Hits) -> bool:
    """Whether the search looks into lists of applications, such as those that hold a word or meet a requirement."""
    return nearby(hits.condition, ID, 0, 0) is not hits.condition


def found_among(user: User, hits: Hits, ids: Sequence[int]) -> set[int]:
    """Which of these applications the search finds; of lists only what lies between their ids is read."""
    asked = unindexed(nearby(hits.condition, ID, min(ids), max(ids)))
    return set(db.session.scalars(facts_with_ratings(user).with_only_columns(ID).where(ID.in_(ids), asked)))


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
    at_most = _at_most(user)
    asked = _shortened(user, at_most, _each_condition(user, expressions.values()))
    counts = [_number_of(at_most.where(each)) for each in asked]
    return dict(zip(expressions, db.session.execute(select(*counts)).one(), strict=True))


def counted_beside(user: User, hits: Hits, expressions: Mapping[K, Expression]) -> dict[K, int]:
    """As counted, in three statements: in one walk through what was found, where that is short, what asks more."""
    if hits.walk is None:
        return counted(user, expressions)
    rests = {key: beside(each.node, hits.expression.node) for key, each in expressions.items()}
    narrower = {key: replace(expressions[key], node=rest) for key, rest in rests.items() if rest is not None}
    others = {key: each for key, each in expressions.items() if key not in narrower}
    return {**_counted_in(hits.walk, user, narrower), **counted(user, others)}


def _counted_in(walk: Select[ApplicationFacts], user: User, expressions: Mapping[K, Expression]) -> dict[K, int]:
    if not expressions:
        return {}
    counts = [func.count().filter(each) for each in _each_condition(user, expressions.values())]
    row = db.session.execute(walk.with_only_columns(*counts, maintain_column_froms=True)).one()
    return {key: min(count, paging.MOST_COUNTED + 1) for key, count in zip(expressions, row, strict=True)}


def _each_condition(user: User, expressions: Collection[Expression]) -> list[ColumnElement[bool]]:
    first = next(iter(expressions))
    known, asker = _by_key(user), Asker(user, first.now, first.zone)
    return [_condition(each.node, known, asker) for each in expressions]


def _shortened(user: User, at_most: Select[int], asked: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """The conditions; where all may be found, no list is read further than it counts."""
    everywhere = reach(user, Action.READ_APPLICATIONS).everywhere
    return [shortened(each, at_most.selected_columns[0]) for each in asked] if everywhere else asked


def _by_key(user: User) -> dict[str, Field]:
    return {field.key: field for field in fields(user)}


def _at_most(user: User) -> Select[int]:
    """The ids of what may be found, no further than anybody counts."""
    return facts_with_ratings(user).with_only_columns(ID).limit(paging.MOST_COUNTED + 1)


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
