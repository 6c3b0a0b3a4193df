"""What a mark stands for, as a rhythm: words swell and fade as they are spoken."""

import random
import re
from dataclasses import dataclass
from math import pi, sin

WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 14
QUIETEST = 0.08


@dataclass(frozen=True)
class Subject:
    """A paper, a person or an area: the lengths of its words give the rhythm, `voices` is how many take part in it, and
    `share`, from 0 to 1, how much of it is the group's own. The seed, such as a key or a slug, decides the rest."""

    seed: str
    beats: tuple[int, ...]
    voices: int = 3
    share: float = 0.5

    def chance(self) -> random.Random:
        """The same chances each time."""
        return random.Random(self.seed)  # noqa: S311 - a drawing, not a secret

    def loudness(self, moments: list[float]) -> list[tuple[float, int]]:
        """How loud it is at each of these moments, and within which word."""
        chance = self.chance()
        heights = [0.45 + 0.55 * chance.random() for _ in self.beats]
        whole, found = sum(self.beats), []
        for moment in moments:
            begun, place = 0, moment * whole
            for index, beat in enumerate(self.beats):
                if place <= begun + beat or index == len(self.beats) - 1:
                    swell = max(0.0, sin(pi * (place - begun) / beat)) ** 0.7
                    found.append((max(QUIETEST, heights[index] * swell), index))
                    break
                begun += beat
        return found


def rhythm(words: str) -> tuple[int, ...]:
    """The lengths of the words of a title, of at most its first fourteen; of a single word or a name, its letters."""
    found = WORD.findall(words)
    if len(found) < 4:
        return tuple(3 + ord(letter) % 6 for letter in "".join(found)[:MOST_WORDS]) or (5,)
    return tuple(max(2, len(word)) for word in found[:MOST_WORDS])
