"""The names after a paper's title."""

import re
from dataclasses import dataclass
from html import unescape

from s2group.content.homepage.findings import FoundAuthor
from s2group.content.homepage.inline import ESCAPED

OTHERS = re.compile(r"\bet\.?\s+al\b\.?|(?<=[\u3400-\u9fff ,，、\ue001])等人?(?=\W|$)|\.{3}|…", re.IGNORECASE)
BETWEEN = re.compile(r"[,;，；、&]|\band\b")
MARKS = re.compile(r"[*†‡#^✉📧🖂∗]")
NAME = re.compile(r"[^\W\d_][^\d\[\]()<>{}|/:=@]*")
LONGEST_NAME = 60
MOST_WORDS = 6
# How the marked stretch of a text is kept while the text is cut into names.
ON, OFF = "\ue000", "\ue001"


@dataclass(frozen=True)
class Names:
    """The authors, whether there are more, and what could not be read."""

    authors: tuple[FoundAuthor, ...]
    and_others: bool
    notes: tuple[str, ...]


def read_names(text: str) -> Names:
    """The names in 'First Author, **Page Owner** and Another, et al.'."""
    words = unescape(ESCAPED.sub(r"\1", _keep_bold(text)))
    and_others = bool(OTHERS.search(words))
    authors, notes = [], []
    for part in BETWEEN.split(OTHERS.sub(",", words)):
        name = _bare(part)
        if _is_name(name):
            authors.append(FoundAuthor(name, marked=ON in part))
        elif name:
            notes.append(f"not a name: {name!r}")
    if MARKS.search(words):
        notes.append("marks after names are left out: the page does not say what they mean")
    return Names(tuple(authors), and_others, tuple(notes))


def _keep_bold(text: str) -> str:
    """Every second stretch between ** is bold; a last one that nothing closes is not."""
    parts = re.split(r"\*\*|__", text)
    closed = len(parts) - 1 - (len(parts) - 1) % 2
    return "".join(f"{ON}{part}{OFF}" if at % 2 and at < closed else part for at, part in enumerate(parts))


def _bare(part: str) -> str:
    name = MARKS.sub("", part.replace(ON, "").replace(OFF, "")).strip(" \t\xa0:·,\\")
    name = " ".join(name.split())
    last = name.rpartition(" ")[2]
    return name[:-1] if name.endswith(".") and len(last) > 3 else name


def _is_name(name: str) -> bool:
    return bool(NAME.fullmatch(name)) and len(name) <= LONGEST_NAME and len(name.split()) <= MOST_WORDS
