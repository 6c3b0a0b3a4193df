"""Lists of authors, as BibTeX wants them and as people write them.

BibTeX puts `and` between two people, and a comma only between family and given names. Where people put commas,
semicolons or & between names, their form tells them apart. A list that can be read in two ways is refused: a name made
of two people's would stand on the site and in every citation.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import lazy_gettext

from s2group.content.people.pinyin import COMPOUND_SURNAMES
from s2group.content.publications.bibtex.latex import plain_latex
from s2group.content.publications.bibtex.markup import ENVELOPES, EQUAL, bare_names, signs_in, without_signs
from s2group.content.publications.bibtex.papers import Author
from s2group.core.text import HAN

AND = re.compile(r"(?:(?<!\S)|(?<=[,，]))and(?![^\s,，])", re.IGNORECASE)
BETWEEN = re.compile(
    rf"(?<=\s)\\?[&＆]|\\?[&＆](?=\s)|(?<={HAN.pattern})\\?[&＆]|(?<=\s)[和与及](?=\s)|(?<=\s)[·•/](?=\s)"
)
SEMICOLON = re.compile(r"[;；、|]")
COMMA = re.compile("[,，]")
OTHERS = re.compile(
    r"(?:^|[,，\s]+)(?:and\s+)?(?:et\.?\s*al\b\.?|others\b\.?|\.\.\.|…|\\l?dots)\s*$|[,，\s]*(?<![,，\s][㐀-鿿])等人?\s*$",
    re.IGNORECASE,
)
SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
PARTICLE = re.compile(r"[a-zà-ÿ]|(?:Del?|Della|Van|Von|La|Le|Da|Di|Dos|Du|Den|Der|Ten|Ter|Al|El|Bin|Ben|Ibn|Abu|San)\s")
INITIALS = re.compile(r"[A-ZÀ-Þ]\.?(?:[-\s]?[A-ZÀ-Þ]\.|-[a-z]\.|[-\s][A-ZÀ-Þ])*|[A-Z]{2}")
HAN_WORDS = re.compile(rf"(?:{HAN.pattern}|[·•\s])+")
OF_AN_INSTITUTION = re.compile(
    r"\b(?:of|for|the|groups?|labs?|laborator\w+|teams?|universit\w+|institut\w+|consortium|project|cent(?:er|re)|"
    r"society|association|committee|company|sons|inc|ltd|llc|corp|gmbh)\b",
    re.IGNORECASE,
)
NO_NAME = re.compile(r"[@=<>|\\^_:*&]|\d{3}")
FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})\.$")
MOST_WORDS = 6
REMEDY = lazy_gettext("Put `and` between two people, and write one person as {Family Names}, Given")


class NamesError(Exception):
    """A list of authors cannot be read, or can be read in two ways."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, REMEDY


@dataclass(frozen=True)
class AuthorList:
    """Who wrote a paper, first name first; `remarks` are what was left off or told apart, and what to do about it."""

    authors: tuple[Author, ...]
    and_others: bool
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> list[str]:
        """Their names alone."""
        return [author.name for author in self.authors]


# A file that is written and read again reads each list several times.
@lru_cache(maxsize=5000)
def read_authors(written: str, notes: str = "") -> AuthorList:
    """The authors of a field. Raises NamesError.

    `notes` is what the entry says besides: it may explain a mark, as in '* equal contribution'.
    """
    written = " ".join(written.replace("~", " ").split())
    bare = _out_of_braces(bare_names(written))
    chunks = [_without_others(chunk) for chunk in _cut(bare, AND, BETWEEN, SEMICOLON)]
    told_apart = _Chunks([chunk for chunk, _others in chunks if chunk], semicolons=len(_cut(bare, SEMICOLON)) > 1)
    names = [name for chunk in told_apart.chunks for name in told_apart.people(chunk)]
    authors = tuple(_author(name, bare_names(notes)) for name in names)
    if not authors:
        raise NamesError(lazy_gettext("the authors %(value)r name nobody", value=written))
    remarks = []
    if marks := signs_in(bare.replace(EQUAL, "")):
        told = lazy_gettext("marks came off its authors: %(marks)s", marks=" ".join(dict.fromkeys(marks)))
        remarks.append((told, lazy_gettext("Say in author+an who is equal or corresponding")))
    if without_signs(bare) != without_signs(written) or (bare != written and not marks):
        remarks.append((lazy_gettext("markup came off its authors"), lazy_gettext("Write the names alone")))
    if len(names) > len(_cut(bare, AND)) - any(others and not chunk for chunk, others in chunks):
        told = lazy_gettext(
            "authors told apart without `and`: %(names)s", names="; ".join(author.name for author in authors)
        )
        remarks.append((told, lazy_gettext("Look whether they are right")))
    return AuthorList(authors, any(others for _chunk, others in chunks), tuple(remarks))


