"""How the search reads texts and questions: what counts as the same, what a term is, where it stands."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# More than anybody types; what comes after is not looked for.
LONGEST_QUERY = 100
MOST_TERMS = 8
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
PHRASES = re.compile('["“”„]([^"“”„]*)["“”„]?')


@dataclass(frozen=True)
class Term:
    """A word, a phrase, or a run of Han, in the normal form."""

    text: str

    @property
    def needle(self) -> str:
        """What to look for in a text of the normal form: Han stands anywhere, other letters begin a word."""
        return self.text if HAN.match(self.text) else f" {self.text}"


def searchable(text: str) -> str:
    """The normal form: a space, then words with a space after each.

    Neither case nor accents nor width of letters count, punctuation is a space, Han stands apart from other letters.
    """
    return _folded(text)[0]


def terms(query: str) -> list[Term]:
    """What a query asks for; all of it must be found. A phrase in quotation marks stays together."""
    query = query[:LONGEST_QUERY]
    phrases = [searchable(phrase).strip() for phrase in PHRASES.findall(query)]
    words = searchable(PHRASES.sub(" ", query)).split()
    found = dict.fromkeys(text for text in [*phrases, *words] if text)
    return [Term(text) for text in found][:MOST_TERMS]


def matches(wanted: Sequence[Term], text: str) -> bool:
    """Whether every term is in `text`."""
    normal = searchable(text)
    return all(term.needle in normal for term in wanted)


def marked_parts(text: str, wanted: Sequence[Term]) -> list[tuple[str, bool]]:
    """`text` in parts, each with whether it is a hit; together they are the text, sign by sign."""
    normal, places = _folded(text)
    hit = [False] * len(text)
    for term in wanted:
        for start in _found(normal, term.needle):
            first = places[start + term.needle.startswith(" ")]
            last = places[start + len(term.needle) - 1]
            hit[first : last + 1] = [True] * (last + 1 - first)
    return list(_parts(text, hit))


def _folded(text: str) -> tuple[str, list[int]]:
    """The normal form, and for each of its signs which sign of `text` it comes from."""
    signs, places = [" "], [0]
    for place, sign in enumerate(text):
        for letter in _letters(sign):
            between = [" "] if _change_of_script(signs[-1], letter) else []
            for each in (*between, letter):
                if each != " " or signs[-1] != " ":
                    signs.append(each)
                    places.append(place)
    if signs[-1] != " ":
        signs.append(" ")
        places.append(len(text))
    return "".join(signs), places


def _letters(sign: str) -> list[str]:
    """What one sign is in the normal form: letters without case and accents, or a space."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    return [letter if letter.isalnum() else " " for letter in plain if unicodedata.category(letter) != "Mn"]


def _change_of_script(before: str, after: str) -> bool:
    return " " not in (before, after) and bool(HAN.match(before)) != bool(HAN.match(after))


def _found(text: str, needle: str) -> Iterator[int]:
    start = text.find(needle)
    while start >= 0:
        yield start
        start = text.find(needle, start + 1)


def _parts(text: str, hit: Sequence[bool]) -> Iterator[tuple[str, bool]]:
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hit[end] != hit[start]:
            yield text[start:end], hit[start]
            start = end
