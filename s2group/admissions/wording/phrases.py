"""Translating, and the small pieces that sentences are put together from."""

from collections.abc import Iterable
from functools import reduce

from flask_babel import gettext


def _(words: str, /, **values: object) -> str:
    """`words` in the language being spoken."""
    return str(gettext(words, **values))


def in_a_row(sentences: Iterable[str]) -> str:
    """The sentences that say anything, one after the other; Chinese puts no space between them."""
    said = [sentence for sentence in sentences if sentence]
    return reduce(lambda one, other: _("%(one)s %(other)s", one=one, other=other), said) if said else ""


def either(things: Iterable[str]) -> str:
    """CET-6 425 of 710, IELTS 6 of 9 or TOEFL 80 of 120."""
    *first, last = things
    if not first:
        return last
    listed = reduce(lambda one, other: _("%(one)s, %(other)s", one=one, other=other), first)
    return _("%(one)s or %(other)s", one=listed, other=last)


def listed(things: Iterable[str]) -> str:
    """Things that may hold commas themselves."""
    return reduce(lambda one, other: _("%(one)s; %(other)s", one=one, other=other), things)


def number(value: object) -> str:
    """A number as people write it: 6, not 6.0."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
