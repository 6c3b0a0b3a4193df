"""Whom a comment mentions, and for how long its author may change it."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from s2group.core.text import comparable

LONGEST_COMMENT = 4000
CHANGEABLE = timedelta(minutes=30)
AT = re.compile(r"[@＠]")


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """Who of `names` is called by an @ in the text; of two names that both fit there the longer one.

    Capitals, width and blanks within a name make no difference; two who are called the same are both meant.
    """
    keys = {user_id: comparable(name) for user_id, name in names.items()}
    found: set[int] = set()
    for begin in AT.finditer(text):
        rest = comparable(text[begin.end() :])
        fitting = {user_id: key for user_id, key in keys.items() if key and rest.startswith(key)}
        longest = max(map(len, fitting.values()), default=0)
        found |= {user_id for user_id, key in fitting.items() if len(key) == longest}
    return found


def may_change(*, author_id: int, at: datetime, actor_id: int, now: datetime) -> bool:
    """Whether this account may still change a comment, or take it back."""
    return author_id == actor_id and now < at + CHANGEABLE
