"""Reading a BibTeX file: strictly, as the group's own, or leniently, as anybody's."""

import logging
from dataclasses import dataclass, field

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import NormalizeFieldKeys
from bibtexparser.model import Block, DuplicateBlockKeyBlock, Entry, ImplicitComment, ParsingFailedBlock

from s2group.content.bibtex.entry import EntryReader
from s2group.content.bibtex.papers import Paper
from s2group.content.files import ContentError

# Whoever reads the file is told of each failure; the log need not be.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Complaint:
    """What is wrong at a line of a file, counted from 1, and whether a whole entry is lost by it."""

    line: int
    problem: str
    entry_lost: bool = True


@dataclass(frozen=True)
class Reading:
    """What could be read of a file: each paper with its line, and what could not."""

    papers: list[tuple[int, Paper]] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)


def read_papers(text: str, place: str) -> list[Paper]:
    """The entries of the group's own file, in its order.

    Raises ContentError, with the line, at the first one that cannot be used, at a link that leads nowhere, and at text
    outside the entries.
    """
    library = _parsed(text)
    for failed in library.failed_blocks:
        raise ContentError(_place(place, failed), _failure(failed), "Look at its braces, commas and key")
    for block in library.blocks:
        if isinstance(block, ImplicitComment):
            _check_comment(block, place)
    return [EntryReader(entry, _place(place, entry), _raise).paper() for entry in library.entries]


def read_leniently(text: str) -> Reading:
    """All that can be used of anybody's file: an entry that cannot is left out and complained of, and so is a link
    that leads nowhere, while its entry is kept."""
    library = _parsed(text)
    strings = "\n".join(block.raw or "" for block in library.strings)
    reading = Reading()
    for block in library.blocks:
        entry = _again(block, strings) if isinstance(block, DuplicateBlockKeyBlock) else block
        if isinstance(entry, Entry):
            _take(entry, _line(block), reading)
        elif isinstance(entry, ParsingFailedBlock):
            reading.complaints.append(Complaint(_line(block), _failure(entry)))
        elif isinstance(entry, ImplicitComment) and (words := _words_outside(entry)):
            reading.complaints.append(Complaint(_line(block), f"text outside an entry: {words[:60]!r}"))
    return reading


def _take(entry: Entry, line: int, reading: Reading) -> None:
    def complain(error: ContentError, *, entry_lost: bool = False) -> None:
        reading.complaints.append(Complaint(line, str(error).removeprefix(", "), entry_lost))

    try:
        reading.papers.append((line, EntryReader(entry, "", complain).paper()))
    except ContentError as error:
        complain(error, entry_lost=True)


def _again(failed: DuplicateBlockKeyBlock, strings: str) -> Block:
    """An entry whose key another one of the file has too, read by itself."""
    return _parsed(f"{strings}\n{failed.raw}").blocks[-1]


def _parsed(text: str) -> Library:
    return parse_string(text.replace("\0", ""), append_middleware=[NormalizeFieldKeys()])


def _raise(error: ContentError) -> None:
    raise error


def _check_comment(block: ImplicitComment, place: str) -> None:
    """BibTeX takes whatever is outside an entry for a comment; a forgotten @ would lose a paper in silence."""
    if _words_outside(block):
        raise ContentError(_place(place, block), "text outside an entry", "Begin an entry with @ and a comment with %")


def _words_outside(block: ImplicitComment) -> str:
    lines = (line.strip() for line in block.comment.splitlines())
    return next((line for line in lines if line and not line.startswith("%")), "")


def _failure(failed: ParsingFailedBlock) -> str:
    reason = str(failed.error).strip() or getattr(failed.error, "abort_reason", "")
    return f"the entry cannot be read: {reason.splitlines()[0].strip() if reason else 'its form is broken'}"


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


def _place(place: str, block: Block) -> str:
    return f"{place}, line {_line(block)}"