def _cut(text: str, *between: re.Pattern[str]) -> list[str]:
    """The stretches between separators that stand outside of braces, none of them empty."""
    at, cuts = 0, []
    for found in re.finditer("|".join(f"(?:{form.pattern})" for form in between), _masked(text), re.IGNORECASE):
        cuts.append(text[at : found.start()])
        at = found.end()
    stretches = (stretch.strip(" ,，") for stretch in [*cuts, text[at:]])
    return [stretch for stretch in stretches if without_signs(stretch).strip("{} ")]


def _masked(text: str) -> str:
    """The text with something else, as long, in the place of what stands in braces."""
    depth, masked = 0, []
    for letter in text:
        depth += letter == "{"
        masked.append("\ue000" if depth > 0 else letter)
        depth -= letter == "}"
    return "".join(masked)


def _out_of_braces(text: str) -> str:
    """A list of people that stands in braces of its own, out of them; an institution's name stays in them."""
    masked = _masked(text)
    if not text.startswith("{") or not text.endswith("}") or set(masked) != {"\ue000"} or _masked(text[1:-1]) == masked:
        return text
    inner = text[1:-1].strip()
    people = _cut(inner, AND, SEMICOLON)
    if inner.startswith("{") and len(people) == 1:
        return _out_of_braces(inner)
    alike = all(_is_whole(person) or len(_cut(person, COMMA)) == 2 for person in people)
    return inner if len(people) > 1 and alike and not OF_AN_INSTITUTION.search(inner) else text


def _without_others(chunk: str) -> tuple[str, bool]:
    """A stretch of the list without 'et al.' or 等, and whether that stood there."""
    rest = OTHERS.sub("", without_signs(chunk))
    cut = len(rest.rstrip()) < len(without_signs(chunk).rstrip())
    return (OTHERS.sub("", chunk).strip(" ,，") if cut else chunk), cut


def _words(part: str) -> list[str]:
    return without_signs(_masked(part)).split()


def _is_han(part: str) -> bool:
    return HAN_WORDS.fullmatch(without_signs(part).strip("{} ")) is not None


def _is_initials(part: str) -> bool:
    return INITIALS.fullmatch(without_signs(part).strip()) is not None


def _is_whole(part: str) -> bool:
    """Whether it is somebody's whole name, not only the family or the given one."""
    if _is_han(part):
        return len(_squeezed(part)) > 1
    return len(_words(part)) > 1 and not _is_initials(part)


def _squeezed(part: str) -> str:
    return re.sub(r"[{}\s]", "", without_signs(part))


def _is_surname(part: str) -> bool:
    return len(_squeezed(part)) == 1 or _squeezed(part) in COMPOUND_SURNAMES


