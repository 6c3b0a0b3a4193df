"""Breaking text into lines for pictures, Chinese and English as typesetters do."""

import re
from collections.abc import Callable, Sequence

# What no line begins with, and what no line ends with.
NOT_FIRST = "、，。．：；？！…—·’”）》〉」』】〕,.;:?!)]}%"
NOT_LAST = "‘“（《〈「『【〔([{"
# A word with the space after it, or one sign of a script that breaks anywhere.
PIECES = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+\s*|\S\s*")
# Gives the width of a text in pixels.
Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure, most: int) -> list[str]:
    """`text` in lines of at most `width` pixels: `most` lines, and one more where that is not all.

    A word that is wider than a line is cut.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        if len(lines) > most:
            return lines[: most + 1]
        *whole, line = _cut(piece, width, measure) if not line else [line + piece]
        lines += whole
    return ([*lines, line.rstrip()] if line.strip() else lines)[: most + 1]


def shorten(lines: Sequence[str], count: int, width: float, measure: Measure) -> list[str]:
    """At most `count` of the lines; the last one ends with … where there were more."""
    if len(lines) <= count:
        return list(lines)
    last = lines[count - 1]
    while last and measure(f"{last}…") > width:
        last = last[:-1]
    return [*lines[: count - 1], f"{last.rstrip(NOT_FIRST + ' ')}…"]


def _pieces(text: str) -> list[str]:
    """What must stay together: words, and signs with the punctuation that clings to them."""
    pieces: list[str] = []
    for piece in PIECES.findall(" ".join(text.split())):
        clings = pieces and (piece[0] in NOT_FIRST or pieces[-1].endswith(tuple(NOT_LAST)))
        if clings and not pieces[-1].endswith(" "):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _cut(word: str, width: float, measure: Measure) -> list[str]:
    """`word` in parts that fit, which is itself unless it is very long."""
    if measure(word.rstrip()) <= width:
        return [word]
    parts = [""]
    for sign in word:
        if parts[-1] and measure((parts[-1] + sign).rstrip()) > width:
            parts.append("")
        parts[-1] += sign
    return parts
