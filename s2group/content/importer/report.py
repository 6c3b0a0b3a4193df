"""What became of every line of a home page, in words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from s2group.content.importer.outcome import Fate, Outcome
from s2group.content.importer.page import Page
from s2group.content.importer.parsed_blocks import Heading, NotPlaced, ParsedBlock, Skipped
from s2group.content.importer.words import KINDS, lines

NOT_KEPT = (Skipped, NotPlaced, Heading)


@dataclass(frozen=True)
class Row:
    """What became of some lines: whether they say something of the record, or are `quoted`, for nothing was placed."""

    place: str
    fate: Fate
    quoted: tuple[str, ...]
    notes: tuple[str, ...]
    is_kept: bool

    @property
    def sentences(self) -> Iterator[str]:
        """For the operator."""
        words = self.fate.sentence
        yield str(gettext("%(place)s: %(words)s", place=self.place, words=words))
        yield from (f"    {line}" for line in (*self.quoted, *self.notes))


@dataclass(frozen=True)
class Report:
    """What became of a page: of the whole, of its lines, what is to be looked at, and how many lines became what."""

    remarks: Sequence[str]
    rows: Sequence[Row]
    to_look_at: str
    totals: str
    changed: bool

    @property
    def sentences(self) -> Iterator[str]:
        """For the operator, line by line."""
        yield from self.remarks
        for row in self.rows:
            yield from row.sentences
        yield from filter(None, (self.to_look_at, self.totals))


def report_of(page: Page, outcome: Outcome, source: list[str]) -> Report:
    """The report; `source` are the lines of the file."""
    remarks = list(outcome.remarks)
    if page.mended:
        remarks.append(str(gettext("Wrongly decoded letters were mended in %(place)s.", place=lines(page.mended))))
    fates = [_fate(finding, outcome.fates.get(place)) for place, finding in enumerate(page.findings)]
    rows = [_row(finding, fate, source) for finding, fate in zip(page.findings, fates, strict=True)]
    return Report(remarks, rows, _to_look_at(page), _totals(page, fates), outcome.changed)


def _row(finding: ParsedBlock, fate: Fate, source: list[str]) -> Row:
    is_lost = isinstance(finding.thing, NotPlaced)
    quoted = tuple(source[number - 1].strip() for number in finding.lines) if is_lost else ()
    return Row(lines(finding.lines), fate, quoted, finding.notes, not isinstance(finding.thing, NOT_KEPT))


def _to_look_at(page: Page) -> str:
    numbers = sorted({number for finding in page.findings for number in _not_placed(finding)})
    return str(gettext("To look at: %(place)s.", place=lines(numbers))) if numbers else ""


def _totals(page: Page, fates: Sequence[Fate]) -> str:
    """How many lines became what."""
    count = Counter(fate.what for fate in fates)
    total = sum(len(finding.lines) for finding in page.findings)
    said = gettext("; ").join(f"{number} {what}" for what, number in count.items())
    return str(gettext("Of %(count)s lines: %(what)s.", count=total, what=said))


def _not_placed(finding: ParsedBlock) -> tuple[int, ...]:
    """The lines of a finding that somebody has to look at."""
    return finding.lines if isinstance(finding.thing, NotPlaced) else finding.torn


def _fate(finding: ParsedBlock, stored: Fate | None) -> Fate:
    thing = finding.thing
    if isinstance(thing, Skipped):
        return Fate(gettext("skipped"), aside=thing.reason)
    if isinstance(thing, NotPlaced):
        return Fate(gettext("NOT PLACED"), words=thing.reason)
    if isinstance(thing, Heading):
        return Fate(gettext("heading"), aside=str(KINDS[thing.kind]), words=thing.title)
    return stored or Fate("")
