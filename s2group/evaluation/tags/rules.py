"""What a tag may be called, and its colours."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LONGEST_NAME = 30
LONGEST_QUERY = 1000
# All of them are asked for at once, beside every page of a list.
MOST_AUTOMATIC = 20
# A removed tag can be brought back for so long.
RESTORABLE = timedelta(days=30)
# In a search a tag's name stands between quotation marks.
FORBIDDEN_SIGNS = frozenset('"“”')


class Colour(StrEnum):
    """The palette: what a tag looks like beside its name, which says all."""

    GREY = "mute"
    BLUE = "plain"
    GREEN = "good"
    AMBER = "wait"
    RED = "bad"


@dataclass(frozen=True)
class TagChange:
    """Which tags an application gets and which it loses, by their ids."""

    added: frozenset[int]
    removed: frozenset[int]


def tidy_name(text: str) -> str:
    """The name as it is kept: blanks once, none at the ends. Raises ValueError for one that cannot be searched for."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or FORBIDDEN_SIGNS & set(name):
        raise ValueError(f"no name of a tag: {text!r}")
    return name


def change(*, before: Collection[int], chosen: Collection[int], visible: Collection[int]) -> TagChange:
    """What choosing these of the visible tags changes. What the chooser cannot see stays as it is."""
    may = frozenset(visible)
    return TagChange(added=(frozenset(chosen) & may) - frozenset(before), removed=(may & set(before)) - set(chosen))
