"""https://api.crossref.org: papers by DOI."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from s2group.content.publications.lookup.told import (
    LONGEST_ABSTRACT,
    Told,
    latex,
    line,
    names,
    one_name,
    person,
    without_tags,
)
from s2group.core.outgoing import Client, SourceError

KINDS = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "incollection", "book-section": "incollection", "book-part": "incollection",
    "book": "book", "monograph": "book", "edited-book": "book", "reference-book": "book", "proceedings": "book",
    "dissertation": "phdthesis",
    "dataset": "dataset",
    "report": "techreport",
}  # fmt: skip
VENUES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}
# A filter cannot hold a DOI with one of these.
BETWEEN_FILTERS = ","
SELECTED = (
    "DOI", "type", "title", "subtitle", "author", "editor", "container-title", "issued", "published-print", "volume",
    "issue", "page", "article-number", "publisher", "abstract",
)  # fmt: skip


@dataclass(frozen=True)
class Crossref:
    """It knows the DOIs of publishers; those of data and software are given by others."""

    client: Client
    name: str = "Crossref"
    batch: int = 25

    def batches(self, dois: Sequence[str]) -> Iterator[Sequence[str]]:
        """As many as one question may name."""
        plain = [doi for doi in dois if BETWEEN_FILTERS not in doi]
        yield from (plain[start : start + self.batch] for start in range(0, len(plain), self.batch))
        yield from ([doi] for doi in dois if BETWEEN_FILTERS in doi)

    def told(self, dois: Sequence[str]) -> dict[str, Told]:
        """What it says of each DOI that it knows. Raises SourceError."""
        works = self._one(dois[0]) if BETWEEN_FILTERS in dois[0] else self._several(dois)
        found = ((line(work.get("DOI")).lower(), work) for work in works if isinstance(work, dict))
        said = {doi: _told(doi, work) for doi, work in found if doi in dois}
        return {doi: told for doi, told in said.items() if told}

    def _several(self, dois: Sequence[str]) -> list[Any]:
        asked = {"filter": ",".join(f"doi:{doi}" for doi in dois), "rows": len(dois), "select": ",".join(SELECTED)}
        answer = self.client.json("/works?" + urlencode(asked))
        try:
            return list(answer["message"]["items"])
        except (KeyError, TypeError) as error:
            raise SourceError("its answer is not a list of works") from error

    def _one(self, doi: str) -> list[Any]:
        try:
            answer = self.client.json("/works/" + quote(doi, safe=""))
            return [answer["message"]]
        except SourceError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return []
            raise
        except (KeyError, TypeError) as error:
            raise SourceError("its answer is not a work") from error


def _told(doi: str, work: dict[str, Any]) -> Told | None:
    """The work as an entry; nothing where it has no title."""
    kind, title = KINDS.get(line(work.get("type")), "misc"), latex(_title(work))
    if not title:
        return None
    role = "author" if work.get("author") else "editor"
    return Told(kind, _names(work.get(role)), {"title": title, **_where(kind, work), **_numbers(work), "doi": doi})


def _title(work: dict[str, Any]) -> str:
    """Title and subtitle; many titles have theirs in them already."""
    title, subtitle = (without_tags(_first(work.get(name))) for name in ("title", "subtitle"))
    return f"{title}: {subtitle}" if title and subtitle and subtitle not in title else title


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else ""


def _names(people: object) -> tuple[str, ...]:
    listed = [each for each in people if isinstance(each, dict)] if isinstance(people, list) else []
    return names(_name(each) for each in listed)


def _name(each: dict[str, Any]) -> str:
    if each.get("name"):
        return one_name(line(each["name"]), whole=True)
    return person(each.get("given"), each.get("family"), each.get("suffix"))


def _where(kind: str, work: dict[str, Any]) -> dict[str, str]:
    """Where it came out; what lies on a server of preprints has nothing but the one who runs that."""
    containers, publisher = _containers(work), latex(work.get("publisher"))
    if work.get("type") == "posted-content":
        return {"howpublished": f"Preprint, {publisher}" if publisher else "Preprint"}
    if kind == "phdthesis":
        return {"school": publisher}
    venue = {VENUES.get(kind, "series"): containers[-1]} if containers else {}
    return {**venue, **({"series": containers[0]} if len(containers) > 1 else {}), "publisher": publisher}


def _containers(work: dict[str, Any]) -> list[str]:
    """The book last, behind its series."""
    listed = work.get("container-title")
    names_in_latex = [latex(without_tags(name)) for name in listed] if isinstance(listed, list) else []
    return list(filter(None, names_in_latex))


def _numbers(work: dict[str, Any]) -> dict[str, str]:
    abstract = without_tags(work.get("abstract")).removeprefix("Abstract").strip()
    return {
        "year": _year(work),
        "volume": latex(work.get("volume")),
        "number": latex(work.get("issue")),
        "pages": latex(work.get("page") or work.get("article-number")),
        "abstract": latex(abstract, LONGEST_ABSTRACT),
    }


def _year(work: dict[str, Any]) -> str:
    """That of the issue; what has appeared only on screen has one of its own."""
    for name in ("published-print", "issued"):
        date = work.get(name)
        year = _first(_first(date.get("date-parts"))) if isinstance(date, dict) else None
        if isinstance(year, int) and 1500 <= year < 2100:
            return str(year)
    return ""
