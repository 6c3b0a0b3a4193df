"""A paper as a record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.pictures.fields import PicturePath
from s2group.content.publications.models import Authorship, Publication
from s2group.content.publications.rules.completion import completed, missing
from s2group.content.records.fields import Field, Flag, Known, References, Tables, Text, Texts
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.rules import title_key


@dataclass(frozen=True)
class Identifier(Field[str | None]):
    """A DOI or an arXiv number, or None."""

    def read(self, value: Any, place: str) -> str | None:
        """The identifier. Raises ContentError."""
        return Text(self.name, "").read(value or "", place) or None


@dataclass(frozen=True)
class Year(Field[int]):
    """A year; 0 where nobody says it."""

    def read(self, value: Any, place: str) -> int:
        """The year. Raises ContentError."""
        if type(value) is not int or not 0 <= value < 2100:
            raise self.error(
                place,
                lazy_gettext("%(name)s is %(value)r", name=self.name, value=value),
                lazy_gettext("Write four digits"),
            )
        return value


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
            for field in self.fields:
                field.put(row.authors[position], table[field.name], known, place)


def _complete(publication: Publication, _now: datetime) -> None:
    publication.title_key = title_key(publication.title)
    if publication.source is None:
        publication.source, publication.additions, publication.has_pdf = "files", {}, False


PUBLICATION = Kind(
    "publication",
    Publication,
    (
        Text("key"),
        Text("kind"),
        Text("title"),
        Authors("authors"),
        Flag("and_others", False),
        Text("venue", ""),
        Year("year", 0),
        *(Text(name, "") for name in ("award", "abstract", "volume", "number", "pages", "publisher")),
        Text("repository", "", longest=140),
        Texts("keywords", []),
        Texts("impact", []),
        Identifier("doi", None),
        Identifier("arxiv", None),
        LinkTable("links", {}),
        References("lines", (), "areas", kind="research_area"),
        PicturePath("teaser", "", "picture"),
        Text("bibtex", ""),
    ),
    key="key",
    complete=_complete,
)


def with_additions(values: Values, publication: Publication | None) -> Values:
    """What the file says of a paper, with what imports have added to it."""
    additions = publication.additions if publication else {}
    return values | completed(values, missing(values, additions))