@dataclass(frozen=True)
class _Chunks:
    """The stretches of a list between `and`, & and semicolons; each may still hold several people."""

    chunks: Sequence[str]
    semicolons: bool

    def people(self, chunk: str) -> list[str]:
        """The people of one stretch, each first name first. Raises NamesError."""
        parts = _with_suffixes(_cut(chunk, COMMA))
        if len(parts) == 1:
            found = _spaced_out(parts[0])
        elif all(map(_is_han, parts)):
            found = _between_commas_in_han(parts)
        elif len(parts) == 2:
            found = self.one_or_two(*parts)
        else:
            found = self.several(parts)
        if not found:
            raise NamesError(lazy_gettext("the authors %(value)r can be read in more than one way", value=chunk))
        return found

    def one_or_two(self, left: str, right: str) -> list[str]:
        """'Family, Given', or two people; nobody where both may be meant."""
        if _is_han(left) != _is_han(right):
            return []
        if not (_is_whole(left) and _is_whole(right)) or PARTICLE.match(left):
            return [f"{right} {left}"]
        if _is_initials(_words(left)[0]):  # 'X. Lin' is nobody's family name
            return [left, right]
        if _ends_in_initials(right):
            return [left, right] if _ends_in_initials(left) else [f"{right} {left}"]
        if self.family_first():
            return [f"{right} {left}"]
        with_commas = sum(COMMA.search(_masked(chunk)) is not None for chunk in self.chunks)
        return [left, right] if len(self.chunks) > with_commas == 1 and not self.semicolons else []

    def several(self, parts: list[str]) -> list[str]:
        """Whole names one after the other, or family and given names in turn; nobody where it is neither."""
        left, right = parts[::2], parts[1::2]
        in_turn = len(parts) % 2 == 0 and not any(map(_is_whole, parts))
        if in_turn and ((all(map(_is_initials, right)) and not any(map(_is_initials, left))) or self.family_first()):
            return [f"{given} {family}" for family, given in zip(left, right, strict=True)]
        whole = all(map(_is_whole, parts)) and not self.semicolons
        return parts if whole and not any(map(_is_initials, parts)) else []

    def family_first(self) -> bool:
        """Whether others of the list stand there as 'Family, Given' beyond doubt."""
        parts = [_cut(chunk, COMMA) for chunk in self.chunks]
        return any(len(each) == 2 and not all(map(_is_whole, each)) for each in parts)


def _ends_in_initials(part: str) -> bool:
    return _is_initials(_words(part)[-1])


def _with_suffixes(parts: list[str]) -> list[str]:
    """'Sample, Jr, Jan' as 'Sample Jr, Jan' would be wrong: the suffix goes to the end of the whole name."""
    if len(parts) == 3 and SUFFIX.fullmatch(parts[1]):
        return [f"{parts[2]} {parts[0]} {parts[1]}"]
    joined: list[str] = []
    for part in parts:
        if joined and SUFFIX.fullmatch(part):
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return joined


def _spaced_out(part: str) -> list[str]:
    """One name; of Chinese ones those that stand between blanks. Nobody where it is too long for one."""
    if not _is_han(part):
        return [part] if len(_words(part)) <= MOST_WORDS else []
    words = part.split()
    if len(words) == 1 or all(len(without_signs(word)) == 1 for word in words):
        return ["".join(words)]
    if len(words) == 2 and any(map(_is_surname, words)):
        return ["".join(words if _is_surname(words[0]) else reversed(words))]
    return words if all(map(_is_whole, words)) else []


def _between_commas_in_han(parts: list[str]) -> list[str]:
    """'林, 小禾' is one person, '林小禾, 包额尔' are two."""
    if len(parts) % 2 == 0 and all(map(_is_surname, parts[::2])):
        return [family + given for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return [name for part in parts for name in _spaced_out(part)] if all(map(_is_whole, parts)) else []


def _author(name: str, notes: str) -> Author:
    marks, bare = signs_in(name), without_signs(name).strip()
    plain = plain_latex(bare)
    if set(_masked(bare)) != {"\ue000"}:
        plain = FULL_STOP.sub("", plain)
        if NO_NAME.search(plain):
            raise NamesError(lazy_gettext("the author %(value)r is not a name", value=name))
    if not any(letter.isalpha() for letter in plain):
        raise NamesError(lazy_gettext("the author %(value)r is not a name", value=name))
    return Author(
        plain,
        equal=_means(marks, EQUAL, "equal|co-?first|共同|同等", notes),
        corresponding=_means(marks, ENVELOPES, "corresp|通[讯信]", notes),
    )


def _means(marks: str, plainly: str, words: str, notes: str) -> bool:
    """Whether one of the marks says so by itself, or the notes do: '* equal contribution'."""
    explained = (re.search(rf"{re.escape(mark)}[^.;*†‡]{{0,20}}?(?:{words})", notes, re.IGNORECASE) for mark in marks)
    return any(mark in plainly for mark in marks) or any(explained)
