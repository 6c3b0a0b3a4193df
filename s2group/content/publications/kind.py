"""A paper as a record."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.pictures.fields import PicturePath
from s2group.content.publications.bibtex.entry import WORKS
from s2group.content.publications.bibtex.identifiers import ARXIV_NUMBER, DOI, bare_arxiv, bare_doi
from s2group.content.publications.models import Authorship, Publication
from s2group.content.publications.rules.completion import completed, missing
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import Choice, Field, Flag, Known, References, Tables, Text, Texts
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.rules import title_key

FOUR_DIGITS = re.compile(r"[0-9]{4}")
DOI_TO_WRITE = lazy_gettext("Write it as 10.1109/5.771073, or nothing")
ARXIV_TO_WRITE = lazy_gettext("Write it as 2105.02446, or nothing")
EARLIEST, LATEST = 1500, 2100


@dataclass(frozen=True)
class Identifier(Field[str | None]):
    """A DOI or an arXiv number, or None. `bare` takes prefix and address off, `shape` is what is left then."""

    longest: int = 0
    shape: re.Pattern[str] = re.compile("")
    bare: Callable[[str], str] = str
    remedy: str = ""

    def read(self, value: Any, place: str) -> str | None:
        """The identifier. Raises ContentError."""
        written = self.bare(Text(self.name, "").read(value or "", place))
        if written and not (self.shape.fullmatch(written) and len(written) <= self.longest):
            raise self.error(place, lazy_gettext("%(name)s is %(value)r", name=self.name, value=value), self.remedy)
        return written or None


@dataclass(frozen=True)
class Year(Field[int]):
    """A year; 0 where nobody says it."""

    def read(self, value: Any, place: str) -> int:
        """The year. Raises ContentError."""
        if type(value) is not int or not (value == 0 or EARLIEST <= value < LATEST):
            raise self.error(
                place,
                lazy_gettext("%(name)s is %(value)r", name=self.name, value=value),
                lazy_gettext("Write the year in four digits, or nothing"),
            )
        return value

    def from_cells(self, *cells: str) -> Any:
        """The number; what is none stays as it is written, for the complaint."""
        text = cells[0].strip()
        return int(text) if FOUR_DIGITS.fullmatch(text) else text or 0

    def to_cells(self, value: int) -> tuple[str, ...]:
        """Its digits, or nothing."""
        return (str(value or ""),)


@dataclass(frozen=True)
class LinkTable(Field[dict[str, str]]):
    """Addresses by their labels."""

    def read(self, value: Any, place: str) -> dict[str, str]:
        """The addresses. Raises ContentError."""
        if not isinstance(value, dict) or not all(isinstance(address, str) for address in value.values()):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a table of addresses", name=self.name),
                lazy_gettext("Begin it with [%(name)s]", name=self.name),
            )
        return dict(value)

    def of(self, row: Any) -> dict[str, str]:
        """A copy: nobody changes the row by it."""
        return dict(getattr(row, self.attribute))


@dataclass(frozen=True)
class Authors(Tables):
    """The authors in their order; which of them are members follows from their names."""

    fields: tuple[Field[Any], ...] = (
        Text("name", longest=200),
        *(Flag(mark, False) for mark in ("equal", "corresponding", "namesake")),
    )

    def of(self, row: Any) -> list[dict[str, Any]]:
        """Each as a table."""
        return [{field.name: field.of(author) for field in self.fields} for author in row.authors]

    def put(self, row: Any, value: list[dict[str, Any]], known: Known, place: str) -> None:
        """Name these authors."""
        del row.authors[len(value) :]
        for position, table in enumerate(value):
            if position == len(row.authors):
                row.authors.append(Authorship(position=position))
            author = row.authors[position]
            if author.name != table["name"] or table["namesake"]:
                author.member = None
            for field in self.fields:
                field.put(author, table[field.name], known, place)


def _check(values: Values, place: str) -> None:
    """By letters and digits of its title a paper is known again, and somebody wrote it."""
    if not title_key(values["title"]):
        problem = lazy_gettext("%(name)s has no letter or digit", name="title")
        raise ContentError(place, problem, lazy_gettext("Write the title with letters"), field="title")
    if not values["authors"]:
        problem = lazy_gettext("%(name)s is empty", name="authors")
        raise ContentError(place, problem, lazy_gettext("Name one author at least"), field="authors")


def _complete(publication: Publication, _now: datetime) -> None:
    publication.title_key = title_key(publication.title)
    if publication.source is None:
        publication.source, publication.additions, publication.has_pdf = "files", {}, False


PUBLICATION = Kind(
    "publication",
    Publication,
    (
        Text("key"),
        Text("title"),
        Authors("authors"),
        Flag("and_others", False),
        Choice("kind", words=WORKS),
        Text("venue", ""),
        Year("year", 0),
        *(Text(name, "", longest=40) for name in ("volume", "number", "pages")),
        Text("publisher", ""),
        Identifier("doi", None, longest=200, shape=DOI, bare=bare_doi, remedy=DOI_TO_WRITE),
        Identifier("arxiv", None, longest=40, shape=ARXIV_NUMBER, bare=bare_arxiv, remedy=ARXIV_TO_WRITE),
        LinkTable("links", {}),
        Text("award", ""),
        Text("abstract", ""),
        Text("repository", "", longest=140),
        Texts("keywords", []),
        Texts("impact", []),
        References("lines", (), "areas", kind="research_area"),
        PicturePath("teaser", "", "picture"),
        Text("teaser_alt", ""),
        Text("bibtex", ""),
    ),
    key="key",
    check=_check,
    complete=_complete,
)


def with_additions(values: Values, publication: Publication | None) -> Values:
    """What the file says of a paper, with what imports have added to it."""
    additions = publication.additions if publication else {}
    return values | completed(values, missing(values, additions))
