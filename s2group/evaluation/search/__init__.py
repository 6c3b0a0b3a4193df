"""The search of applications: the one way to say which ones are meant, for lists, bulk actions, exports and views."""

from s2group.evaluation.search.queries import (
    Hits,
    asks_lists,
    condition,
    counted,
    counted_beside,
    found,
    found_again,
    found_among,
    found_by_each,
    hits_of,
    read,
)
from s2group.evaluation.search.rules.expressions import Expression
from s2group.evaluation.search.rules.mistakes import Mistake

__all__ = [
    "Expression",
    "Hits",
    "Mistake",
    "asks_lists",
    "condition",
    "counted",
    "counted_beside",
    "found",
    "found_again",
    "found_among",
    "found_by_each",
    "hits_of",
    "read",
]
