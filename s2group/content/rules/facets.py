"""Choosing papers by year, kind, venue, member, research line and rank, and by words in them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FACETS = ("year", "kind", "venue", "member", "line", "ccf")
HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
# A phrase between quotation marks of either kind, or a word.
TERM = re.compile(r"[\"“”]([^\"“”]+)[\"“”]|([^\s\"“”]+)")


@dataclass(frozen=True)
class Faceted:
    """What is known of one paper: its key, its values of each facet, and its words as `searchable` writes them."""

    key: str
    values: Mapping[str, frozenset[str]]
    words: str


@dataclass(frozen=True)
class Selection:
    """What a reader has chosen: at most one value of each facet, and what they look for."""

    chosen: Mapping[str, str]
    query: str = ""

    @property
    def arguments(self) -> dict[str, str]:
        """The same as the arguments of an address."""
        return {**self.chosen, **({"q": self.query} if self.query else {})}

    def adding(self, facet: str, value: str) -> "Selection":
        """With this value of the facet, in place of another one."""
        return Selection({**self.chosen, facet: value}, self.query)

    def without(self, facet: str) -> "Selection":
        """Whatever the value of the facet; `q` is the query."""
        rest = {name: value for name, value in self.chosen.items() if name != facet}
        return Selection(rest, "" if facet == "q" else self.query)


def selection(arguments: Mapping[str, str], *, longest: int = 100) -> Selection:
    """What the arguments of an address choose; those of other names are nothing to us."""
    known = {facet: arguments.get(facet, "").strip()[:longest] for facet in FACETS}
    query = " ".join(arguments.get("q", "").split())[:longest]
    return Selection({facet: value for facet, value in known.items() if value}, query)


def shown(papers: Iterable[Faceted], choice: Selection) -> list[Faceted]:
    """The papers that have every chosen value and all the words, in their order."""
    wanted = terms(choice.query)
    return [
        paper
        for paper in papers
        if all(value in paper.values.get(facet, ()) for facet, value in choice.chosen.items())
        and all(term in paper.words for term in wanted)
    ]


def counts(papers: Sequence[Faceted], choice: Selection, facet: str) -> Counter[str]:
    """For each value of a facet how many papers would be shown if it were chosen, beside what is chosen elsewhere."""
    rest = shown(papers, choice.without(facet))
    return Counter(value for paper in rest for value in paper.values.get(facet, ()))


def searchable(*texts: str) -> str:
    """Words in the form in which `terms` finds them: small, without accents and punctuation, Chinese set apart."""
    letters = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    plain = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return f" {' '.join(HAN_RUN.sub(lambda run: f' {run[0]} ', plain).split())} "


def terms(query: str) -> list[str]:
    """What a text must contain: each word of the query, and each phrase between quotation marks as a whole.

    A word counts from its beginning on, so that 'emotion' finds 'emotional'; Chinese counts anywhere.
    """
    found = []
    for phrase, word in TERM.findall(query):
        words = searchable(phrase or word).strip()
        if words:
            begins_with_han = HAN_RUN.match(words)
            found.append(
                f"{'' if begins_with_han else ' '}{words}{' ' if phrase and not HAN_RUN.search(words) else ''}"
            )
    return found
