"""Looks into one PDF."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

POINTS_PER_INCH = 72
DOTS_PER_INCH = 110
LONGEST_TEXT = 100_000
# What an action or a part of a file is called (ISO 32000-2, 12.6.4 and 7.11.4), and what we call it.
ACTIONS = {"/JavaScript": "javascript", "/Launch": "launch_action", "/SubmitForm": "form_submission"}
# The verdict of a parser that asks for a password; others are the number of pages.
LOCKED = -1
OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
ENDS = (b"startxref", b"%%EOF", b"trailer")
CATALOG, PAGE, PACKED = re.compile(rb"/Catalog\b"), re.compile(rb"/Page\b"), b"/ObjStm"
Box = tuple[int, int]


class PasswordNeededError(Exception):
    """The file opens with a password only."""


def inspect(data: bytes) -> Iterator[dict[str, Any]]:
    """Its pages and what a reader should know of it; or why nobody sees any page. Raises what the parsers raise.

    One parser may be wrong about what viewers open: where pdfium opens nothing, two others are asked, and a page that
    both of them find counts. Where there is none, the fault is "encrypted" or "damaged" only if that is beyond doubt;
    otherwise it is "unreadable", and its owner can be asked.
    """
    by_pdfium = _verdict(_pages_by_pdfium, data)
    others = [] if by_pdfium > 0 else [_verdict(count, data) for count in (_pages_by_pypdf, _pages_by_qpdf)]
    pages = min(others, default=by_pdfium)
    if pages > 0:
        yield {"pages": pages}
        yield {"findings": sorted(set(_findings(data)))}
    else:
        yield {"fault": _fault(data, by_pdfium, others)}


def draw(data: bytes, page: int, box: Box) -> Image.Image:
    """Page `page` (from 1) with its form fields, not larger than `box`. Raises whatever pdfium raises."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    sheet = document[page - 1]
    image: Image.Image = sheet.render(scale=scale(sheet, box)).to_pil()
    return image


def scale(sheet: pypdfium2.PdfPage, box: Box) -> float:
    """Pixels for each point of a page, so that its picture is not larger than `box`."""
    width, height = sheet.get_size()
    return float(min(DOTS_PER_INCH / POINTS_PER_INCH, box[0] / width, box[1] / height))


def text(data: bytes) -> str:
    """What the pages say, at most LONGEST_TEXT characters of it. Raises whatever pdfium raises."""
    said = ""
    for page in pypdfium2.PdfDocument(data):
        said += page.get_textpage().get_text_bounded() + "\f"
        if len(said) > LONGEST_TEXT:
            break
    return said[:LONGEST_TEXT]


def _verdict(count: Callable[[bytes], int], data: bytes) -> int:
    """How many pages a parser finds: 0 for none, LOCKED where it needs a password."""
    try:
        return count(data)
    except PasswordNeededError:
        return LOCKED
    except Exception:
        return 0


def _pages_by_pdfium(data: bytes) -> int:
    """It repairs what browsers repair."""
    try:
        document = pypdfium2.PdfDocument(data)
        document.get_page_size(0)
        return len(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise PasswordNeededError from error
        raise


def _pages_by_pypdf(data: bytes) -> int:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PasswordNeededError
    return len([page for page in reader.pages if page.mediabox])


def _pages_by_qpdf(data: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            return len(document.pages)
    except pikepdf.PasswordError as error:
        raise PasswordNeededError from error


def _fault(data: bytes, by_pdfium: int, others: list[int]) -> str:
    """Why there is no page. Others than ours may guess better at what is there, but none can guess what is not."""
    locked = [by_pdfium, *others].count(LOCKED)
    if locked > 1 or (by_pdfium == LOCKED and max(others) <= 0):
        return "encrypted"
    is_cut_off = not any(end in data for end in ENDS) and PACKED not in data
    leads_to_pages = CATALOG.search(data) and PAGE.search(data)
    return "damaged" if not OBJECT.search(data) or (is_cut_off and not leads_to_pages) else "unreadable"


def _findings(data: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt("")
    tables = [*reader.xref.items(), *((0, {number: 0}) for number in reader.xref_objStm)]
    for generation, numbers in tables:
        for number in numbers:
            yield from _findings_in(reader.get_object(IndirectObject(number, generation, reader)))


def _findings_in(value: PdfObject | None) -> Iterator[str]:
    """Findings in one object and in what lies directly in it; what it refers to is looked at on its own."""
    if isinstance(value, DictionaryObject):
        if "/EF" in value or _name(value, "/Type") == "/EmbeddedFile":
            yield "attachments"
        if (action := _name(value, "/S")) in ACTIONS:
            yield ACTIONS[action]
    parts = value.values() if isinstance(value, DictionaryObject) else value if isinstance(value, ArrayObject) else ()
    for part in parts:
        yield from _findings_in(part)


def _name(dictionary: DictionaryObject, key: str) -> str:
    return str(dictionary[key]) if key in dictionary else ""
