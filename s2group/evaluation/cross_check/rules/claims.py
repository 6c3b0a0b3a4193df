"""What a text claims, and where it contradicts a form. Pure."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from s2group.core.json_values import JsonValues

# How far behind its name a value may stand, and how much of the text around a place is shown.
NEAR = 48
AROUND = 24
YEAR = r"(?:19|20)\d\d"


@dataclass(frozen=True)
class Difference(JsonValues):
    """Where the résumé contradicts the form.

    `stated` is what the form says and `found` what the text says, both as texts; `page` counts from 1, and `before`
    and `after` are what stands around `found` there.
    """

    field: str
    stated: str
    found: str
    page: int
    before: str
    after: str


@dataclass(frozen=True)
class Claim:
    """Something that the text says: its value, and from where to where it stands."""

    value: Any
    start: int
    end: int


def readable(text: str) -> str:
    """The text in plain signs (NFKC), so that full-width figures are figures."""
    return unicodedata.normalize("NFKC", text).replace("\r\n", "\n").replace("\r", "\n")


def difference(field: str, stated: object, said: str, claim: Claim) -> Difference:
    """That `said`, the text, claims something else of the field than is stated."""
    page_start = said.rfind("\f", 0, claim.start) + 1
    page_end = said.find("\f", claim.end)
    before = said[max(page_start, claim.start - AROUND) : claim.start]
    after = (
        said[claim.end : claim.end + AROUND] if page_end < 0 else said[claim.end : min(page_end, claim.end + AROUND)]
    )
    return Difference(
        field, str(stated), " ".join(said[claim.start : claim.end].split()), said.count("\f", 0, claim.start) + 1,
        " ".join(before.split()), " ".join(after.split()),
    )  # fmt: skip


def line_at(said: str, place: int) -> str:
    """The line of the text that holds this place."""
    end = said.find("\n", place)
    return said[said.rfind("\n", 0, place) + 1 : end if end >= 0 else len(said)]


def comparable_all(text: str) -> str:
    """As core.text.comparable, of a text of any length."""
    return "".join(text.casefold().split())


def as_number(value: object) -> float | None:
    """The value as a number; None where it is none."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
