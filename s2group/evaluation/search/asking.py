"""A search as a page asks it: what to show, and where it is mistaken what to offer instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.models import User
from s2group.content.group.queries import group_zone
from s2group.core.localized import Locale
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.queries import counted, read, read_each
from s2group.evaluation.search.rules.expressions import All, Expression, Node
from s2group.evaluation.search.rules.mistakes import Mistake, Repair
from s2group.evaluation.search.rules.writing import written


@dataclass(frozen=True)
class Offer:
    """A search that finds `count` applications; `change` is what it says in place of the mistake, or empty."""

    query: str
    change: str
    count: int


@dataclass(frozen=True)
class Asked:
    """What was typed; `expression` is what is shown: that, or after a mistake what was asked before, `last`."""

    typed: str
    expression: Expression
    last: str
    mistake: Mistake | None = None
    offers: tuple[Offer, ...] = ()


def asked(typed: str, last: str, user: User, now: datetime) -> Asked:
    """Read a search; where it is mistaken, count what each repair finds, and go back to the last one that was not."""
    read_now = read(typed, user, now)
    if isinstance(read_now, Expression):
        return Asked(typed, read_now, typed)
    before = read(last, user, now)
    if isinstance(before, Mistake):
        return asked_nothing(typed, read_now, user, now)
    return Asked(typed, before, last, read_now, offers(read_now.repairs, user, now))


def asked_nothing(typed: str, mistake: Mistake, user: User, now: datetime) -> Asked:
    """A mistake before which nothing was asked: every application is shown."""
    everything = Expression(All(), now, group_zone())
    return Asked(typed, everything, "", mistake, offers(mistake.repairs, user, now))


def offers(repairs: Sequence[Repair], user: User, now: datetime) -> tuple[Offer, ...]:
    """Those of the repairs that can be read, each once, with how many they find."""
    readable = {repair.query: repair for repair in repairs}
    read_now = read_each(fields(user), {query: query for query in readable}, now)
    expressions = {query: each for query, each in read_now.items() if isinstance(each, Expression)}
    counts = counted(user, expressions)
    return tuple(Offer(query, readable[query].change, counts[query]) for query in expressions)


def narrowing(expression: Expression) -> list[Expression]:
    """The expression without each of its conditions in turn, for when it finds nothing."""
    node = expression.node
    parts: tuple[Node, ...] = node.parts if isinstance(node, All) else ()
    return [
        Expression(All((*parts[:place], *parts[place + 1 :])), expression.now, expression.zone)
        for place in range(len(parts))
    ]


def in_words(expression: Expression, user: User, locale: Locale) -> str:
    """The search as the reader of that language types it."""
    return written(expression, fields(user), locale)


def by_keys(expression: Expression, user: User) -> str:
    """The search as it is kept, whatever its values are called."""
    return written(expression, fields(user))
