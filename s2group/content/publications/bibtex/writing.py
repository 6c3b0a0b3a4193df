"""Entries for other people's files."""

import re
from collections.abc import Iterable, Mapping

from s2group.content.publications.bibtex.names import NamesError, read_authors
from s2group.content.publications.bibtex.papers import Paper
from s2group.content.publications.bibtex.scanning import Entry, scan

# What the styles of BibTeX, natbib and biblatex know. Everything else is a note to oneself, of one program, or ours.
KNOWN_FIELDS = frozenset(
    (
        "address", "archiveprefix", "articleno", "author", "booksubtitle", "booktitle", "booktitleaddon", "chapter",
        "date", "doi", "edition", "editor", "eid", "eprint", "eprintclass", "eprinttype", "eventdate", "eventtitle",
        "howpublished", "institution", "isbn", "isrn", "issn", "issue", "journal", "journalsubtitle", "journaltitle",
        "language", "location", "mainsubtitle", "maintitle", "month", "note", "number", "numpages", "organization",
        "origdate", "pages", "pagetotal", "part", "primaryclass", "publisher", "pubstate", "school", "series",
        "shorttitle", "subtitle", "title", "titleaddon", "translator", "type", "url", "urldate", "venue", "version",
        "volume", "volumes", "year",
    )
)  # fmt: skip
ENTRY_TYPES = {"preprint": "misc", "thesis": "phdthesis"}
VENUE_FIELDS = {"inproceedings": "booktitle", "thesis": "school", "book": "publisher", "dataset": "publisher"}
WEB_ADDRESS = re.compile(r"(\\url\s*\{)?\s*<?(https?|ftp)://")
SPECIAL = re.compile(r"([&%#_${}])")
# Between two signs that LaTeX would make one.
LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')")
BRACE = re.compile(r"(\\*[{}])")
# Within a value; programs take it for the beginning of the next entry.
AT_ON_A_NEW_LINE = re.compile(r"\s*\n\s*(?=@)")


def export(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """An entry with those of the fields that styles know. A path on somebody's disk is left out."""
    fields = {name: value for name, value in fields.items() if name in KNOWN_FIELDS}
    if not WEB_ADDRESS.match(fields.get("url", "")):
        fields.pop("url", "")
    for role in ("editor", "translator"):
        if role in fields:
            fields[role] = _readable(fields[role])
    return laid_out(kind, key, fields)


def with_identifiers(bibtex: str, doi: str | None, arxiv: str | None) -> str:
    """The entry with a DOI and an arXiv number, where it has none."""
    entry = next(block for block in scan(bibtex) if isinstance(block, Entry))
    fields = {"doi": doi or "", "eprint": arxiv or ""} | {name: value for name, value in entry.fields.items() if value}
    return laid_out(entry.kind, entry.key, {**entry.fields, **fields})


def _readable(names: str) -> str:
    """The names as BibTeX can read them; nothing where they cannot be told apart."""
    try:
        found = read_authors(names)
    except NamesError:
        return ""
    return names_written(found.names, found.and_others) if found.remarks else names


def written(paper: Paper) -> str:
    """An entry for a paper that did not come from a BibTeX file."""
    fields = {
        "title": escaped(paper.title),
        "author": names_written((author.name for author in paper.authors), paper.and_others),
        venue_field(paper.kind): escaped(paper.venue),
        "year": str(paper.year or ""),
        **{name: escaped(getattr(paper, name)) for name in ("volume", "number", "pages")},
        "doi": paper.doi or "",
        "eprint": paper.arxiv or "",
        "archiveprefix": "arXiv" if paper.arxiv else "",
        "url": paper.links.get("paper", ""),
    }
    return laid_out(ENTRY_TYPES.get(paper.kind, paper.kind), paper.key, fields)


def names_written(names: Iterable[str], and_others: bool) -> str:
    """A list of authors for BibTeX."""
    return " and ".join([*map(_one_name, names), *["others"] * and_others])


def escaped(text: str) -> str:
    """Words as LaTeX that is read as these words again."""
    plain = r"\textbackslash{}".join(SPECIAL.sub(r"\\\1", part) for part in text.split("\\"))
    return LIGATURE.sub("{}", plain).replace("~", r"\textasciitilde{}")


def venue_field(kind: str) -> str:
    """Where the venue of a kind of paper stands."""
    return VENUE_FIELDS.get(kind, "howpublished" if kind == "preprint" else "journal")


def _one_name(name: str) -> str:
    """The name, in braces where BibTeX would take it for several."""
    plain = escaped(re.sub(r"[{}\\]", "", name))
    return f"{{{plain}}}" if "," in plain or {"and", "others"}.intersection(plain.lower().split()) else plain


def _balanced(value: str) -> str:
    """The value without braces that have no partner, nor a backslash at its end: they would swallow what follows.

    Programs differ in whether an escaped brace counts, so that bare and escaped ones need partners of their own.
    """
    parts = BRACE.split(value)
    opened: dict[bool, list[int]] = {True: [], False: []}
    alone = set()
    for place in range(1, len(parts), 2):
        alike = opened[parts[place].startswith("\\")]
        if parts[place].endswith("{"):
            alike.append(place)
        elif alike:
            alike.pop()
        else:
            alone.add(place)
    alone.update(*opened.values())
    kept = "".join(part for place, part in enumerate(parts) if place not in alone)
    return (" ".join(kept.split()) if alone else kept).rstrip("\\ \t\r\n")


def laid_out(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """The entry as text, a field a line; empty fields are left out."""
    said = {name: AT_ON_A_NEW_LINE.sub(" ", _balanced(value)) for name, value in fields.items()}
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in said.items() if value)
    return f"@{kind}{{{key},\n{lines}\n}}"
