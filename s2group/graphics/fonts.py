"""The fonts that pictures are written in: the Han fonts of the system where there are any, else Pillow's own."""

import logging
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from s2group.core.text import HAN

# Song for headings, Hei for the rest, as distributions name the files.
SERIF = ("NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "SourceHanSerifSC-Bold.otf", "NotoSerifSC-Bold.otf")
SANS = ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "SourceHanSansSC-Regular.otf", "NotoSansSC-Regular.otf")
# How many faces a collection of Noto or Source Han holds at most; the simplified Chinese one is among them.
FACES = 12
# No font has a sign for it, so that it shows what a font draws instead.
NO_SIGN = "\uffff"


@dataclass(frozen=True)
class Fonts:
    """Where the two fonts are; None where the system has none that knows Han."""

    serif: tuple[Path, int] | None
    sans: tuple[Path, int] | None

    def font(self, size: int, *, serif: bool = False) -> FreeTypeFont:
        """The font in a size in pixels."""
        return _opened(self.serif if serif else self.sans, size)

    def family(self, *, serif: bool = False) -> str:
        """What the font calls itself."""
        return str(self.font(20, serif=serif).getname()[0])

    def shown(self, text: str) -> str:
        """What these fonts can write of `text`: nothing where they lack its Han, else all but the signs they lack.

        So a title is written without its emoji, and a Chinese one never as a row of boxes.
        """
        signs = [self._written(sign) for sign in text]
        lost = [sign for sign, written in zip(text, signs, strict=True) if not written and sign.isalpha()]
        if any(HAN.match(sign) for sign in lost) or 2 * len(lost) > sum(sign.isalpha() for sign in text):
            return ""
        return " ".join("".join(signs).split())

    def _written(self, sign: str) -> str:
        """The sign, or its letter without an accent, or nothing."""
        plain = unicodedata.normalize("NFKD", sign)[0]
        return next((each for each in (sign, plain) if each.isspace() or _has(self.sans, each)), "")


@lru_cache(maxsize=4)
def find_fonts(folders: tuple[Path, ...]) -> Fonts:
    """The fonts in the first of `folders` that have them. That there are none is logged once."""
    serif, sans = _first(folders, SERIF), _first(folders, SANS)
    if serif is None and sans is None:
        logging.getLogger(__name__).warning(
            "no font with Chinese signs in %s: pictures are drawn without their Chinese lines (docs/operations.md)",
            ", ".join(map(str, folders)),
        )
    return Fonts(serif or sans, sans or serif)


def _first(folders: Sequence[Path], names: Sequence[str]) -> tuple[Path, int] | None:
    paths = (folder / name for folder in folders for name in names)
    return next(((path, _simplified(path)) for path in paths if path.is_file()), None)


def _simplified(path: Path) -> int:
    """Which face of a collection writes Chinese as the mainland does."""
    for index in range(FACES):
        try:
            family, _style = ImageFont.truetype(path, 20, index=index).getname()
        except OSError:
            break
        if family and family.endswith(" SC"):
            return index
    return 0


@lru_cache(maxsize=64)
def _opened(place: tuple[Path, int] | None, size: int) -> FreeTypeFont:
    if place is None:
        font = ImageFont.load_default(size)
        if not isinstance(font, FreeTypeFont):
            raise TypeError("Pillow was built without FreeType")
        return font
    path, index = place
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _has(place: tuple[Path, int] | None, sign: str) -> bool:
    """Whether the font has a sign of its own for this character."""
    font = _opened(place, 20)
    return bytes(font.getmask(sign)) != bytes(font.getmask(NO_SIGN))


def measure_of(font: FreeTypeFont) -> Callable[[str], float]:
    """What gives the width of a text in pixels: the sum of its signs, each measured once.

    Kerning makes a text narrower than that, never wider by more than a pixel or two.
    """
    return lambda text: sum(_width(font, sign) for sign in text)


@lru_cache(maxsize=16384)
def _width(font: FreeTypeFont, sign: str) -> float:
    return font.getlength(sign)
