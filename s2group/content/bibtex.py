"""BibTeX as the group keeps it: standard entries, and four fields of our own that exports leave out.

`code` and `demo` are links, `award` is a distinction, and `author+an` annotates authors in biblatex's way:
`author+an = {1=equal; 2=equal, corresponding; 3=namesake}`, where a namesake is no member of the group
though the name is that of one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares import NormalizeFieldKeys
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import Block, Entry, Field, ImplicitComment
from bibtexparser.writer import BibtexFormat
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from s2group.content.files import ContentError, is_web_address
from s2group.content.rules import Identity, title_key

OUR_FIELDS = frozenset({"author+an", "code", "demo", "award"})
VENUE_FIELDS = ("journal", "booktitle", "publisher", "school", "institution", "howpublished")
ANNOTATIONS = frozenset({"equal", "corresponding", "namesake"})
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}")
YEAR = re.compile(r"(19|20)\d\d")
DOI = re.compile(r"10\.\d{4,9}/\S+")
ARXIV_NUMBER = re.compile(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}")
ARXIV_ADDRESS = re.compile(r"https?://(www\.)?arxiv\.org/")
LATEX_MARKS = re.compile(r"[\\{}$~]|--|``|''")

_decoder = LatexNodes2Text(math_mode="text")


@dataclass(frozen=True)
class Author:
    """One author of a paper, first name first."""

    name: str
    equal: bool = False
    corresponding: bool = False
    namesake: bool = False


@dataclass(frozen=True)
class Paper:
    """A paper as it arrives, from a BibTeX file or from anywhere else; LaTeX is decoded.

    `links` is ordered, label to address: paper, DOI, arXiv, code, demo. `doi` and `arxiv` are bare, without prefix and
    version, the DOI in small letters. `teaser` is the path of a picture, `lines` are keys of research lines, `impact`
    lines of Markdown. Where `bibtex` is empty, it is written when the paper is stored.
    """

    key: str
    kind: str
    title: str
    venue: str
    year: int
    award: str
    authors: tuple[Author, ...]
    and_others: bool
    links: dict[str, str]
    bibtex: str
    doi: str | None = None
    arxiv: str | None = None
    repository: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    impact: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    teaser: str = ""

    @property
    def identity(self) -> Identity:
        """By what the paper is known."""
        return Identity(self.kind, title_key(self.title), self.doi, self.arxiv)


def read_papers(text: str, place: str) -> list[Paper]:
    """The entries of a BibTeX file, in its order. Raises ContentError, with the line, at the first unusable one."""
    library = parse_string(text, append_middleware=[NormalizeFieldKeys()])
    for failed in library.failed_blocks:
        problem = f"the entry cannot be read: {failed.error}"
        raise ContentError(_line(place, failed), problem, "Look at its braces, commas and key")
    for block in library.blocks:
        if isinstance(block, ImplicitComment):
            _check_comment(block, place)
    return [_EntryReader(entry, place).paper() for entry in library.entries]


def _check_comment(block: ImplicitComment, place: str) -> None:
    """BibTeX takes whatever is outside an entry for a comment; a forgotten @ would lose a paper in silence."""
    lines = [line.strip() for line in block.comment.splitlines()]
    if any(line and not line.startswith("%") for line in lines):
        raise ContentError(_line(place, block), "text outside an entry", "Begin an entry with @ and a comment with %")


def _line(place: str, block: Block) -> str:
    return f"{place}, line {(block.start_line or 0) + 1}"


def plain_latex(text: str) -> str:
    """LaTeX as the reader's text: `Schr{\\"o}der` is `Schröder`. Line breaks become spaces."""
    if LATEX_MARKS.search(text):
        # To LaTeX a bare % hides the rest of the line; in a title it is a percent sign.
        text = _decoder.latex_to_text(re.sub(r"(?<!\\)%", r"\%", text))
    return " ".join(text.split())


