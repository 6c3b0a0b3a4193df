"""Titles of papers that a text writes otherwise. Pure."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from s2group.evaluation.cross_check.rules.claims import Claim, Difference, difference

# From here on two titles are one that was written otherwise; below, they are two.
SIMILAR = 0.75


PAPERS = re.compile(r"论文|发表|papers?\b|publications?\b", re.IGNORECASE)
LETTERS = re.compile(r"\w")


def titles(stated: Mapping[str, Any], said: str) -> Iterator[Difference]:
    """Stated titles that the text writes otherwise; one that it does not hold at all is no contradiction."""
    if not PAPERS.search(said):
        return
    places = [match.start() for match in LETTERS.finditer(said)]
    letters = "".join(said[place].casefold() for place in places)
    for paper in stated.get("papers") or ():
        title = "".join(LETTERS.findall(str(paper.get("title", "")).casefold()))
        if title and title not in letters and (near := _most_alike(title, letters)):
            start, end = near
            yield difference("papers", paper["title"], said, Claim(None, places[start], places[end - 1] + 1))


def _most_alike(title: str, letters: str) -> tuple[int, int] | None:
    """From where to where a title stands that was written otherwise; None where there is no such."""
    best, place = SIMILAR, None
    for start in _candidates(title, letters):
        window = letters[start : start + len(title)]
        ratio = SequenceMatcher(None, title, window, autojunk=False).ratio()
        if ratio > best:
            best, place = ratio, (start, start + len(window))
    return place


def _candidates(title: str, letters: str) -> set[int]:
    """Where a title may begin of which a third stands in the text."""
    size = max(4, len(title) // 4)
    starts = set()
    for offset in range(0, len(title) - size + 1, size):
        at = letters.find(title[offset : offset + size])
        while at >= 0:
            starts.add(max(0, at - offset))
            at = letters.find(title[offset : offset + size], at + 1)
    return starts
