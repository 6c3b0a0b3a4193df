"""The picture that goes with a link where somebody shares it."""

from dataclasses import dataclass

from s2group.graphics.canvas import INK_2, INK_3, SEAL, Canvas
from s2group.graphics.fonts import Fonts

# What link previews crop to, and what WeChat shows beside a title.
SHAPES = {"wide": (1200, 630), "square": (600, 600)}


@dataclass(frozen=True)
class Card:
    """What the picture says: a word on what it is, the title, a line under it, and whose it is."""

    kicker: str
    title: str
    line: str
    group: str
    institution: str
    seal: str


def draw(card: Card, shape: str, fonts: Fonts) -> bytes:
    """The PNG of a card in one of SHAPES."""
    width, height = SHAPES[shape]
    sheet = Canvas(width, height, fonts)
    margin = height // 9
    inner = width - 2 * margin
    foot = height - margin - height // 10
    _foot(sheet, card, margin, foot)
    top = sheet.write(sheet.set(card.kicker, width=inner, size=height // 22, most=1), margin, margin, SEAL)
    wave = height // 8
    room = foot - wave - height // 12 - top
    line = sheet.set(card.line, width=inner, size=height // 21, most=1 if shape == "wide" else 2)
    title = sheet.set(
        card.title, width=inner, height=room - line.height, size=height // 8, least=height // 20, serif=True, most=5
    )
    under = sheet.write(title, margin, top + height // 60)
    sheet.write(line, margin, under + height // 80, INK_2)
    sheet.waveform(card.title or card.group, margin, foot - wave - height // 20, inner, wave)
    return sheet.png()


def _foot(sheet: Canvas, card: Card, margin: int, top: int) -> None:
    """The seal and the group under a hairline."""
    inner, side = sheet.width - 2 * margin, sheet.height // 10
    sheet.rule(margin, top - sheet.height // 40, inner)
    sheet.seal(card.seal, margin, top, side)
    beside = margin + side + sheet.height // 30
    room = sheet.width - margin - beside
    name = sheet.set(card.group, width=room, size=side * 2 // 5, serif=True, most=1, least=side // 4)
    under = sheet.write(name, beside, top - side // 24)
    sheet.write(sheet.set(card.institution, width=room, size=side // 3, most=1, least=side // 5), beside, under, INK_3)
