"""The waveform of posters and share cards, drawn from a seed, the same for the same words."""

import random
from math import pi, sin

BARS = 96
STEP = 8
HEIGHT = 72


def loudness(seed: str) -> list[float]:
    """How loud each bar is, from 0 to 1, swelling and fading as speech does."""
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    phases = [chance.uniform(0, 2 * pi) for _ in range(3)]
    bars = []
    for index in range(BARS):
        swell = sum(sin(index / BARS * pi * (4 + 5 * n) + phase) for n, phase in enumerate(phases)) / 6 + 0.5
        bars.append((0.15 + 0.85 * swell) * chance.uniform(0.55, 1))
    return bars


def waveform(seed: str) -> str:
    """An SVG of vertical bars; hidden from screen readers."""
    path = []
    for index, loud in enumerate(loudness(seed)):
        height = max(4, round(loud * (HEIGHT - 4)))
        path.append(f"M{index * STEP + 2} {(HEIGHT - height) // 2}v{height}")
    return (
        f'<svg class="waveform" viewBox="0 0 {BARS * STEP} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="{"".join(path)}" stroke="currentColor" stroke-width="3" stroke-linecap="round"/></svg>'
    )
