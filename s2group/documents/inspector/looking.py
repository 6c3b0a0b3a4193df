"""Looks into one file, draws one of its pages, or reads it; and trusts nothing in it."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image

from . import pdf, pictures, redaction

QUALITY = 85
# Of the pictures of public pages.
SHOWN_QUALITY = 80


def inspect(data: bytes) -> Iterator[dict[str, Any]]:
    """What a reader should know of a file, step by step. Raises whatever the parsers raise.

    First {"pages": 3}, or why nobody sees any: {"fault": "encrypted"}, "damaged" or "unreadable"; of a PDF with pages
    then {"findings": [...]}.
    """
    return pictures.inspect(data) if pictures.is_picture(data) else pdf.inspect(data)


def draw(data: bytes, page: int, box: tuple[int, int]) -> bytes:
    """Page `page` (from 1) on white, not larger than `box`, as a WebP image. Raises whatever the parsers raise."""
    return _webp((pictures.draw if pictures.is_picture(data) else pdf.draw)(data, page, box))


def redact(data: bytes, page: int, box: tuple[int, int], words: Sequence[str]) -> bytes:
    """The same with `words` blacked out, see `redaction.draw`; empty where it cannot be known what stands there.

    That is so of a JPEG or PNG. Raises whatever pdfium raises.
    """
    image = None if pictures.is_picture(data) else redaction.draw(data, page, box, words)
    return b"" if image is None else _webp(image)


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def measure(data: bytes) -> tuple[int, int]:
    """Width and height of a picture that the group shows, see `pictures.measure`. Raises where it is none."""
    return pictures.measure(data)


def in_width(data: bytes, width: int) -> bytes:
    """Such a picture as WebP, at most so many pixels wide. Raises whatever Pillow raises."""
    out = io.BytesIO()
    pictures.in_width(data, width).save(out, "WEBP", quality=SHOWN_QUALITY, method=5, exif=b"")
    return out.getvalue()


def text(data: bytes) -> str:
    """What the pages of a PDF say, at most 100,000 characters of it. Raises whatever pdfium raises."""
    return pdf.text(data)
