"""What marks are drawn on: a strip or a ring, with one pair of coordinates for both."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, pi, sin, tau
from typing import Literal

from markupsafe import Markup

Ink = Literal["m1", "m2"]
# The part of a ring that a surname leaves: from a quarter of its width outwards, for as far again.
HUB = 0.26
RIM = 0.21
ROUND = Markup(' stroke-linecap="round"')
# A wide mark on a narrow screen loses its ends; it is never squeezed.
CROPPED = Markup(' preserveAspectRatio="xMidYMid slice"')


@dataclass
class Plate:
    """A surface of so many pixels in (u, v): u runs along time, v from the floor to the ceiling, both from 0 to 1.

    On a `ring` time runs clockwise from the top and the ceiling is the rim. Strokes have one of two inks of a tint.
    """

    width: int
    height: int
    ring: bool = False
    _strokes: dict[tuple[Ink, float, bool], list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def pitch(self) -> int:
        """Pixels from one upright stroke to the next: a small mark has fewer strokes, not thinner ones."""
        return 5 if self.length < 240 else 6

    @property
    def length(self) -> float:
        """Pixels along time, in the middle of the height."""
        return tau * self.width * (HUB + RIM / 2) if self.ring else float(self.width)

    def moments(self) -> list[float]:
        """Where upright strokes stand, along time; on whole pixels of a strip."""
        count = max(8, int(self.length // self.pitch))
        if self.ring:
            return [index / count for index in range(count)]
        left = (self.width - (count - 1) * self.pitch) // 2
        return [(left + index * self.pitch) / self.width for index in range(count)]

    def stroke(
        self, ink: Ink, points: Iterable[tuple[float, float]], weight: float = 2, *, closed: bool = False
    ) -> None:
        """A line through these points of (u, v), `weight` pixels thick."""
        corners = [tuple(round(each, 1) for each in self._corner(u, v)) for u, v in points]
        steps = [after - before for here, there in pairwise(corners) for before, after in zip(here, there, strict=True)]
        path = f"M{_row(corners[0])}l{_row(steps)}" + ("z" if closed else "")
        self._strokes[ink, weight, False].append(path)

    def upright(self, ink: Ink, u: float, low: float, high: float, weight: float = 2) -> None:
        """A stroke across time; on a strip, where there are many, from whole pixel to whole pixel."""
        if self.ring:
            self.stroke(ink, ((u, low), (u, high)), weight)
        else:
            (x, y), (_, end) = self._corner(u, low), self._corner(u, high)
            self._strokes[ink, weight, False].append(f"M{_short(x)} {round(y)}V{round(end)}")

    def dot(self, ink: Ink, u: float, v: float, size: float) -> None:
        """A round dot."""
        x, y = self._corner(u, v)
        self._strokes[ink, size, True].append(f"M{_short(x)} {_short(y)}h0")

    def _corner(self, u: float, v: float) -> tuple[float, float]:
        if not self.ring:
            return u * self.width, 2 + (self.height - 4) * (1 - v)
        angle, radius = tau * u - pi / 2, self.width * (HUB + RIM * v)
        return self.width / 2 + radius * cos(angle), self.height / 2 + radius * sin(angle)

    def svg(self, name: str = "") -> Markup:
        """The drawing, hidden from screen readers; on a ring with a name of one character or two in its middle."""
        paths = Markup("").join(
            Markup('<path class="{}" stroke-width="{}"{} d="{}"/>').format(
                ink, _short(weight), ROUND if is_dot else "", "".join(parts)
            )
            for (ink, weight, is_dot), parts in self._strokes.items()
        )
        size = _short(self.width * (0.27 if len(name) < 2 else 0.19))
        words = Markup('<text x="50%" y="50%" dy=".36em" font-size="{}">{}</text>').format(size, name) if name else ""
        return Markup('<svg class="{}" viewBox="0 0 {} {}"{} aria-hidden="true">{}{}</svg>').format(
            "mark ring" if self.ring else "mark", self.width, self.height, "" if self.ring else CROPPED, paths, words
        )


def _row(numbers: Iterable[float]) -> str:
    return " ".join(map(_short, numbers)).replace(" -", "-")


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
