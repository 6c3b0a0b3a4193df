"""The names after a paper's title."""

import re
from dataclasses import dataclass
from html import unescape

from s2group.content.importer.inline import ESCAPED
from s2group.content.importer.parsed_blocks import FoundAuthor
from s2group.content.importer.venues import VENUE, YEAR
from s2group.core.text import HAN_SIGNS

OTHERS = re.compile(rf"\bet\.?\s+al\b\.?|(?<=[{HAN_SIGNS} ,，、\ue001])等人?(?=\W|$)|\.{{3}}|…", re.IGNORECASE)
BETWEEN = re.compile(r"[,;，；、&]|\band\b")
ITALIC = re.compile(r"(?<![\w*])\*([^*]{1,200})\*(?![\w*])")
SENTENCE_END = re.compile(r"(?<=\w\w)\.[\s\ue001*]+")
MARKS = re.compile(r"[*†‡#^✉📧🖂∗]")
NAME = re.compile(r"[^\W\d_][^\d\[\]()<>{}|/:=@]*")
# What is said of an author, and is none.
ROLE = re.compile(r"\b(?:author|authors|member|contribution|contributor|leader|advisor)\b", re.IGNORECASE)
LONGEST_NAME = 60
MOST_WORDS = 6
# How the marked stretch of a text is kept while the text is cut into names.
ON, OFF = "\ue000", "\ue001"


@dataclass(frozen=True)
class Names:
    """Authors and, as text, what stands between commas like them but is no name; whether there are more authors.

    `explained` is False where marks such as * follow names: the page would have to say what they mean.
    """

    pieces: tuple[FoundAuthor | str, ...]
    and_others: bool
    explained: bool = True

    @property
    def authors(self) -> tuple[FoundAuthor, ...]:
        """The names alone."""
        return tuple(piece for piece in self.pieces if isinstance(piece, FoundAuthor))


def read_names(text: str) -> Names:
    """The names in 'First Author, **Page Owner** and Another, et al.'."""
    words = ITALIC.sub(r"\1", unescape(ESCAPED.sub(r"\1", _keep_bold(text))))
    parts = [part for whole in BETWEEN.split(OTHERS.sub(",", words)) for part in _sentences(whole)]
    pieces = [
        FoundAuthor(name, marked=ON in part) if _is_name(name) else name for part in parts if (name := _bare(part))
    ]
    return Names(tuple(pieces), bool(OTHERS.search(words)), explained=not MARKS.search(words))


def _sentences(part: str) -> list[str]:
    """'Bo Sample. ICASSP 2023' as two; initials, and 'In Proc. ICASSP 2023', stay together."""
    end = SENTENCE_END.search(part)
    if end is None:
        return [part]
    name, rest = part[: end.start()], part[end.end() :]
    two = (YEAR.search(rest) or VENUE.search(_bare(rest))) and not VENUE.search(_bare(name))
    return [name, rest] if two else [part]


def _keep_bold(text: str) -> str:
    """Every second stretch between ** is bold; a last one that nothing closes is not."""
    parts = re.split(r"\*\*|__", text)
    closed = len(parts) - 1 - (len(parts) - 1) % 2
    return "".join(f"{ON}{part}{OFF}" if at % 2 and at < closed else part for at, part in enumerate(parts))


def _bare(part: str) -> str:
    name = MARKS.sub("", part.replace(ON, "").replace(OFF, "")).strip(" \t\xa0:·,\\")
    name = " ".join(name.split())
    last = name.rpartition(" ")[2]
    return name[:-1] if name.endswith(".") and len(last) > 2 and last not in ("Jr.", "Sr.") else name


def _is_name(name: str) -> bool:
    is_long = len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS
    return bool(NAME.fullmatch(name)) and not is_long and not ROLE.search(name)
