"""Lines of a profile: degrees, honours, stays, talks, news and software, each with its period."""

import re
from collections.abc import Iterator

from flask_babel import gettext

from s2group.content.importer.blocks import MARKER, Block
from s2group.content.importer.inline import Link, plain, scan, tidy
from s2group.content.importer.parsed_blocks import FoundEntries, FoundEntry, NotPlaced, ParsedBlock
from s2group.content.records.rules import is_web_address, language_of
from s2group.core.localized import LocalizedText

LONGEST_PERIOD = 60
DAY = r"(?:19|20)\d\d(?:\s*[./年-]\s*(?:0?[1-9]|1[0-2])(?!\d)\s*月?(?:\s*[./-]\s*\d{1,2}(?!\d))?|年)?"
NOW = r"(?:now|present|至今|今|current)"
PERIOD = re.compile(
    rf"\s*[*_]{{0,3}}\s*({DAY}(?:\s*(?:-|–|—|~|至|to)+\s*(?:{DAY}|{NOW}))?(?:\s*[(（]{NOW}[)）])?)\s*[*_]{{0,3}}\s*[,，:：.;|]?\s*",
    re.IGNORECASE,
)
OPEN_SOURCE = re.compile(
    r"\s*(?:我的|my\s+)?(?:开源项目|开源软件|open[- ]?source\s+(?:projects?|software))", re.IGNORECASE
)
ADDRESSES = re.compile(r"\]\([^()\s]*\)")


def read_entry(block: Block, kind: str) -> ParsedBlock:
    """A list item or paragraph as a line of the profile of that kind."""
    written = " ".join(content_of(block))
    period = PERIOD.match(written)
    dated = period is not None and (period.end() < len(written) or kind == "news")
    rest = written[period.end() :] if period and dated else written
    words, notes = tidy(rest)
    if not words:
        nothing = gettext("there is no text beside its pictures and marks")
        return ParsedBlock(block.numbers, NotPlaced(nothing), tuple(notes))
    links = [token.url for token in scan(rest) if isinstance(token, Link) and is_web_address(token.url)]
    url = links[0] if kind == "software" and links else ""
    moment = plain(period[1])[:LONGEST_PERIOD] if period and dated else ""
    return ParsedBlock(block.numbers, FoundEntry(kind, moment, in_its_language(words), url), tuple(notes))


def read_software(block: Block) -> ParsedBlock | None:
    """'My open-source projects: [A](…), [B](…)' as one entry each; None where the block is something else."""
    written = " ".join(content_of(block))
    if not OPEN_SOURCE.match(written):
        return None
    links = [token for token in scan(written) if isinstance(token, Link) and token.label and is_web_address(token.url)]
    named = tuple(FoundEntry("software", "", LocalizedText(en=link.label), link.url[:500]) for link in links)
    _, notes = tidy(written)
    return ParsedBlock(block.numbers, FoundEntries(named), tuple(notes)) if named else None


def in_its_language(words: str) -> LocalizedText:
    """The text in the language that most of its letters are in, addresses not counted."""
    return LocalizedText(**{language_of(ADDRESSES.sub("]", words)): words})


def content_of(block: Block) -> Iterator[str]:
    """The lines of a block without marks; the further items of a nested list follow a semicolon."""
    for number, line in enumerate(block.lines):
        marker = MARKER.match(line.text)
        text = line.text[marker.end() if marker else 0 :].strip().rstrip("\\ ")
        yield f"; {text}" if number and marker else text
