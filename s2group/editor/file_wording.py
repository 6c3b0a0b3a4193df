"""What the editor says of a content file: where it is wrong, and what it changes."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext

from s2group.content.kinds import KINDS
from s2group.content.news.files import NEWS
from s2group.content.records.errors import ContentError
from s2group.content.sent_files import ContentFile, FileChange
from s2group.core.i18n import listed
from s2group.editor.revisions import Difference, differences, name_in
from s2group.editor.wording import KIND_NAMES

WHAT = {
    "added": lazy_gettext("New record"),
    "changed": lazy_gettext("Changed record"),
    "removed": lazy_gettext("Removed record"),
    "ordered": lazy_gettext("Changed order"),
}
# How places name a line and a table of a file.
LINE = re.compile(r", line (\d+)")
TABLE = re.compile(r", (\w+) no\. (\d+)")
# Longest value of a field that is shown whole, in letters.
LONGEST_LINE = 600


def place_of(mistake: ContentError, texts: Mapping[str, str]) -> str:
    """Where a mistake stands in the texts of files, in the language of the reader."""
    text = texts.get(mistake.place.partition(",")[0], "")
    place = TABLE.sub(lambda found: _table(found[1], int(found[2]), text), mistake.place, count=1)
    return LINE.sub(lambda found: str(gettext(", line %(number)s", number=found[1])), place)


def _table(name: str, number: int, text: str) -> str:
    """Which of the `[[name]]` tables, and on which line it begins."""
    head = re.compile(rf"[ \t]*\[\[[ \t]*{name}[ \t]*\]\]")
    lines = [line for line, words in enumerate(text.split("\n"), start=1) if head.match(words)]
    said = str(gettext(", %(table)s no. %(number)s", table=name, number=number))
    return f"{said}, line {lines[number - 1]}" if number <= len(lines) else said


def sentences_of(mistake: ContentError) -> str:
    """What is wrong, and what to do about it."""
    return _short(mistake.sentences)


def kind_of(change: FileChange) -> str:
    """What the records of this kind are called."""
    return str(KIND_NAMES[change.kind])


def holds(file: ContentFile) -> str:
    """What a file says, in words."""
    names = listed(str(KIND_NAMES[kind.name]) for kind in file.kinds)
    return str(gettext("%(names)s, a file each", names=names)) if file.is_folder else names


def sums(changes: Sequence[FileChange]) -> str:
    """How many records a file makes, changes and removes."""
    counts = Counter(change.what for change in changes)
    if not counts:
        return str(gettext("Nothing: the portal says the same."))
    said = [
        ngettext("%(num)s added", "%(num)s added", counts["added"]),
        ngettext("%(num)s changed", "%(num)s changed", counts["changed"]),
        ngettext("%(num)s removed", "%(num)s removed", counts["removed"]),
    ]
    return " · ".join(said)


def address_of(change: FileChange) -> str:
    """Where the record is changed."""
    if change.kind == NEWS.name:
        return url_for("editor.edit_news_item", slug=change.key)
    return url_for("editor.record", kind=change.kind, key=change.key)


def becomes(change: FileChange) -> str:
    """What becomes of a record, in a word."""
    return str(WHAT[change.what])


def title_of(change: FileChange) -> str:
    """What the record is called."""
    if change.what == "ordered":
        return str(gettext("The order"))
    return name_in(change.after or change.before or {})


def differing(change: FileChange) -> list[Difference]:
    """Field by field what the portal says and what the file says; of a record that goes its name is enough."""
    if change.after is None:
        return []
    found = differences(KINDS[change.kind], change.before, change.after)
    shown = (
        Difference(each.label, [_short(line) for line in each.before], [_short(line) for line in each.after])
        for each in found
    )
    return [each for each in shown if [*each.before] != [*each.after]]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"
