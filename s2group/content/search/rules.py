"""How the search reads texts and questions: what counts as the same, what a term is, where it stands."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from s2group.core.text import HAN

# More than anybody types; what comes after is not looked for.
LONGEST_QUERY = 100
MOST_TERMS = 8
PHRASES = re.compile('["“”„]([^"“”„]*)["“”„]?')
# AAAI2024: a name and a year, written as one word.
NAME_YEAR = re.compile(r"([^\W\d_]{2,})((?:19|20)\d\d)")
# Where a letter and a digit meet: CET4 is CET-4.
LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@dataclass(frozen=True)
class Term:
    """A word, a phrase, or a run of Han, in the normal form; or somebody's name, of which any spelling will do."""

    text: str
    spellings: tuple[str, ...] = ()

    @property
    def needles(self) -> tuple[str, ...]:
        """What to look for in a text of the normal form; any is enough.

        Han stands anywhere, other letters begin a word, and a name is of whole words.
        """
        if self.spellings:
            return tuple(name if HAN.match(name) else f" {name} " for name in self.spellings)
        return (self.text if HAN.match(self.text) else f" {self.text}",)

    def is_in(self, normal: str) -> bool:
        """Whether a text of the normal form holds it."""
        return any(needle in normal for needle in self.needles)


def searchable(text: str) -> str:
    """The normal form: a space, then words with a space after each.

    Neither case nor accents nor width of letters count, nor whether Han are traditional or simplified; punctuation is a
    space; Han, letters and digits stand apart.
    """
    return _folded(text)[0]


def terms(query: str) -> list[Term]:
    """What a query asks for; all of it must be found. A phrase in quotation marks stays together."""
    query = query[:LONGEST_QUERY]
    phrases = [searchable(phrase).strip() for phrase in PHRASES.findall(query)]
    words = [term for word in _folded(PHRASES.sub(" ", query), apart=False)[0].split() for term in _asked_by(word)]
    found = dict.fromkeys(text for text in [*phrases, *words] if text)
    return [Term(text) for text in found][:MOST_TERMS]


def _asked_by(word: str) -> Sequence[str]:
    """A name with its year asks for both, wherever they stand; what else is of letters and digits stays together."""
    name_year = NAME_YEAR.fullmatch(word)
    return name_year.groups() if name_year else [LETTER_DIGIT.sub(" ", word)]


def spellings(*names: str, pinyin: str = "") -> tuple[str, ...]:
    """How a name may be written, in the normal form: as it stands, and Latin ones with either name first."""
    normal = [searchable(name).strip() for name in names]
    orders = [order for name in normal for order in (name, " ".join(reversed(name.split())))]
    return tuple(dict.fromkeys(order for order in [*orders, searchable(pinyin).strip()] if order))


def in_any_spelling(wanted: Sequence[Term], people: Iterable[tuple[str, ...]]) -> list[Term]:
    """The terms, those that spell the name of one of the `people`, in one word or apart, as that name."""
    known: dict[str, tuple[str, ...]] = {}
    for names in people:
        for name in names:
            joined = name.replace(" ", "")
            known[joined] = tuple(dict.fromkeys([*known.get(joined, ()), *names]))
    found, rest = [], list(wanted)
    while rest:
        texts = (("".join(term.text for term in rest[:n]).replace(" ", ""), n) for n in range(len(rest), 0, -1))
        name, length = next(((text, n) for text, n in texts if text in known), ("", 1))
        found.append(Term(name, known[name]) if name else rest[0])
        del rest[:length]
    return found


def matches(wanted: Sequence[Term], text: str) -> bool:
    """Whether every term is in `text`."""
    normal = searchable(text)
    return all(term.is_in(normal) for term in wanted)


def marked_parts(text: str, wanted: Sequence[Term]) -> list[tuple[str, bool]]:
    """`text` in parts, each with whether it is a hit; together they are the text, sign by sign."""
    normal, places = _folded(text)
    hit = [False] * len(text)
    for term in wanted:
        for needle in term.needles:
            for start in _found(normal, needle):
                first = places[start + needle.startswith(" ")]
                last = places[start + len(needle.rstrip(" ")) - 1]
                hit[first : last + 1] = [True] * (last + 1 - first)
    return list(_parts(text, hit))


def _folded(text: str, *, apart: bool = True) -> tuple[str, list[int]]:
    """The normal form, and for each of its signs which sign of `text` it comes from.

    Without `apart` letters and digits that touch are one word.
    """
    signs, places = [" "], [0]
    for place, sign in enumerate(text):
        for letter in _letters(sign):
            between = [" "] if _change_of_script(signs[-1], letter, apart=apart) else []
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
    plain = plain.translate(simplified())
    return [letter if letter.isalnum() else " " for letter in plain if unicodedata.category(letter) != "Mn"]


@cache
def simplified() -> dict[int, str]:
    """For str.translate: each traditional character in its simplified form. Read when it is first needed."""
    tables = json.loads(files("zhconv").joinpath("zhcdict.json").read_text(encoding="utf-8"))
    return str.maketrans({sign: plain for sign, plain in tables["zh2Hans"].items() if len(sign) == 1})


def _change_of_script(before: str, after: str, *, apart: bool) -> bool:
    if " " in (before, after):
        return False
    return bool(HAN.match(before)) != bool(HAN.match(after)) or (apart and before.isdigit() != after.isdigit())


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
