"""Entries for other people's files."""

import re

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat

from s2group.content.bibtex.papers import OUR_FIELDS, Paper

# What programs for references keep for themselves, paths on somebody's disk among it.
PRIVATE_FIELDS = OUR_FIELDS | {"file", "owner", "timestamp", "date-added", "date-modified", "ids", "bibtex_show"}
ENTRY_TYPES = {"preprint": "misc", "thesis": "phdthesis"}
VENUE_FIELDS = {"inproceedings": "booktitle", "thesis": "school", "book": "publisher", "dataset": "publisher"}
SPECIAL = re.compile(r"([&%#_${}])")
BRACE = re.compile(r"(\\*[{}])")


def export(entry: Entry) -> str:
    """The entry as it was written, without our own fields."""
    kept = [field for field in entry.fields if field.key.partition(":")[0] not in PRIVATE_FIELDS]
    return _laid_out(entry.entry_type, entry.key, {field.key: str(field.value) for field in kept})


def written(paper: Paper) -> str:
    """An entry for a paper that did not come from a BibTeX file."""
    names = [_one_name(author.name) for author in paper.authors] + ["others"] * paper.and_others
    fields = {
        "title": _escaped(paper.title),
        "author": " and ".join(names),
        VENUE_FIELDS.get(paper.kind, "howpublished" if paper.kind == "preprint" else "journal"): _escaped(paper.venue),
        "year": str(paper.year),
        **{name: _escaped(getattr(paper, name)) for name in ("volume", "number", "pages")},
        "doi": paper.doi or "",
        "eprint": paper.arxiv or "",
        "archiveprefix": "arXiv" if paper.arxiv else "",
        "url": paper.links.get("paper", ""),
    }
    return _laid_out(ENTRY_TYPES.get(paper.kind, paper.kind), paper.key, {k: v for k, v in fields.items() if v})


def _escaped(text: str) -> str:
    return r"\textbackslash{}".join(SPECIAL.sub(r"\\\1", part) for part in text.split("\\"))


def _one_name(name: str) -> str:
    """The name, in braces where BibTeX would take it for several."""
    plain = _escaped(re.sub(r"[{}\\]", "", name))
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


def _laid_out(kind: str, key: str, fields: dict[str, str]) -> str:
    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent = "  "
    entry = Entry(kind, key, [Field(name, _balanced(value)) for name, value in fields.items()])
    return write_string(Library([entry]), bibtex_format=layout).strip()
