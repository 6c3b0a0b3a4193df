"""What lines of a home page are called in its report: by commands in English, by pages in their reader's language."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext

from s2group.content.people.wording import LINKS

KINDS = {
    "biography": lazy_gettext("biography"),
    "publication": lazy_gettext("papers"),
    "education": lazy_gettext("education"),
    "experience": lazy_gettext("experience"),
    "internship": lazy_gettext("internship"),
    "honour": lazy_gettext("honour"),
    "talk": lazy_gettext("talk"),
    "service": lazy_gettext("service"),
    "software": lazy_gettext("software"),
    "project": lazy_gettext("project"),
    "news": lazy_gettext("news"),
    "": lazy_gettext("nothing that is known"),
}
CONTACTS = {"email": lazy_gettext("email"), **LINKS}
# What a paper gains; links go by their labels.
GAINS = {
    "award": lazy_gettext("award"),
    "abstract": lazy_gettext("abstract"),
    "volume": lazy_gettext("volume"),
    "number": lazy_gettext("number"),
    "pages": lazy_gettext("pages"),
    "publisher": lazy_gettext("publisher"),
    "repository": lazy_gettext("repository"),
    "keywords": lazy_gettext("keywords"),
    "impact": lazy_gettext("impact"),
    "authors": lazy_gettext("authors"),
    "its author": lazy_gettext("its author"),
}
# What a paper needs.
NEEDS = {"title": lazy_gettext("title"), "author": lazy_gettext("author"), "year": lazy_gettext("year")}


def lines(numbers: Iterable[int]) -> str:
    """'line 4', 'lines 4–6, 8'."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    words = ", ".join("–".join(map(str, ends)) for ends in ranges)
    one = len(ranges) == 1 and len(ranges[0]) == 1
    return str(gettext("line %(lines)s", lines=words) if one else gettext("lines %(lines)s", lines=words))


def on_line(number: int, words: str) -> str:
    """What is to be said of one line."""
    return str(gettext("%(place)s: %(words)s", place=lines([number]), words=words))


def same_as(line: int) -> str:
    """That something stood on an earlier line already."""
    return str(gettext("the same as %(place)s", place=lines([line])))
