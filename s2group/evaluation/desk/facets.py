"""The filters of the list: links that edit the search, each with how many applications it leads to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext

from s2group.accounts.models import User
from s2group.core.i18n import plain_text
from s2group.core.localized import Locale, LocalizedText
from s2group.evaluation.desk.edits import has_tests, single_parts, with_tests
from s2group.evaluation.reviews.rules import FAR_APART
from s2group.evaluation.search import Expression, Hits, counted, counted_beside
from s2group.evaluation.search.asking import narrowing
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.rules.expressions import Node, Test, conditions
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.kinds import Choice, Text
from s2group.evaluation.search.rules.writing import written


@dataclass(frozen=True)
class Choosable:
    """One value of a filter, before anybody counted: no tests stand for 'all'."""

    label: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Value:
    """One value of a filter: the search it leads to, as its reader types it, and how many that finds, if counted."""

    label: str
    query: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter with its values."""

    name: str
    choices: tuple[Value, ...]


# Which values of the search's fields are offered together, and under which name.
OF_FIELDS = {"status": lazy_gettext("State"), "route": lazy_gettext("Route"), "tag": lazy_gettext("Tags")}
OF_REQUIREMENTS = (
    (lazy_gettext("All met"), (Test("met", "=", "required"), Test("met", "=", "preferred"))),
    (lazy_gettext("Unknown"), (Test("unknown", "=", "required"),)),
    (lazy_gettext("Preferred lacking"), (Test("unmet", "=", "preferred"),)),
    (lazy_gettext("Required lacking"), (Test("unmet", "=", "required"),)),
)

TO_RATE = Test("waiting", "=", "me")
OF_REVIEWS = (
    (lazy_gettext("For me to rate"), TO_RATE),
    (lazy_gettext("Rated by me"), Test("reviewed", "=", "me")),
    (lazy_gettext("Rated by nobody"), Test("reviewed", "=", "nobody")),
    (lazy_gettext("Far apart"), Test("spread", ">=", FAR_APART)),
)


def part_to_rate(expression: Expression) -> Expression:
    """What of a search waits for its reader to rate it."""
    return with_tests(expression, [TO_RATE], instead_of=[TO_RATE])


def looked_up(user: User, expression: Expression) -> dict[Node, Expression]:
    """The parts of a search that are looked up in the index of words, each as a search by itself."""
    texts = {field.key for field in fields(user) if isinstance(field.kind, Text)}
    parts = single_parts(expression.node)
    return {part: replace(expression, node=part) for part in parts if not isinstance(part, Test) or part.field in texts}


def facets_of(user: User, hits: Hits, locale: Locale, *, are_counted: bool = True) -> list[Facet]:
    """The filters beside the search that found these, without values that find nothing; counted in two statements.

    Not to be counted beside a word that very many hold: each number would read all of these again.
    """
    known, expression = fields(user), hits.expression
    filters = {name: choices for name, choices in _filters(known) if choices}
    edited = {
        (name, choice): with_tests(expression, choice.tests, [test for each in choices for test in each.tests])
        for name, choices in filters.items()
        for choice in (Choosable(str(lazy_gettext("All")), ()), *choices)
    }
    counts: Mapping[Any, int] = counted_beside(user, hits, edited) if are_counted else {}
    return [
        Facet(name, tuple(
            Value(choice.label, written(edited[name, choice], known, locale), counts.get((name, choice)), is_chosen)
            for owner, choice in edited
            if owner == name
            and ((is_chosen := _is_chosen(expression, choice, filters[name])) or counts.get((name, choice)) != 0)
        ))
        for name in filters
    ]  # fmt: skip


def _filters(known: Sequence[Field]) -> Iterator[tuple[str, list[Choosable]]]:
    by_key = {field.key: field for field in known}
    for key in ("status", "route"):
        yield str(OF_FIELDS[key]), _values(by_key[key])
    yield str(lazy_gettext("Requirements")), [Choosable(str(label), tests) for label, tests in OF_REQUIREMENTS]
    yield str(lazy_gettext("Ratings")), [Choosable(str(label), (test,)) for label, test in OF_REVIEWS]
    yield str(OF_FIELDS["tag"]), _values(by_key["tag"])


def _values(field: Field) -> list[Choosable]:
    values = field.kind.values() if isinstance(field.kind, Choice) else ()
    return [
        Choosable(plain_text(LocalizedText(value.name.zh, value.name.en)), (Test(field.key, "=", value.key),))
        for value in values
    ]


def _is_chosen(expression: Expression, choice: Choosable, others: Sequence[Choosable]) -> bool:
    if choice.tests:
        return has_tests(expression, choice.tests)
    return not any(has_tests(expression, other.tests) for other in others)


def ways_out(user: User, expression: Expression, locale: Locale) -> list[Value]:
    """For a search that finds nothing: what it finds without each of its conditions, those that find something."""
    known, shorter = fields(user), narrowing(expression)
    counts = counted(user, dict(enumerate(shorter)))
    left_out = [replace(expression, node=part) for part in conditions(expression.node)]
    return [
        Value(written(without, known, locale), written(rest, known, locale), counts[place], is_chosen=False)
        for place, (without, rest) in enumerate(zip(left_out, shorter, strict=False))
        if counts[place]
    ]
