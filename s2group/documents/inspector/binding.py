"""Binds several PDF files and pictures into one PDF, of which nothing runs and nothing leads elsewhere."""

import io
import json
from collections.abc import Sequence

import pikepdf
from PIL import Image

from . import pictures

# Of a page: what is drawn over it, and what it does when it is opened.
ACTIVE = ("/Annots", "/AA")
# A picture as large as a scanner of 150 dots per inch makes a page.
PICTURE, WIDTH_IN_INCHES = (1240, 1754), 8.27


def bind(data: bytes) -> bytes:
    """The parts of `data` as one PDF, behind a line of JSON that lists the places of those that are left out.

    `data` is a JSON list with the size of each part on a line of its own, and then the parts. A part that cannot be
    read is left out, but for the first, which is ours. Raises whatever the parsers raise about that.
    """
    head, _, rest = data.partition(b"\n")
    bound, open_parts, left_out = pikepdf.new(), [], []
    for number, part in enumerate(_cut(rest, json.loads(head))):
        before = len(bound.pages)
        try:
            open_parts.append(_append(bound, part))  # pages are read from it until all is saved
        except Exception:
            if number == 0:
                raise
            del bound.pages[before:]
            left_out.append(number)
    out = io.BytesIO()
    bound.save(out)
    return json.dumps(left_out).encode() + b"\n" + out.getvalue()


def _cut(data: bytes, sizes: Sequence[int]) -> list[bytes]:
    parts = []
    for size in sizes:
        parts.append(data[:size])
        data = data[size:]
    return parts


def _append(bound: pikepdf.Pdf, part: bytes) -> pikepdf.Pdf:
    source = pikepdf.open(io.BytesIO(_as_pdf(part)))
    source.flatten_annotations("print")  # what was filled into a form is drawn on its page
    for page in source.pages:
        for key in ACTIVE:
            if key in page:
                del page[key]
        bound.pages.append(page)
    return source


def _as_pdf(part: bytes) -> bytes:
    if not pictures.is_picture(part):
        return part
    image: Image.Image = pictures.draw(part, 1, PICTURE)
    out = io.BytesIO()
    image.convert("RGB").save(out, "PDF", resolution=max(image.width / WIDTH_IN_INCHES, 1))
    return out.getvalue()
