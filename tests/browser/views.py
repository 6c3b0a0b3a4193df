"""How a page may be looked at: width, colour scheme, and what stands before its address in a language.

Every two of the three meet in one of the first four; all of them are tried in the long form.
"""

from collections.abc import Sequence
from typing import Any, Literal

import pytest

Scheme = Literal["dark", "light"]
View = tuple[int, Scheme, str]
SHORT: list[View] = [(360, "light", ""), (360, "dark", "/en"), (1280, "light", "/en"), (1280, "dark", "")]
LONG: list[View] = [(360, "light", "/en"), (360, "dark", ""), (1280, "light", ""), (1280, "dark", "/en")]


def _named(view: View) -> str:
    width, scheme, prefix = view
    return f"{width}-{scheme}-{prefix.strip('/') or 'zh'}"


VIEWS = [
    *(pytest.param(view, id=_named(view)) for view in SHORT),
    *(pytest.param(view, id=_named(view), marks=pytest.mark.long) for view in LONG),
]
# For what takes long: two views that share nothing are enough in the short form.
OPPOSITE = (SHORT[1], LONG[2])
PAIR = [
    pytest.param(view, id=_named(view), marks=() if view in OPPOSITE else pytest.mark.long) for view in (*SHORT, *LONG)
]


def each_once(paths: Sequence[str]) -> list[Any]:
    """Each view with each path; in the short form each path in one of the first four, which take turns."""
    return [
        pytest.param(view, path, id=f"{_named(view)}-{path}", marks=() if view == _turn(place) else pytest.mark.long)
        for view in (*SHORT, *LONG)
        for place, path in enumerate(paths)
    ]


def _turn(place: int) -> View:
    return SHORT[place % len(SHORT)]
