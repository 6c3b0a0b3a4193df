"""Looks into one file, draws one of its pages, or reads it; and trusts nothing in it."""

import io
from collections.abc import Iterator
from typing import Any

from . import pdf, pictures

QUALITY = 85


def inspect(data: bytes) -> Iterator[dict[str, Any]]:
    """What a reader should know of a file, step by step. Raises whatever the parsers raise.

    First {"pages": 3}, or why nobody sees any: {"fault": "encrypted"}, "damaged" or "unreadable"; of a PDF with pages
    then {"findings": [...]}.
    """
    return pictures.inspect(data) if pictures.is_picture(data) else pdf.inspect(data)


def draw(data: bytes, page: int, box: tuple[int, int]) -> bytes:
    """Page `page` (from 1) on white, not larger than `box`, as a WebP image. Raises whatever the parsers raise."""
    image = (pictures.draw if pictures.is_picture(data) else pdf.draw)(data, page, box)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def text(data: bytes) -> str:
    """What the pages of a PDF say, at most 100,000 characters of it. Raises whatever pdfium raises."""
    return pdf.text(data)
