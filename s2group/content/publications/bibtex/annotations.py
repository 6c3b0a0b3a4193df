"""biblatex's annotations of authors: `author+an = {1=equal; 2=equal, corresponding; 3="namesake"}`.

The number is the author's, from 1 on; without one the whole list is meant; a part of the name after the number
(`2:family=…`) is let through. A namesake is no member of the group though the name is that of one.
"""

import re

from flask_babel import lazy_gettext

FORM = re.compile(r"(?P<number>\d*)(:[a-z]+)?\s*=\s*(?P<words>.+)", re.DOTALL)
WORDS = {
    "equal": "equal", "equalcontribution": "equal", "equalcontrib": "equal", "cofirst": "equal",
    "corresponding": "corresponding", "correspondingauthor": "corresponding", "corr": "corresponding",
    "namesake": "namesake",
}  # fmt: skip
REMEDY = lazy_gettext("Write the author's number, = and one of: corresponding, equal, namesake")


class AnnotationError(Exception):
    """A part of the annotations cannot be understood."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part
        self.remedy = REMEDY


def marks_of_authors(written: str, count: int) -> dict[int, set[str]]:
    """The marks of each of `count` authors by number. Raises AnnotationError."""
    marks: dict[int, set[str]] = {}
    for part in filter(None, (part.strip() for part in written.split(";"))):
        for number in _numbers(part, count):
            marks.setdefault(number, set()).update(_marks(part))
    return marks


def _numbers(part: str, count: int) -> range:
    found = FORM.fullmatch(part)
    if not found or not (found["number"] == "" or 1 <= int(found["number"]) <= count):
        raise AnnotationError(part)
    return range(1, count + 1) if found["number"] == "" else range(int(found["number"]), int(found["number"]) + 1)


def _marks(part: str) -> set[str]:
    words = part.partition("=")[2].split(",")
    marks = {WORDS.get(re.sub(r"[\s\"_-]", "", word).lower()) for word in words}
    if None in marks:
        raise AnnotationError(part)
    return {mark for mark in marks if mark}
