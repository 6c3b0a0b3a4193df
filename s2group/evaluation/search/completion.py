"""What may be meant by what has been typed so far."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from s2group.accounts.models import User
from s2group.core.localized import Locale
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.queries import counted, read
from s2group.evaluation.search.rules.expressions import Expression
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.grammar import plain_signs
from s2group.evaluation.search.rules.kinds import Choice, folded
from s2group.evaluation.search.rules.writing import quoted

MOST = 8
# The condition that ends where the cursor stands, without the sign that turns it round.
UNFINISHED = re.compile(r'(?:^|(?<=[\s()]))-?(?P<typed>(?:[^\s()":]+:)?(?:"[^"]*|[^\s()"]*))$')


@dataclass(frozen=True)
class Completion:
    """One possibility: the signs from `start` up to `end` become `text`; `count` is how many that condition finds."""

    start: int
    end: int
    text: str
    meaning: str
    count: int | None = None


def completions(typed: str, at: int, user: User, locale: Locale, now: datetime) -> list[Completion]:
    """At most MOST possibilities for the condition in which the cursor stands, `at` signs from the start."""
    match = UNFINISHED.search(plain_signs(typed)[:at])
    if match is None:
        return []
    (start, end), begun = match.span("typed"), match["typed"]
    known = {name: field for field in fields(user) for name in field.names}
    name, colon, value = begun.partition(":")
    field = known.get(folded(name))
    if colon and field:
        return _counted(_values(field, value.lstrip('"'), start, end, locale), user, now)
    words = dict.fromkeys(field for each, field in known.items() if begun and each.startswith(folded(begun)))
    options = list(islice(_fields(words, start, end, locale), MOST - 1))
    return options + _counted([Completion(start, end, begun, "")] if begun else [], user, now)


def _fields(words: dict[Field, None], start: int, end: int, locale: Locale) -> Iterator[Completion]:
    for field in words:
        example = f" {field.examples[0]}" if field.examples else ""
        yield Completion(start, end, f"{field.key}:", getattr(field.meaning, locale) + example)


def _values(field: Field, begun: str, start: int, end: int, locale: Locale) -> list[Completion]:
    if not isinstance(field.kind, Choice):
        return [Completion(start, end, each, getattr(field.meaning, locale)) for each in field.examples]
    wanted = folded(begun)
    found = [value for value in field.kind.values() if any(wanted in name for name in value.names)]
    return [
        Completion(start, end, f"{field.key}:{quoted(field.kind.written(value.key, locale))}", value.key)
        for value in found[:MOST]
    ]


def _counted(options: list[Completion], user: User, now: datetime) -> list[Completion]:
    """With how many each of them finds, in one statement."""
    read_ones = {option.text: read(option.text, user, now) for option in options}
    counts = counted(user, {text: each for text, each in read_ones.items() if isinstance(each, Expression)})
    return [Completion(each.start, each.end, each.text, each.meaning, counts.get(each.text)) for each in options]
