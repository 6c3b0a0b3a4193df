"""How texts and questions are cut into what an index can find: pairs of neighbouring Han, and other words. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from s2group.content.search.rules import searchable
from s2group.core.text import HAN, HAN_SIGNS

# Texts that were cut by another version are cut again: raise it with every change of this module.
VERSION = "1"
# PostgreSQL knows the place of no later word (the documentation of tsvector), so phrases would not be found.
MOST_TOKENS = 16_000
# Stands where one text ends, so that no phrase spans two. Letters and digits are cut apart: no text holds it.
END = "ꡂ0"
BETWEEN_HAN = re.compile(rf"(?<=[{HAN_SIGNS}])\s+(?=[{HAN_SIGNS}])")


@dataclass(frozen=True)
class Token:
    """A word of the index; or, as a beginning, every word that begins so."""

    text: str
    is_beginning: bool = False


def tokens(text: str) -> list[str]:
    """The words of a text: a pair for each two neighbouring Han, the last one of a run alone, and whole other words.

    Neither case, accents nor width of letters count, nor whether Han are traditional or simplified, nor blanks between
    Han: a line of a PDF ends anywhere.
    """
    return [token for word in _words(text) for token in (_pairs(word) if HAN.match(word) else [word])]


def indexed(texts: Iterable[str]) -> str:
    """The words of all these texts, with a space between them; at most MOST_TOKENS."""
    every = (token for text in texts if text for token in (*tokens(text), END))
    return " ".join(islice(every, MOST_TOKENS))


def terms(query: str, *, exact: bool = False) -> list[Token]:
    """The words that must follow one another where a text holds `query`; none where it holds no letter.

    A last word that is not Han may go on in the text, unless it is `exact`.
    """
    *before, last = _words(query) or [""]
    found = [Token(token) for word in before for token in (_pairs(word) if HAN.match(word) else [word])]
    if not HAN.match(last):
        return [*found, Token(last, is_beginning=not exact)] if last else found
    pairs = _pairs(last)[:-1]
    return [*found, *map(Token, pairs)] if pairs else [*found, Token(last, is_beginning=True)]


def spellings(name: str, syllables: list[str]) -> list[str]:
    """A name as it stands and, with the readings of its Han, as it may be typed: sun ding, sunding, dingsun."""
    return [name, *dict.fromkeys(order for each in _u(syllables) for order in _orders(each))] if syllables else [name]


def digest(*parts: object) -> str:
    """By which it is seen whether the words of an application are still those of its answers."""
    return sha256(repr((VERSION, *parts)).encode()).hexdigest()


def _orders(syllables: list[str]) -> list[str]:
    surname, *given = syllables
    return [" ".join(syllables), "".join(syllables), "".join(given), "".join([*given, surname])]


def _u(syllables: list[str]) -> Iterator[list[str]]:
    """ü is typed as v, as u, or as yu."""
    yield syllables
    for instead in ("u", "yu"):
        if any("v" in each for each in syllables):
            yield [each.replace("v", instead) for each in syllables]


def _words(text: str) -> list[str]:
    return searchable(BETWEEN_HAN.sub("", text)).split()


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run))]
