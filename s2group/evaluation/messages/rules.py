"""Merge fields, and a plain text as the HTML of a mail."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html import escape

# What a template may ask for, in the order in which its editor lists them.
FIELDS = ("name", "reference", "route", "call", "status", "deadline", "group", "institution", "pi")
MERGE_FIELD = re.compile(r"\{([^{}\n]*)\}")
# What is left out where a field in it is not known.
OPTIONAL = re.compile(r"\[\[((?:(?!\[\[|\]\]).)*)\]\]", re.DOTALL)
# Up to a sign that ends an address in either language.
ADDRESS = re.compile(r"https?://[^\s<>\"'，。；：、（）《》「」“”]*[^\s<>\"'，。；：、（）《》「」“”.,;:!?)\]]")
PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True)
class Unknown:
    """A merge field that there is not, and where it stands: line and sign, from 1."""

    field: str
    line: int
    column: int


def unknown_fields(text: str) -> list[Unknown]:
    """The fields of `text` that are none of FIELDS, in order. A brace that is not closed on its line is a brace."""
    return [
        Unknown(found[1], text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start()))
        for found in MERGE_FIELD.finditer(text)
        if found[1] not in FIELDS
    ]


def fields_in(text: str) -> list[str]:
    """The known fields that `text` asks for, each once."""
    return list(dict.fromkeys(name for name in MERGE_FIELD.findall(text) if name in FIELDS))


def filled(text: str, values: Mapping[str, str], missing: Collection[str] = ()) -> str:
    """`text` with the values in the places of their fields. A value is never read as a template itself.

    A field without a value stays, for a person to see. What stands in [[double brackets]] loses them, and is left out
    as a whole where it asks for a field without a value, or for one of `missing`, whose value only says so.
    """

    def optional(found: re.Match[str]) -> str:
        asked = fields_in(found[1])
        return "" if any(not values.get(name) or name in missing for name in asked) else found[1]

    return MERGE_FIELD.sub(lambda found: values.get(found[1]) or found[0], OPTIONAL.sub(optional, text))


def as_html(text: str) -> str:
    """A plain text as paragraphs of HTML: every sign escaped, every http(s) address a link, each line its own."""
    return "\n".join(f"<p>{_line_breaks(part)}</p>" for part in _paragraphs(text))


def _paragraphs(text: str) -> Iterable[str]:
    return (part for part in PARAGRAPHS.split(text.strip()) if part)


def _line_breaks(paragraph: str) -> str:
    return "<br>\n".join(_with_links(line) for line in paragraph.split("\n"))


def _with_links(line: str) -> str:
    words, last = [], 0
    for found in ADDRESS.finditer(line):
        address = escape(found[0])
        words += [escape(line[last : found.start()]), f'<a href="{address}">{address}</a>']
        last = found.end()
    return "".join([*words, escape(line[last:])])