class _EntryReader:
    """Turns one parsed entry into a Paper."""

    def __init__(self, entry: Entry, place: str) -> None:
        self.entry = entry
        self.fields = {field.key: str(field.value).strip() for field in entry.fields}
        self.place = f"{_line(place, entry)}, {entry.key or 'no key'}"

    def paper(self) -> Paper:
        if not KEY.fullmatch(self.entry.key):
            raise self.error("the key cannot stand in an address", "Use Latin letters, digits and -, at most 80")
        authors, and_others = self.authors()
        return Paper(
            key=self.entry.key,
            kind=self.entry.entry_type.lower(),
            title=self.required("title"),
            venue=self.venue(),
            year=self.year(),
            award=plain_latex(self.fields.get("award", "")),
            authors=authors,
            and_others=and_others,
            links=dict(self.links()),
            bibtex=self.export(),
        )

    def required(self, name: str) -> str:
        words = plain_latex(self.fields.get(name, ""))
        if not words:
            raise self.error(f"{name} is missing", "Add it")
        return words

    def venue(self) -> str:
        found = next((name for name in VENUE_FIELDS if self.fields.get(name)), None)
        if found is None:
            raise self.error("the venue is missing", "Add a journal or a booktitle")
        return self.required(found)

    def year(self) -> int:
        year = self.required("year")
        if not YEAR.fullmatch(year):
            raise self.error(f"year is {year!r}", "Write four digits")
        return int(year)

    def authors(self) -> tuple[tuple[Author, ...], bool]:
        self.required("author")
        names = split_multiple_persons_names(" ".join(self.fields["author"].split()))
        and_others = names[-1] == "others"
        if and_others:
            names.pop()
        notes = self.annotations(len(names))
        return tuple(
            Author(self.name(name), **{word: word in notes.get(number, ()) for word in sorted(ANNOTATIONS)})
            for number, name in enumerate(names, start=1)
        ), and_others

    def name(self, written: str) -> str:
        try:
            parts = parse_single_name_into_parts(written, strict=True)
        except InvalidNameError as error:
            raise self.error(f"the author {written!r} cannot be read", "Write Family, First") from error
        name = plain_latex(" ".join([*parts.first, *parts.von, *parts.last, *parts.jr]))
        if not any(letter.isalpha() for letter in name) or "†" in name or "*" in name:
            raise self.error(f"the author {written!r} is not a name", "Put marks such as † into author+an")
        return name

    def annotations(self, count: int) -> dict[int, set[str]]:
        notes: dict[int, set[str]] = {}
        for part in filter(None, (part.strip() for part in self.fields.get("author+an", "").split(";"))):
            number, _, words = part.partition("=")
            marks = {word.strip(' "') for word in words.split(",")}
            if not number.strip().isdecimal() or not 1 <= int(number) <= count or not marks <= ANNOTATIONS:
                known = ", ".join(sorted(ANNOTATIONS))
                raise self.error(f"author+an says {part!r}", f"Write the author's number, = and one of: {known}")
            notes.setdefault(int(number), set()).update(marks)
        return notes

    def links(self) -> Iterator[tuple[str, str]]:
        """Label and address, ordered; the same address only once."""
        seen = set()
        for label, address in self.labelled_addresses():
            if address not in seen:
                yield label, address
            seen.add(address)

    def labelled_addresses(self) -> Iterator[tuple[str, str]]:
        url = self.address("url")
        on_arxiv = bool(url and ARXIV_ADDRESS.match(url))
        if url and not on_arxiv:
            yield "paper", url
        if "doi" in self.fields:
            yield "DOI", "https://doi.org/" + self.matching("doi", DOI, prefix=r"https?://(dx\.)?doi\.org/")
        if "eprint" in self.fields and self.fields.get("archiveprefix", "arXiv").lower() == "arxiv":
            yield "arXiv", "https://arxiv.org/abs/" + self.matching("eprint", ARXIV_NUMBER, prefix="arXiv:")
        elif url and on_arxiv:
            yield "arXiv", url
        for label in ("code", "demo"):
            if address := self.address(label):
                yield label, address

    def address(self, name: str) -> str | None:
        if name not in self.fields:
            return None
        address = re.sub(r"\\([_%&#~])", r"\1", self.fields[name])
        if not is_web_address(address):
            raise self.error(
                f"{name} {self.fields[name]!r} is not a web address", "Write all of it, from https:// on, or remove it"
            )
        return address

    def matching(self, name: str, form: re.Pattern[str], *, prefix: str) -> str:
        value = re.sub(f"^({prefix})", "", self.fields[name].replace("\\_", "_"))
        if not form.fullmatch(value):
            raise self.error(f"{name} {value!r} has not the form of one", "Correct it or remove it")
        return value

    def export(self) -> str:
        """The entry for other people's files: as it was written, without our own fields."""
        kept = [Field(field.key, field.value) for field in self.entry.fields if field.key not in OUR_FIELDS]
        layout = BibtexFormat()  # type: ignore[no-untyped-call]
        layout.indent = "  "
        entry = Entry(self.entry.entry_type, self.entry.key, kept)
        return write_string(Library([entry]), bibtex_format=layout).strip()

    def error(self, problem: str, remedy: str) -> ContentError:
        return ContentError(self.place, problem, remedy)
