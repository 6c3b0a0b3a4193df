"""Reading a BibTeX file: strictly, as the group's own, or leniently, as anybody's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from flask_babel import lazy_gettext

from s2group.content.publications.bibtex.entry import EntryReader
from s2group.content.publications.bibtex.papers import Paper
from s2group.content.publications.bibtex.scanning import Entry, Unreadable, scan
from s2group.content.records.errors import ContentError
from s2group.core.i18n import in_language

OF_UNREADABLE = lazy_gettext("Look at braces, commas and key; begin an entry with @")
# What `booktitle` is called by the proceedings that an entry refers to.
OF_THE_WHOLE = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
NOT_INHERITED = frozenset({"author", "crossref", "key", "ids", "url", "doi", "abstract", "keywords", "file"})


@dataclass(frozen=True)
class Complaint:
    """What is wrong at a line of a file, counted from 1, and whether a whole entry is lost by it.

    `fault` says the same in the language of the reader, without the key of the entry; that is empty where the entry
    cannot be read.
    """

    line: int
    problem: str
    entry_lost: bool = True
    key: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Reading:
    """What could be read of a file: each paper with its line, and what could not."""

    papers: list[tuple[int, Paper]] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)


def read_papers(text: str, place: str) -> list[Paper]:
    """The entries of the group's own file, in its order.

    Raises ContentError, with the line, at the first one that has to be mended or cannot be used, at a link that leads
    nowhere, and at text outside the entries.
    """
    papers, keys = [], set()
    for block in _with_what_they_refer_to(scan(text)):
        at = f"{place}, line {block.line}"
        if isinstance(block, Unreadable):
            raise ContentError(at, block.problem, OF_UNREADABLE)
        if block.key.lower() in keys:
            raise ContentError(
                at,
                lazy_gettext("another entry has the key %(key)s", key=block.key),
                lazy_gettext("Give each entry a key of its own"),
            )
        keys.add(block.key.lower())
        papers.append(EntryReader(block, at, _raise).paper())
    return papers


def read_leniently(text: str) -> Reading:
    """All that can be used of anybody's file: an entry that cannot is left out and complained of; what had to be mended
    or left out of an entry is told."""
    reading = Reading()
    for block in _with_what_they_refer_to(scan(text)):
        if isinstance(block, Unreadable):
            with in_language("en"):
                problem = str(block.problem)
            fault = ContentError("", block.problem, OF_UNREADABLE).sentences
            reading.complaints.append(Complaint(block.line, problem, block.entry_lost, fault=fault))
        else:
            _take(block, reading)
    return reading


def _take(entry: Entry, reading: Reading) -> None:
    def complain(error: ContentError, *, entry_lost: bool = False) -> None:
        sentence = str(error).removeprefix(", ")
        reading.complaints.append(Complaint(entry.line, sentence, entry_lost, entry.key, error.sentences))

    try:
        reading.papers.append((entry.line, EntryReader(entry, "", complain).paper()))
    except ContentError as error:
        complain(error, entry_lost=True)


def _raise(error: ContentError) -> None:
    raise error


def _with_what_they_refer_to(blocks: Iterable[Entry | Unreadable]) -> list[Entry | Unreadable]:
    """The blocks, each entry with the fields of the one that its `crossref` names. A volume that others refer to and
    that names no author is no paper of its own."""
    found = list(blocks)
    by_key = {block.key.lower(): block for block in found if isinstance(block, Entry)}
    wanted = {block.fields["crossref"].lower() for block in by_key.values() if block.fields.get("crossref")}
    return [
        _with_inherited(block, by_key) if isinstance(block, Entry) else block
        for block in found
        if not (isinstance(block, Entry) and block.key.lower() in wanted and not block.fields.get("author"))
    ]


def _with_inherited(entry: Entry, by_key: Mapping[str, Entry]) -> Entry:
    named = entry.fields.get("crossref", "").lower()
    if not named:
        return entry
    whole = by_key.get(named)
    if whole is None:
        missing = lazy_gettext("crossref names %(key)s, which is not in the file", key=entry.fields["crossref"])
        return replace(entry, mended=(*entry.mended, missing))
    inherited = {
        OF_THE_WHOLE.get(name, name): value for name, value in whole.fields.items() if name not in NOT_INHERITED
    }
    return replace(entry, fields={**inherited, **{name: value for name, value in entry.fields.items() if value}})
