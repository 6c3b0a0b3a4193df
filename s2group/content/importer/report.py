"""What became of every line of a home page, in words."""

import re
from collections import Counter
from collections.abc import Iterator

from s2group.content.importer.outcome import Outcome
from s2group.content.importer.page import Page
from s2group.content.importer.parsed_blocks import Heading, NotPlaced, ParsedBlock, Skipped

LONGEST = 160
TORN = re.compile(r"line (\d+): NOT PLACED")


def report_of(page: Page, outcome: Outcome, source: list[str]) -> Iterator[str]:
    """The report line by line; `source` are the lines of the file. What was not placed is quoted whole."""
    yield from outcome.remarks
    if page.mended:
        yield f"Wrongly decoded letters were mended in {_lines(page.mended)}."
    for place, finding in enumerate(page.findings):
        yield f"{_lines(finding.lines)}: {_fate(finding, outcome.fates.get(place, ''))}"
        if isinstance(finding.thing, NotPlaced):
            yield from (f"    {source[number - 1].strip()}" for number in finding.lines)
        yield from (f"    {note}" for note in finding.notes)
    to_look_at = sorted({number for finding in page.findings for number in _not_placed(finding)})
    if to_look_at:
        yield f"To look at: {_lines(tuple(to_look_at))}."
    yield totals(page, outcome)


def totals(page: Page, outcome: Outcome) -> str:
    """How many lines became what."""
    count: Counter[str] = Counter()
    for place, finding in enumerate(page.findings):
        fate = _fate(finding, outcome.fates.get(place, ""))
        count[fate.partition(":")[0].partition(" (")[0]] += 1
    lines = sum(len(finding.lines) for finding in page.findings)
    return f"Of {lines} lines: " + "; ".join(f"{number} {what}" for what, number in count.items()) + "."


def _not_placed(finding: ParsedBlock) -> Iterator[int]:
    """The lines of a finding that somebody has to look at."""
    if isinstance(finding.thing, NotPlaced):
        yield from finding.lines
    for note in finding.notes:
        if torn := TORN.match(note):
            yield int(torn[1])


def _fate(finding: ParsedBlock, stored: str) -> str:
    if isinstance(finding.thing, Skipped):
        return f"skipped ({finding.thing.reason})"
    if isinstance(finding.thing, NotPlaced):
        return f"NOT PLACED: {finding.thing.reason}"
    if isinstance(finding.thing, Heading):
        what = {"publication": "papers"}.get(finding.thing.kind, finding.thing.kind) or "nothing that is known"
        return f"heading ({what}): {finding.thing.title}"
    return stored if len(stored) <= LONGEST else f"{stored[: LONGEST - 1]}…"


def _lines(numbers: tuple[int, ...]) -> str:
    """'line 4', 'lines 4–6, 8'."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    words = ", ".join("–".join(map(str, ends)) for ends in ranges)
    return f"line {words}" if len(numbers) == 1 else f"lines {words}"
