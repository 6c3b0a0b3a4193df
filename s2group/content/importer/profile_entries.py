"""The biography and the dated lines of a home page become lines of the member's profile."""

from collections import Counter
from collections.abc import Iterator

from flask_babel import gettext

from s2group.content.importer.outcome import SOURCE, Fate, Outcome
from s2group.content.importer.page import Page
from s2group.content.importer.parsed_blocks import BiographyPart, FoundEntries, FoundEntry, ParsedBlock
from s2group.content.importer.words import KINDS
from s2group.content.people.models import Member, ProfileEntry
from s2group.core.localized import LOCALES, LocalizedText

# Entries of the files count from 0: what a home page adds stands after them.
FIRST_POSITION = 1000


def store_entries(page: Page, member: Member, outcome: Outcome) -> None:
    """Make the lines that came from a home page those of this one; lines of the files stay."""
    of_files = {(entry.kind, entry.period, entry.text, entry.url) for entry in member.entries if entry.source != SOURCE}
    told = _entries(page)
    wanted = [(number, new) for number, new in told if (new.kind, new.period, new.text, new.url) not in of_files]
    stored = [entry for entry in member.entries if entry.source == SOURCE]
    before = {_said(entry) for entry in stored}
    after = {(entry.kind, number, entry.period, entry.text, entry.url) for number, entry in wanted}
    for entry in stored:
        if _said(entry) not in after:
            member.entries.remove(entry)
            said = f"{KINDS[entry.kind]} {_words(entry.text)}"
            outcome.remarks.append(gettext("Taken out, for the page no longer says it: %(what)s", what=said))
            outcome.changed = True
    for number, new in wanted:
        if (new.kind, number, new.period, new.text, new.url) not in before:
            member.entries.append(_row(new, number))
            outcome.changed = True
    known = of_files | {(kind, period, text, url) for kind, _, period, text, url in before}
    for place, finding in enumerate(page.findings):
        _tell_entries(place, finding, known, outcome)


def _said(entry: ProfileEntry) -> tuple[str, int, str, LocalizedText, str]:
    return entry.kind, entry.position, entry.period, entry.text, entry.url


def _row(entry: FoundEntry, position: int) -> ProfileEntry:
    return ProfileEntry(
        kind=entry.kind, position=position, period=entry.period, text=entry.text, url=entry.url, source=SOURCE
    )


def _entries(page: Page) -> Iterator[tuple[int, FoundEntry]]:
    """Every line of the profile with its position among those of its kind, the biography first and in one."""
    counted: Counter[str] = Counter()
    for entry in (*_biography(page), *(entry for finding in page.findings for entry in _of(finding))):
        yield FIRST_POSITION + counted[entry.kind], entry
        counted[entry.kind] += 1


def _of(finding: ParsedBlock) -> tuple[FoundEntry, ...]:
    if isinstance(finding.thing, FoundEntries):
        return finding.thing.entries
    return (finding.thing,) if isinstance(finding.thing, FoundEntry) else ()


def _biography(page: Page) -> list[FoundEntry]:
    parts = [finding.thing for finding in page.findings if isinstance(finding.thing, BiographyPart)]
    text = LocalizedText(
        **{locale: _joined([part for part in parts if part.text[locale]], locale) for locale in LOCALES}
    )
    return [FoundEntry("biography", "", text)] if text else []


def _joined(parts: list[BiographyPart], locale: str) -> str:
    """Paragraphs with a blank line between them, bullets as one list."""
    text = ""
    for number, part in enumerate(parts):
        together = number and part.bullet and parts[number - 1].bullet
        text += ("\n" if together else "\n\n") + ("- " if part.bullet else "") + part.text.in_locale(locale)[0]
    return text.strip()


def _tell_entries(
    place: int, finding: ParsedBlock, known: set[tuple[str, str, LocalizedText, str]], outcome: Outcome
) -> None:
    entries = _of(finding)
    if isinstance(finding.thing, BiographyPart):
        outcome.fates[place] = Fate(str(KINDS["biography"]), words=_words(finding.thing.text))
    elif entries:
        new = [e for e in entries if (e.kind, e.period, e.text, e.url) not in known]
        words = ", ".join(f"{entry.period} {_words(entry.text)}".strip() for entry in entries)
        kind = KINDS[entries[0].kind]
        what = gettext("%(what)s, added", what=kind) if new else gettext("%(what)s, nothing to change", what=kind)
        outcome.fates[place] = Fate(what, words=words)


def _words(text: LocalizedText) -> str:
    return text.zh or text.en
