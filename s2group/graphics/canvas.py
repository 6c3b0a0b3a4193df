"""Drawing in the portal's manner: paper, ink, hairlines, one seal, a waveform."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from s2group.graphics.fonts import Fonts, measure_of
from s2group.graphics.line_breaks import break_lines, shorten
from s2group.graphics.waveform import loudness

# As in static/css/portal.css, in its light scheme.
PAPER, WHITE, INK, INK_2, INK_3, LINE, ACCENT, SEAL = (
    "#faf8f4", "#ffffff", "#1a1e23", "#474d55", "#666b72", "#ddd6c9", "#1d4e73", "#a32a1c",
)  # fmt: skip
LEADING = 1.38
# Sizes are tried from the largest down, each so much smaller than the one before.
SHRINK = 0.92
COLOURS = 64


@dataclass(frozen=True)
class FittedText:
    """Text that was broken into lines in a size; nothing is drawn yet."""

    lines: Sequence[str]
    font: FreeTypeFont

    @property
    def leading(self) -> int:
        """From one line to the next, in pixels."""
        return round(self.font.size * LEADING)

    @property
    def height(self) -> int:
        """Of all lines, in pixels."""
        return self.leading * len(self.lines)


class Canvas:
    """A picture in the making. Places and sizes are in pixels, from the upper left corner."""

    def __init__(self, width: int, height: int, fonts: Fonts, paper: str = PAPER) -> None:
        self.width, self.height, self.fonts = width, height, fonts
        self.image = Image.new("RGB", (width, height), paper)
        self._pen = ImageDraw.Draw(self.image)

    def set(
        self, text: str, *, width: int, size: int, least: int = 0, height: int = 0, serif: bool = False, most: int = 99
    ) -> FittedText:
        """Break `text` to fit into `width`, and into `height` where given and `most` lines.

        The size goes down as far as `least` for that, then the text is cut with an ellipsis. What the fonts
        cannot write is left out.
        """
        shown = self.fonts.shown(text)
        while True:
            font = self.fonts.font(size, serif=serif)
            room = max(min(most, height // round(size * LEADING)), 1) if height else most
            measure = measure_of(font)
            lines = break_lines(shown, width, measure, room)
            if len(lines) <= room or size <= (least or size):
                return FittedText(shorten(lines, room, width, measure), font)
            size = max(least, int(size * SHRINK))

    def write(self, words: FittedText, x: int, y: int, colour: str = INK) -> int:
        """Draw the lines from `y` down; returns where the next thing may begin."""
        for line in words.lines:
            ascent, descent = words.font.getmetrics()
            top = y + (words.leading - ascent - descent) // 2
            self._pen.text((x, top), line, fill=colour, font=words.font)
            y += words.leading
        return y

    def rule(self, x: int, y: int, width: int, *, thickness: int = 2, colour: str = LINE) -> None:
        """A hairline."""
        self._pen.rectangle((x, y, x + width - 1, y + thickness - 1), fill=colour)

    def seal(self, text: str, x: int, y: int, side: int) -> None:
        """The group's seal; without a font for its sign, the bars of the site's icon."""
        self._pen.rounded_rectangle((x, y, x + side - 1, y + side - 1), radius=side // 11, fill=SEAL)
        sign = self.fonts.shown(text)
        if sign:
            font = self.fonts.font(round(side * 0.56 / len(sign) ** 0.5), serif=True)
            self._pen.text((x + side / 2, y + side / 2), sign, fill=WHITE, font=font, anchor="mm")
            return
        for index, part in enumerate((0.14, 0.38, 0.6, 0.34, 0.14)):
            middle, half = x + side * (0.22 + 0.14 * index), side * part / 2
            self._pen.line((middle, y + side / 2 - half, middle, y + side / 2 + half), fill=WHITE, width=side // 14)

    def waveform(self, seed: str, x: int, y: int, width: int, height: int, colour: str = ACCENT) -> None:
        """The motif of the site, the same for the same words."""
        bars = loudness(seed)
        step, stroke = width / len(bars), max(2, round(width / len(bars) * 0.4))
        for index, loud in enumerate(bars):
            left, half = x + index * step, max(stroke, loud * height) / 2
            middle = y + height / 2
            box = (left, middle - half, left + stroke, middle + half)
            self._pen.rounded_rectangle(box, radius=stroke / 2, fill=colour)

    def png(self) -> bytes:
        """The picture as PNG; few colours, because flat areas need no more and load faster."""
        data = BytesIO()
        self.image.quantize(COLOURS, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
        return data.getvalue()
