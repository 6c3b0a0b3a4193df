"""A home page as a whole: what each of its lines is."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext

from s2group.content.importer.biography import Voices, mail_of, profiles_of
from s2group.content.importer.blocks import MARKER, Block, Sections, Shape, blocks_of
from s2group.content.importer.entries import content_of, in_its_language, read_entry, read_software
from s2group.content.importer.inline import tidy
from s2group.content.importer.papers import read_paper
from s2group.content.importer.parsed_blocks import (
    BiographyPart,
    FoundEntries,
    FoundEntry,
    FoundPaper,
    NotPlaced,
    ParsedBlock,
    Skipped,
    Thing,
)
from s2group.content.importer.text import read_lines, without_machinery
from s2group.content.importer.words import KINDS, same_as
from s2group.content.publications.rules.papers import person_key


@dataclass(frozen=True)
class Page:
    """What the lines of a page are; every line that is not blank is in exactly one finding."""

    findings: tuple[ParsedBlock, ...]
    mended: tuple[int, ...]


def read_page(data: bytes, place: str, names: Sequence[str]) -> Page:
    """Read the file of a home page; `names` are those of the member whose page it is.

    Raises ContentError where it is not UTF-8 text.
    """
    lines = read_lines(data, place)
    told, machinery = without_machinery(lines)
    blocks = list(blocks_of(told))
    boxes = {block.numbers for block in blocks if block.shape is Shape.BOX}
    found = _without_strangers(_without_repeats(_Reader(blocks, names).findings()), names, boxes)
    return Page(
        findings=tuple(sorted([*machinery, *found], key=lambda finding: finding.lines)),
        mended=tuple(line.number for line in lines if line.mended and not line.blank),
    )


class _Reader:
    """Goes through the blocks from section to section."""

    def __init__(self, blocks: Sequence[Block], names: Iterable[str]) -> None:
        self.blocks = list(zip(blocks, _headings(blocks), strict=True))
        biography = [" ".join(content_of(block)) for block, kind in self.blocks if _is_biography(block, kind)]
        self.voices = Voices(biography, names)

    def findings(self) -> Iterator[ParsedBlock]:
        sections = Sections()
        for block, kind in self.blocks:
            if block.shape is Shape.HEADING:
                yield ParsedBlock(block.numbers, sections.enter(block.lines[0]))
            else:
                yield self.finding(block, kind)

    def finding(self, block: Block, kind: str) -> ParsedBlock:
        unread = _unreadable(block, kind)
        if unread:
            return ParsedBlock(block.numbers, unread)
        if block.shape is Shape.BOX and kind not in ("", "biography", "publication"):
            reason = gettext("a box under a heading of another kind (%(kind)s)", kind=KINDS[kind])
            return ParsedBlock(block.numbers, NotPlaced(reason))
        if block.shape is Shape.BOX or kind == "publication":
            return read_paper(block)
        return self.biography(block) if kind == "biography" else read_entry(block, kind)

    def biography(self, block: Block) -> ParsedBlock:
        written = " ".join(content_of(block))
        doubt = self.voices.doubt(written)
        if doubt:
            return ParsedBlock(block.numbers, NotPlaced(doubt))
        mail = mail_of(written)
        contacts = (*([("email", mail)] if mail else []), *profiles_of(written))
        software = read_software(block)
        if software:
            return replace(software, contacts=contacts)
        words, notes = tidy(written)
        bullet = bool(MARKER.match(block.lines[0].text))
        return ParsedBlock(block.numbers, BiographyPart(in_its_language(words), bullet), tuple(notes), contacts)


def _headings(blocks: Sequence[Block]) -> Iterator[str]:
    """The kind of the section that each block stands in."""
    sections = Sections()
    for block in blocks:
        if block.shape is Shape.HEADING:
            sections.enter(block.lines[0])
        yield sections.kind


def _is_biography(block: Block, kind: str) -> bool:
    return kind == "biography" and block.shape in (Shape.PARAGRAPH, Shape.ITEM)


def _unreadable(block: Block, kind: str) -> Thing | None:
    """What is to be said of a block that nothing can be made of; None where something can."""
    if block.shape is Shape.OVERLONG:
        return NotPlaced(gettext("a line of %(count)s letters", count=len(block.lines[0].text)))
    if block.shape is Shape.FENCED:
        return NotPlaced(gettext("a block of code"))
    if block.lines[0].text.lstrip().startswith("|"):
        return NotPlaced(gettext("a table"))
    if not any(tidy(line.text)[0] for line in block.lines) and block.shape is Shape.PARAGRAPH:
        return Skipped(gettext("markup"))
    is_known = kind or block.shape is Shape.BOX
    return None if is_known else NotPlaced(gettext("its heading does not say what it is"))


def _without_strangers(
    findings: Iterable[ParsedBlock], names: Sequence[str], boxes: Container[tuple[int, ...]]
) -> Iterator[ParsedBlock]:
    """The same findings, without boxes whose marked author is neither the member nor marked in any other paper.

    Such a box is an example that was left of the page's template. Who is marked again and again owns the page.
    """
    own = {person_key(name) for name in names}
    listed = list(findings)
    marked = Counter(name for finding in listed for name in _marked(finding))
    owns = own if own & marked.keys() else {name for name, times in marked.items() if times > 1}
    for finding in listed:
        strangers = _marked(finding)
        if finding.lines in boxes and strangers and not strangers & (own | owns):
            yield replace(finding, thing=NotPlaced(gettext("the author it marks has no name of the member's")))
        else:
            yield finding


def _marked(finding: ParsedBlock) -> set[str]:
    """Whom a paper sets in bold."""
    if not isinstance(finding.thing, FoundPaper):
        return set()
    return {person_key(author.name) for author in finding.thing.authors if author.marked}


def _without_repeats(findings: Iterable[ParsedBlock]) -> Iterator[ParsedBlock]:
    """The same findings; lines of the profile that stood there already are skipped."""
    first: dict[FoundEntry, int] = {}
    for finding in findings:
        entries = _entries(finding)
        repeated = [first[entry] for entry in entries if entry in first]
        if entries and len(repeated) == len(entries):
            yield replace(finding, thing=Skipped(same_as(repeated[0])))
            continue
        for entry in entries:
            first.setdefault(entry, finding.lines[0])
        yield finding


def _entries(finding: ParsedBlock) -> tuple[FoundEntry, ...]:
    if isinstance(finding.thing, FoundEntries):
        return finding.thing.entries
    return (finding.thing,) if isinstance(finding.thing, FoundEntry) else ()
