"""The QR code of a link: every module where the code has it, and nothing that a page may not hold."""

import re

from s2group.graphics.qr import QUIET_ZONE, modules_of, qr_code

LINK = "https://portal.example.org/en/apply/continue/0123456789abcdefghijklmnopqrstuv/"
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


def drawn(svg: str) -> list[list[bool]]:
    """Which modules the dark path covers."""
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert box
    modules = [[False] * int(box[1]) for _ in range(int(box[2]))]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        modules[int(y)][int(x) : int(x) + int(width)] = [True] * int(width)
    return modules


def test_every_module_is_drawn_where_it_belongs() -> None:
    assert drawn(qr_code(LINK, label="QR code")) == modules_of(LINK)


def test_finders_and_margin_are_where_a_scanner_looks_for_them() -> None:
    modules = drawn(qr_code(LINK, label="QR code"))
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in modules[QUIET_ZONE:-QUIET_ZONE]]
    size = len(FINDER)
    for rows, columns in (
        (slice(size), slice(size)),
        (slice(size), slice(-size, None)),
        (slice(-size, None), slice(size)),
    ):
        assert ["".join("01"[dark] for dark in row[columns]) for row in inner[rows]] == FINDER
    margin = [*modules[:QUIET_ZONE], *modules[-QUIET_ZONE:]] + [row[:QUIET_ZONE] + row[-QUIET_ZONE:] for row in modules]
    assert not any(any(row) for row in margin)


def test_the_drawing_holds_no_style_and_not_the_link_itself() -> None:
    svg = qr_code(LINK, label='the "link" & more')
    assert 'aria-label="the &quot;link&quot; &amp; more"' in svg
    assert "style" not in svg
    assert "example.org" not in svg
