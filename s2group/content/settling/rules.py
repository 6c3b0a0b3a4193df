"""Which papers may be one, and whose an author's name may be."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from s2group.content.publications.rules.names import person_name
from s2group.content.publications.rules.papers import Identity, family_first_key, may_be_one, person_key
from s2group.core.text import HAN, HAN_SIGNS

# How much of the words of two titles must be the same: one word of nine may be another, or a subtitle be left out.
ALIKE = 0.6
WORDS = re.compile(rf"[{HAN_SIGNS}]+|[^\W_{HAN_SIGNS}]+")
# 'Hu YF' and 'YF Hu': given names as capitals without dots.
CAPITALS = re.compile(r"[A-Z]{1,3}")

T = TypeVar("T")


def title_words(title: str) -> frozenset[str]:
    """The words of a title, and of Chinese ones each two signs that stand side by side."""
    runs = WORDS.findall(unicodedata.normalize("NFKC", title).casefold())
    return frozenset(word for run in runs for word in (_pairs(run) if HAN.match(run) else (run,)))


def _pairs(run: str) -> Iterator[str]:
    yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))


def alike(titles: Mapping[T, frozenset[str]]) -> Iterator[tuple[T, T]]:
    """The pairs of titles that have at least ALIKE of their words in common, and all of their numbers.

    Titles that are so much alike share one of the rarest words of each; only those that share one are compared.
    """
    counts = Counter(word for words in titles.values() for word in words)
    by_word: dict[str, list[T]] = defaultdict(list)
    for key, words in titles.items():
        rarest = sorted(words, key=lambda word: (counts[word], word))
        telling = rarest[: len(words) - math.ceil(ALIKE * len(words)) + 1]
        near = dict.fromkeys(other for word in telling for other in by_word[word])
        yield from ((other, key) for other in near if _are_alike(titles[other], words))
        for word in telling:
            by_word[word].append(key)


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    differing = one ^ other
    return len(one & other) >= ALIKE * len(one | other) and not any(map(str.isdecimal, differing))


@dataclass(frozen=True)
class Known:
    """What a paper is compared by; `first` are the ways to spell its first author, `rank` is how sure its record is."""

    key: str
    identity: Identity
    title: str
    first: frozenset[str]
    rank: tuple[bool, bool, int]

    @cached_property
    def words(self) -> frozenset[str]:
        """Those of its title."""
        return title_words(self.title)


def first_author_keys(name: str, slug: str | None) -> frozenset[str]:
    """By what two spellings of a first author are known to be one: the member, the words, or surname and initial."""
    parts = person_name(name)
    short = f"{person_key(parts.family)} {parts.initials[0].casefold()}" if parts.initials else ""
    words = " ".join(sorted(person_key(name).split()))
    return frozenset(filter(None, (f"member {slug}" if slug else "", words, short)))


def rank(kind: str, doi: str | None, record_id: int) -> tuple[bool, bool, int]:
    """What sorts two records of one paper: first comes the one that stays, the published one before a preprint."""
    return kind == "preprint", doi is None, record_id


def pairs_to_settle(papers: Iterable[Known], distinct: Iterable[tuple[str, str]]) -> list[tuple[Known, Known]]:
    """The pairs that may be one paper and of which nobody has said that they are two; the one that stays first."""
    by_first: dict[str, list[Known]] = defaultdict(list)
    for paper in papers:
        for author in paper.first:
            by_first[author].append(paper)
    settled = {frozenset(pair) for pair in distinct}
    pairs = {pair for by_one in by_first.values() for pair in _alike_papers(by_one)}
    found = [
        (one, other)
        for one, other in pairs
        if frozenset((one.key, other.key)) not in settled and may_be_one(one.identity, other.identity)
    ]
    return sorted(found, key=lambda pair: (-pair[0].identity.year, pair[0].key, pair[1].key))


def _alike_papers(papers: list[Known]) -> Iterator[tuple[Known, Known]]:
    """Of one first author: nobody compares all papers with all."""
    for one, other in alike({paper: paper.words for paper in papers}):
        yield (one, other) if one.rank < other.rank else (other, one)


@dataclass(frozen=True)
class Person:
    """A member as names are compared; `sorted_as` begins with the surname, Chinese names in pinyin."""

    slug: str
    names: tuple[str, ...]
    sorted_as: str


class Likely:
    """Finds the members whom a name may mean that no name or alias of theirs tells exactly."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._exactly: set[str] = set()
        self._found: dict[str, dict[str, None]] = defaultdict(dict)
        for person in people:
            self._exactly.update(map(person_key, person.names))
            for way in self._ways(person):
                self._found[way][person.slug] = None

    def members(self, name: str) -> list[str]:
        """Their slugs; none where the name is exactly somebody's: an alias would tell nothing new."""
        if person_key(name) in self._exactly:
            return []
        return list(dict.fromkeys(slug for way in _ways_to_find(name) for slug in self._found.get(way, ())))

    @staticmethod
    def _ways(person: Person) -> Iterator[str]:
        for name in person.names:
            yield from (_run(person_key(name)), _run(family_first_key(name)))
            parts = person_name(name)
            yield from _short(parts.family, "".join(parts.initials))
            yield from _with_middle(parts.family, parts.given[:1])
        family, *given = HAN.sub(" ", person.sorted_as).split() or [""]
        yield from (_run(f"{family} {' '.join(given)}"), _run(f"{' '.join(given)} {family}"))
        yield from _short(family, "".join(syllable[0] for syllable in given))


def _run(words: str) -> str:
    """'yi fan hu' and 'yifan hu' are one."""
    return words.replace(" ", "")


def _short(family: str, initials: str) -> Iterator[str]:
    """A surname with the first initial, with two, and so on."""
    yield from (f"{person_key(family)}|{initials[:length].casefold()}" for length in range(1, len(initials) + 1))


def _with_middle(family: str, first: tuple[str, ...]) -> Iterator[str]:
    if first and len(person_key(first[0])) > 1:
        yield f"{person_key(family)}||{person_key(first[0])}"


def _ways_to_find(name: str) -> Iterator[str]:
    yield _run(person_key(name))
    family, given = _family_and_given(name)
    initials = [part for each in given for part in re.split(r"[-.]", each) if part]
    if initials and all(len(part) == 1 or CAPITALS.fullmatch(part) for part in initials):
        yield f"{person_key(family)}|{''.join(initials).casefold()}"
    elif given and all(len(person_key(each)) == 1 for each in given[1:]):
        yield from _with_middle(family, tuple(given[:1]))


def _family_and_given(name: str) -> tuple[str, tuple[str, ...]]:
    words = name.split()
    if len(words) == 2 and CAPITALS.fullmatch(words[1].replace(".", "")) and not CAPITALS.fullmatch(words[0]):
        return words[0], (words[1],)
    parts = person_name(name)
    return parts.family, parts.given
