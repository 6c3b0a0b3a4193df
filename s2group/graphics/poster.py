"""The poster of a call: one page of A4, drawn as large as it is printed."""

from dataclasses import dataclass

from s2group.graphics.canvas import ACCENT, INK, INK_2, INK_3, LINE, SEAL, WHITE, Sheet, Words
from s2group.graphics.fonts import Fonts

DPI = 200
# A4 at that resolution, and its margin, in pixels.
WIDTH, HEIGHT, MARGIN = 1654, 2339, 120
INNER = WIDTH - 2 * MARGIN
GAP = 36
QR_SIDE = 400


@dataclass(frozen=True)
class Poster:
    """What the poster says, in one language."""

    title: str
    summary: str
    group: str
    institution: str
    seal: str
    claim: str
    lines_heading: str
    lines: tuple[str, ...]
    routes_heading: str
    # Each with its places in words, or nothing.
    routes: tuple[tuple[str, str], ...]
    deadline_heading: str
    deadline: str
    contact: str
    scan: str
    address: str


def draw(poster: Poster, fonts: Fonts) -> Sheet:
    """The drawn sheet. Texts shrink, then are cut, so that nothing leaves the page."""
    sheet = Sheet(WIDTH, HEIGHT, fonts, paper=WHITE)
    foot = HEIGHT - MARGIN - QR_SIDE
    y = _head(sheet, poster)
    y = _announcement(sheet, poster, y)
    _columns(sheet, poster, y, foot - 2 * GAP)
    _foot(sheet, poster, foot)
    return sheet


def _head(sheet: Sheet, poster: Poster) -> int:
    """Whose poster it is."""
    side = 150
    sheet.seal(poster.seal, MARGIN, MARGIN, side)
    beside = MARGIN + side + GAP
    room = WIDTH - MARGIN - beside
    name = sheet.set(poster.group, width=room, size=58, least=30, most=2, height=110, serif=True)
    y = sheet.write(name, beside, MARGIN - 8)
    y = sheet.write(sheet.set(poster.institution, width=room, size=34, least=22, most=1), beside, y, INK_3)
    return max(y, MARGIN + side) + GAP


def _announcement(sheet: Sheet, poster: Poster, y: int) -> int:
    """The claim, the title of the call, what it is about, and the motif."""
    sheet.rule(MARGIN, y, INNER, thickness=3, colour=INK)
    y += GAP
    y = sheet.write(sheet.set(poster.claim, width=INNER, size=40, least=26, most=2, height=112), MARGIN, y, SEAL)
    title = sheet.set(poster.title, width=INNER, size=124, least=56, most=3, height=400, serif=True)
    y = sheet.write(title, MARGIN, y + 6)
    y = sheet.write(
        sheet.set(poster.summary, width=INNER, size=38, least=26, most=4, height=212), MARGIN, y + 10, INK_2
    )
    sheet.waveform(poster.group or poster.title, MARGIN, y + GAP, INNER, 120)
    return y + 2 * GAP + 120


def _columns(sheet: Sheet, poster: Poster, y: int, end: int) -> None:
    """What the group works on beside the ways to apply."""
    width = (INNER - 2 * GAP) // 2
    lines = [(line, "") for line in poster.lines]
    _column(sheet, poster.lines_heading, lines, MARGIN, y, width, end)
    _column(sheet, poster.routes_heading, list(poster.routes), MARGIN + width + 2 * GAP, y, width, end)


def _column(sheet: Sheet, heading: str, rows: list[tuple[str, str]], x: int, y: int, width: int, end: int) -> None:
    """A heading over rows parted by hairlines; the rows shrink together until they fit, the last ones may not."""
    if not rows:
        return
    y = sheet.write(sheet.set(heading, width=width, size=44, least=28, most=1, serif=True), x, y, ACCENT) + 8
    for size in (46, 42, 38, 34, 30, 26, 22):
        pairs = [_row(sheet, row, width, size) for row in rows]
        if y + sum(_height(pair) for pair in pairs) <= end:
            break
    for pair in pairs:
        if y + _height(pair) > end:
            break
        sheet.rule(x, y, width, colour=LINE)
        below = sheet.write(pair[0], x, y + 10)
        sheet.write(pair[1], x, below, INK_3)
        y += _height(pair)


def _row(sheet: Sheet, row: tuple[str, str], width: int, size: int) -> tuple[Words, Words]:
    title, note = row
    return sheet.set(title, width=width, size=size, most=2), sheet.set(note, width=width, size=size * 4 // 5, most=1)


def _height(pair: tuple[Words, Words]) -> int:
    return pair[0].height + pair[1].height + 24


def _foot(sheet: Sheet, poster: Poster, top: int) -> None:
    """Until when, whom to ask, and the way to the page of the call."""
    sheet.rule(MARGIN, top - GAP, INNER, thickness=3, colour=INK)
    side = sheet.qr_code(poster.address, WIDTH - MARGIN, top, QR_SIDE)
    room, bottom = INNER - QR_SIDE - 2 * GAP, top + side
    y = sheet.write(sheet.set(poster.deadline_heading, width=room, size=34, least=24, most=1), MARGIN, top, INK_3)
    deadline = sheet.set(poster.deadline, width=room, size=54, least=30, most=2, height=150, serif=True)
    y = sheet.write(deadline, MARGIN, y) + 12
    scan = sheet.set(poster.scan, width=room, size=30, least=22, most=1)
    address = _address(sheet, poster.address, room)
    words = bottom - scan.height - address.height
    contact = sheet.set(poster.contact, width=room, size=30, least=20, most=3, height=words - y - 8)
    sheet.write(contact, MARGIN, y, INK_2)
    sheet.write(address, MARGIN, sheet.write(scan, MARGIN, words, INK_2), ACCENT)


def _address(sheet: Sheet, address: str, width: int) -> Words:
    """The address on one line where it is short enough, else on two; it is never cut."""
    line = sheet.set(address, width=width, size=30, least=22, most=1)
    return line if line.lines == [address] else sheet.set(address, width=width, size=30, least=14, most=3)
