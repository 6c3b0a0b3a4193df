"""publications.bib: the group's papers as entries, those fields of our own included that readers do not get."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from s2group.content.publications.bibtex.entry import KIND_OF_WORK, EntryReader
from s2group.content.publications.bibtex.papers import LINK_FIELDS, Paper
from s2group.content.publications.bibtex.scanning import Entry, scan
from s2group.content.publications.bibtex.writing import (
    ENTRY_TYPES,
    escaped,
    export,
    laid_out,
    names_written,
    venue_field,
)
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.records.addresses import former_keys
from s2group.content.records.errors import ContentError
from s2group.content.records.kinds import Values, nothing
from s2group.content.records.loading import stored_rows

OnRemark = Callable[[ContentError], None]
FILE = "publications.bib"
# What marks an author, in the order in which an entry names them.
MARKS = ("equal", "corresponding", "namesake")
# Attributes of a paper that one field gives, in words of LaTeX, and such as stand there as they are.
WORDS = ("title", "volume", "number", "pages", "publisher")
PLAIN = {"doi": "doi", "arxiv": "eprint"}
# Where a journal, a conference or a school may stand before a correction puts it where the kind of paper has it.
OF_VENUES = ("journal", "journaltitle", "booktitle", "school")


def bib_file(session: Session) -> tuple[str, list[str]]:
    """All papers as a file, and a sentence for each that could not be written so that it reads the same."""
    former = defaultdict(list)
    for key, record_id in former_keys(session, PUBLICATION.name).items():
        former[record_id].append(key)
    entries, remarks = [], []
    for publication in stored_rows(session, PUBLICATION):
        try:
            entry, differing = bib_entry(publication, former[publication.id])
        except ContentError as error:
            remarks.append(f"left out: {error}")
            continue
        entries.append(entry)
        remarks += [f"{FILE}, {publication.key}: {name} will read otherwise" for name in differing]
    return "\n\n".join(entries) + "\n", remarks


def bib_entry(publication: Publication, former_keys: Collection[str]) -> tuple[str, list[str]]:
    """The entry of a paper, and the fields in which it reads otherwise than the record says.

    Raises ContentError where the file could not be read with it, such as without a year.
    """
    values = PUBLICATION.of(publication)
    kind, fields = _agreeing(values, _own_fields(values, former_keys), _refuse)
    differing = _differing(_read(kind, values["key"], fields, _refuse), values)
    return laid_out(kind, values["key"], fields), differing


def entry_for_readers(values: Values) -> str:
    """The entry that readers copy, so that it says what the record says; where it does, as it is.

    Raises ContentError where no entry can say it.
    """
    own, entry = _own_fields(values, ()), _entry(values)
    if entry.key and not _differing(_read(entry.kind, values["key"], {**entry.fields, **own}, nothing), values):
        return str(values["bibtex"])
    kind, fields = _agreeing(values, own, nothing)
    return export(kind, values["key"], fields)


def _agreeing(values: Values, own: Mapping[str, str], on_remark: OnRemark) -> tuple[str, dict[str, str]]:
    """The kind and the fields of the entry, corrected where they say otherwise than the record."""
    entry = _entry(values)
    kind, corrected = entry.kind, dict(entry.fields)
    for name in _differing(_read(kind, values["key"], {**corrected, **own}, on_remark), values):
        if name == "kind":
            kind = ENTRY_TYPES.get(str(values["kind"]), str(values["kind"]))
            corrected |= _venue(values)
        elif name in CORRECTIONS:
            corrected |= CORRECTIONS[name](values)
    fields = {name: value for name, value in {**corrected, **own}.items() if value}
    if "kind" in _differing(_read(kind, values["key"], fields, on_remark), values):
        fields[KIND_OF_WORK] = str(values["kind"])
    return kind, fields


def _entry(values: Values) -> Entry:
    """What readers copy, as the beginning."""
    found = next((block for block in scan(values["bibtex"]) if isinstance(block, Entry)), None)
    kind = ENTRY_TYPES.get(str(values["kind"]), str(values["kind"]))
    names = {"title": escaped(values["title"]), **_names(values), venue_field(str(values["kind"])): ""}
    return found or Entry(0, kind, "", {**names, **dict.fromkeys(("year", *WORDS[1:], *PLAIN.values()), "")})


def _own_fields(values: Mapping[str, Any], former_keys: Iterable[str]) -> dict[str, str]:
    """What exports for readers leave out."""
    links = {name: " ".join(_addresses(values["links"], label)) for name, label in LINK_FIELDS.items()}
    return {
        "award": escaped(values["award"]),
        "author+an": _annotations(values["authors"]),
        "abstract": escaped(values["abstract"]),
        "keywords": ", ".join(map(escaped, values["keywords"])),
        **links,
        "repository": values["repository"] if values["repository"] not in links["code"] else "",
        "impact": "\n".join(map(escaped, values["impact"])),
        "teaser": values["teaser"],
        "teaser_alt": escaped(values["teaser_alt"]),
        "lines": ", ".join(values["lines"]),
        "ids": ", ".join(sorted(former_keys)),
    }


def _addresses(links: Mapping[str, str], label: str) -> list[str]:
    """Where links of this kind lead, be there one or several with numbers."""
    return [address for each, address in links.items() if each.partition(" ")[0] == label]


def _annotations(authors: Iterable[Mapping[str, Any]]) -> str:
    marked = ((number, [mark for mark in MARKS if author[mark]]) for number, author in enumerate(authors, start=1))
    return "; ".join(f"{number}={', '.join(marks)}" for number, marks in marked if marks)


def _read(kind: str, key: str, fields: Mapping[str, str], on_remark: OnRemark) -> Paper:
    """The paper that such an entry would be."""
    text = laid_out(kind, key, fields)
    entry = next(block for block in scan(text) if isinstance(block, Entry))
    return EntryReader(entry, FILE, on_remark).paper()


def _refuse(error: ContentError) -> None:
    raise error


def _differing(paper: Paper, values: Mapping[str, Any]) -> list[str]:
    authors = [{"name": author.name, **{mark: getattr(author, mark) for mark in MARKS}} for author in paper.authors]
    read = {
        **{
            name: getattr(paper, name)
            for name in (*WORDS, *PLAIN, "kind", "venue", "year", "and_others", "links", "repository")
        },
        "award": paper.award,
        "abstract": paper.abstract,
        "keywords": list(paper.keywords),
        "impact": list(paper.impact),
        "authors": authors,
    }
    return [name for name, value in read.items() if value != values[name]]


def _word(name: str) -> Callable[[Mapping[str, Any]], dict[str, str]]:
    return lambda values: {name: escaped(values[name])}


def _plain(name: str, field: str) -> Callable[[Mapping[str, Any]], dict[str, str]]:
    return lambda values: {field: values[name] or ""}


def _names(values: Mapping[str, Any]) -> dict[str, str]:
    return {"author": names_written((author["name"] for author in values["authors"]), values["and_others"])}


def _venue(values: Mapping[str, Any]) -> dict[str, str]:
    field = venue_field(values["kind"])
    is_another = field == "publisher" and values["venue"] != values["publisher"]
    return {**dict.fromkeys(OF_VENUES, ""), "booktitle" if is_another else field: escaped(values["venue"])}


# What to write where the entry that readers copy says otherwise than the record.
CORRECTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    **{name: _word(name) for name in WORDS},
    **{name: _plain(name, field) for name, field in PLAIN.items()},
    "venue": _venue,
    "year": lambda values: {"year": str(values["year"] or ""), "date": ""},
    "authors": _names,
    "and_others": _names,
    "links": lambda values: {"url": values["links"].get("paper", "")},
}
