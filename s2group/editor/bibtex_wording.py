"""What the editor says of a BibTeX file: what is wrong in it, and what became of its papers."""

import re

from flask_babel import gettext, lazy_gettext, ngettext

from s2group.content.publications.bibtex import Complaint
from s2group.content.publications.bibtex_import import Fate, Report
from s2group.core.i18n import current_locale
from s2group.editor.wording import LABELS

# By what the reader of the files tells the operator; the words between the brackets are those of the file.
FAULTS = {
    r"the entry cannot be read: it has no fields": lazy_gettext("It has no fields."),
    r"the entry cannot be read: a brace is not closed \(line (?P<line>\d+)\)": lazy_gettext(
        "A brace on line %(line)s is not closed."
    ),
    r"the entry cannot be read: a quotation mark is not closed \(line (?P<line>\d+)\)": lazy_gettext(
        "A quotation mark on line %(line)s is not closed."
    ),
    r"the entry cannot be read: author stands there twice; .*": lazy_gettext(
        "The authors stand there twice: keep one list, with “and” between two people."
    ),
    r"text outside an entry: '(?P<text>.*)'": lazy_gettext(
        "Text outside of any entry: %(text)s. An entry begins with @."
    ),
    r"(?P<name>.*) stands there twice; the first is taken": lazy_gettext(
        "“%(name)s” stands there twice: the first is taken."
    ),
    r"the comma after the key is missing": lazy_gettext("The comma after the key is missing."),
    r"the comma before (?P<name>.*) is missing": lazy_gettext("The comma before “%(name)s” is missing."),
    r"a closing brace is too many": lazy_gettext("There is one closing brace too many."),
    r"the closing brace is missing": lazy_gettext("The closing brace is missing."),
    r"'(?P<text>.*)' is no field": lazy_gettext("This is no field: %(text)s"),
    r"no @string is called (?P<name>.*), and it stands without braces": lazy_gettext(
        "“%(name)s” stands without braces, and no @string is called so."
    ),
    r"crossref names (?P<name>.*), which is not in the file": lazy_gettext(
        "crossref names “%(name)s”, which is not in the file."
    ),
    r"its braces or commands are nested too deeply": lazy_gettext("Its braces are nested too deeply: take some out."),
    r"title is missing": lazy_gettext("The title is missing."),
    r"author is missing": lazy_gettext("The authors are missing."),
    r"the venue is missing": lazy_gettext("The journal or conference is missing."),
    r"year is '.*'": lazy_gettext("The year is missing, or is no year in four digits."),
    r"(year|date|month) '(?P<text>.*)' is read as (?P<year>\d+)": lazy_gettext(
        "“%(text)s” is read as the year %(year)s."
    ),
    r"the title '.*' has no letter or digit": lazy_gettext("The title has no letter and no digit."),
    r"author is longer than (?P<count>\d+) letters": lazy_gettext(
        "The name of an author is longer than %(count)s letters."
    ),
    r"(?P<name>.*) is longer than (?P<count>\d+) letters": lazy_gettext(
        "“%(name)s” is longer than %(count)s letters and is left out."
    ),
    r"the key '(?P<text>.*)' cannot stand in an address; (?P<key>.*) can": lazy_gettext(
        "The key “%(text)s” cannot stand in an address; it becomes %(key)s."
    ),
    r"it has no key; (?P<key>.*) can": lazy_gettext("It has no key; it gets %(key)s."),
    r"(?P<name>.*) '(?P<text>.*)' has not the form of one": lazy_gettext(
        "“%(text)s” is not what “%(name)s” should be, and is left out."
    ),
    r"(?P<name>.*) '(?P<text>.*)' is not a web address": lazy_gettext(
        "“%(text)s” is no web address, and is left out: write all of it, from https:// on."
    ),
    r"author\+an says '(?P<text>.*)'": lazy_gettext("author+an says “%(text)s”, which cannot be read."),
    r"marks came off its authors: (?P<text>.*)": lazy_gettext(
        "These marks came off the names of the authors: %(text)s. Say in author+an who is equal or corresponding."
    ),
    r"markup came off its authors": lazy_gettext("Markup came off the names of the authors."),
    r"authors told apart without `and`: (?P<text>.*)": lazy_gettext(
        "The authors were told apart without “and”; look whether they are right: %(text)s"
    ),
    r"the authors '(?P<text>.*)' name nobody": lazy_gettext("The authors name nobody: %(text)s"),
    r"the authors '(?P<text>.*)' can be read in more than one way": lazy_gettext(
        "The authors can be read in more than one way: %(text)s. Write “and” between two people."
    ),
    r"the author '(?P<text>.*)' is not a name": lazy_gettext("This author is not a name: %(text)s"),
}
MARKS = {
    "DOI": lazy_gettext("same DOI"),
    "arXiv": lazy_gettext("same arXiv number"),
    "title": lazy_gettext("same title"),
}
WHAT_BECOMES = {
    "added": lazy_gettext("New paper"),
    "completed": lazy_gettext("Completed"),
    "offered": lazy_gettext("Known, could be completed"),
    "known": lazy_gettext("Known"),
}


def fault(complaint: Complaint) -> str:
    """What is wrong with an entry, in the reader's language."""
    for pattern, words in FAULTS.items():
        if found := re.fullmatch(pattern, complaint.fault.replace('"', "'"), re.DOTALL):
            return str(words) % found.groupdict()
    return str(gettext("Something here cannot be read."))


def becomes(fate: Fate) -> str:
    """What a paper becomes, in a word."""
    return str(WHAT_BECOMES[fate.counted])


def notes(fate: Fate) -> list[str]:
    """What is to be known of a paper besides."""
    return list(filter(None, (_same(fate), _gained(fate), _key(fate), _alike(fate), _areas(fate), _members(fate))))


def sums(report: Report) -> str:
    """How many papers go which way."""
    counts = report.counts
    said = [
        ngettext("%(num)s new", "%(num)s new", counts["added"]),
        ngettext("%(num)s known", "%(num)s known", counts["known"] + counts["offered"]),
        ngettext("%(num)s completed", "%(num)s completed", counts["completed"]),
        ngettext("%(num)s broken", "%(num)s broken", counts["refused"]),
    ]
    return " · ".join(said)


def _same(fate: Fate) -> str:
    return str(MARKS[fate.mark]) if fate.mark else ""


def _gained(fate: Fate) -> str:
    gained = ", ".join(str(LABELS.get(name, name)) for name in fate.gained)
    if not gained:
        return ""
    words = gettext("could get: %(what)s", what=gained) if fate.counted == "offered" else None
    return str(words or gettext("gets: %(what)s", what=gained))


def _key(fate: Fate) -> str:
    if fate.counted != "added" or fate.key == fate.paper.key:
        return ""
    return str(gettext("%(key)s is another paper; this one becomes %(new)s", key=fate.paper.key, new=fate.key))


def _alike(fate: Fate) -> str:
    return (
        str(gettext("%(other)s has the same title and is taken for another work", other=fate.alike))
        if fate.alike
        else ""
    )


def _areas(fate: Fate) -> str:
    keys = ", ".join(fate.unknown_areas)
    return str(gettext("no research area is called %(keys)s", keys=keys)) if keys else ""


def _members(fate: Fate) -> str:
    names = ", ".join(name.in_locale(current_locale())[0] for name in fate.members)
    return str(gettext("members: %(names)s", names=names)) if names else ""
