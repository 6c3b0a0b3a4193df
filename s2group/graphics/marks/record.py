"""All papers at once, as one recording or one mosaic, and the papers of a year as squares."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

# By CCF class; what has none is the quietest.
LOUDNESS = {"A": 1.0, "B": 0.78, "C": 0.6}
UNRANKED = 0.46
YEAR_ROOM = 28
NARROWEST_YEAR = 36
SQUARE = 9


@dataclass(frozen=True)
class Stroke:
    """One paper of the recording: its key, its year, the number of its area's tint (0 for none) and its CCF class."""

    key: str
    year: int
    tint: int
    ccf: str


def recording(papers: Sequence[Stroke], width: int, height: int, strokes: int) -> Markup:
    """The papers from the oldest to the newest as one recording, some strokes a paper, with the years below."""

    def cluster(paper: Stroke, left: int, pitch: float) -> str:
        chance = random.Random(paper.key)  # noqa: S311 - a drawing, not a secret
        parts = []
        for number in range(strokes):
            loud = LOUDNESS.get(paper.ccf, UNRANKED) * (0.55 + 0.45 * chance.random()) * height / 2
            loud *= 1 if number == strokes // 2 else 0.75
            x = left + round(number * pitch * 0.8 / strokes)
            parts.append(f"M{x} {round(height / 2 - loud)}V{round(height / 2 + loud)}")
        return "".join(parts)

    return _in_years(papers, width, height, cluster)


def mosaic(papers: Sequence[Stroke], width: int, height: int) -> Markup:
    """The same for a group of pictures instead of sounds: a column of tiles a paper, from the floor."""

    def column(paper: Stroke, left: int, pitch: float) -> str:
        tile = _tile(pitch)
        chance = random.Random(paper.key)  # noqa: S311 - a drawing, not a secret
        reach = LOUDNESS.get(paper.ccf, UNRANKED) * (0.7 + 0.3 * chance.random())
        tiles = range(max(1, int(reach * height / (tile + 2))))
        return "".join(f"M{left + tile // 2} {height - number * (tile + 2)}v-{tile}" for number in tiles)

    return _in_years(papers, width, height, column, weight=_tile(width / len(papers)) if papers else 0)


def _tile(pitch: float) -> int:
    return max(3, min(9, round(pitch * 0.7)))


def _in_years(
    papers: Sequence[Stroke], width: int, height: int, drawn: Callable[[Stroke, int, float], str], weight: int = 2
) -> Markup:
    if not papers:
        return Markup("")
    in_order = sorted(papers, key=lambda paper: (paper.year, paper.tint, paper.key))
    pitch = width / len(in_order)
    paths: dict[int, list[str]] = defaultdict(list)
    years: dict[int, int] = {}
    for index, paper in enumerate(in_order):
        left = round(index * pitch) + 1
        years.setdefault(paper.year, left)
        paths[paper.tint].append(drawn(paper, left, pitch))
    parts = Markup("").join(
        Markup('<path class="k{}" stroke-width="{}" d="{}"/>').format(tint, weight, "".join(found))
        for tint, found in sorted(paths.items())
    )
    return Markup('<svg class="mark recording" viewBox="0 0 {} {}" aria-hidden="true">{}{}</svg>').format(
        width, height + YEAR_ROOM, parts, _years(years, height)
    )


def _years(years: dict[int, int], height: int) -> Markup:
    labels, last = Markup(""), -NARROWEST_YEAR
    for year, x in years.items():
        if year and x - last >= NARROWEST_YEAR:
            labels += Markup('<text x="{}" y="{}">{}</text>').format(x, height + YEAR_ROOM - 4, year)
            last = x
    return labels


def squares(tints: Sequence[int], across: int = 3) -> Markup:
    """A square a paper, in rows from the floor, each in the tint of its area."""
    rows = -(-len(tints) // across)
    paths: dict[int, list[str]] = defaultdict(list)
    for index, tint in enumerate(sorted(tints, reverse=True)):
        paths[tint].append(f"M{index % across * SQUARE} {(rows - 1 - index // across) * SQUARE + 4}h8")
    drawn = Markup("").join(
        Markup('<path class="a{}" d="{}"/>').format(tint, "".join(parts)) for tint, parts in paths.items()
    )
    size = Markup('viewBox="0 0 {0} {1}" width="{0}" height="{1}"').format(across * SQUARE - 1, rows * SQUARE - 1)
    return Markup('<svg class="squares" {} aria-hidden="true">{}</svg>').format(size, drawn)
