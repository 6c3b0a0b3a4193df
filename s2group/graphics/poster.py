"""The poster of a call: one page of A4, set by Typst, so that its text can be selected and read aloud."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import typst

from s2group.core.localized import Locale
from s2group.graphics.fonts import Fonts
from s2group.graphics.qr import qr_code
from s2group.graphics.waveform import waveform

LAYOUT = Path(__file__).with_name("poster.typ")
DPI = 200
REGIONS = {"zh": "cn", "en": "gb"}
ACCENT = "#1d4e73"


@dataclass(frozen=True)
class Poster:
    """What the poster says, in one language."""

    locale: Locale
    title: str
    summary: str
    group: str
    institution: str
    seal: str
    claim: str
    areas_heading: str
    areas: tuple[str, ...]
    routes_heading: str
    # Each with its places in words, or nothing.
    routes: tuple[tuple[str, str], ...]
    deadline_heading: str
    deadline: str
    contact: str
    scan: str
    address: str


def draw(poster: Poster, fonts: Fonts, format: Literal["pdf", "png"]) -> bytes:
    """The page as PDF, or as PNG of DPI. Texts shrink, then are cut, so that nothing leaves the page."""
    paths = {place[0].parent for place in (fonts.serif, fonts.sans) if place}
    page = typst.compile(
        LAYOUT,
        font_paths=sorted(paths),
        ignore_system_fonts=True,
        format=format,
        ppi=DPI,
        sys_inputs={"says": json.dumps(_says(poster, fonts))},
    )
    return page if isinstance(page, bytes) else page[0]


def _says(poster: Poster, fonts: Fonts) -> Mapping[str, Any]:
    """What poster.typ reads: every text without what the fonts cannot write, and the drawings as SVG."""
    shown = {name: _shown(value, fonts) for name, value in asdict(poster).items()}
    return shown | {
        "lang": poster.locale,
        "region": REGIONS[poster.locale],
        "fonts": {"serif": fonts.family(serif=True), "sans": fonts.family()},
        "waveform": _standing_alone(waveform(poster.group or poster.title)).replace("currentColor", ACCENT),
        "qr": _standing_alone(qr_code(poster.address, label="")),
    }


def _shown(value: Any, fonts: Fonts) -> Any:
    if isinstance(value, str):
        return fonts.shown(value)
    return [_shown(each, fonts) for each in value]


def _standing_alone(svg: str) -> str:
    """An SVG that was made to stand in a page, as a file of its own."""
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
