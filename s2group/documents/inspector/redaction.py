"""Draws a page of a PDF with an opaque box over whatever tells who somebody is; or finds that it cannot."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageDraw
from pypdfium2 import raw

from . import pdf

BLACK = (0, 0, 0)
# How far a box reaches beyond the sign below it, in pixels: letters are drawn somewhat larger than they measure.
MARGIN = 2
# With fewer signs, more than this part of them unreadable, or this part of it pictures, a page cannot be known.
FEWEST_SIGNS, MOST_UNREADABLE, MOST_PICTURES = 20, 0.2, 0.5
# Letters that are drawn as outlines are no text: rules and frames of a page have fewer curves.
MOST_CURVES = 400
# A shorter word in Latin letters stands by itself, or it would black out others.
SHORT = 5
# Halves of surrogate pairs, signs of private use, and what is none.
UNREADABLE = frozenset({"Cs", "Co", "Cn"})
HAN = "\u3400-\u9fff"
NAMED, BLANK = r"[A-Z][\w'’&.-]*", r"[^\S\r\n]+"
# Hidden whatever the words are: whoever writes them writes who they are, or where they are from.
ALWAYS = (
    re.compile(r"[\w.+-]+\s?(?:@|＠|[(\[]at[)\]])\s?[\w-]+(?:\s?\.\s?[\w-]+)+", re.IGNORECASE),
    re.compile(
        r"(?:https?://|www\.)\S+|(?<![\w.])(?:[\w-]+\.)+(?:com|org|net|io|cn|edu|me|dev|top|xyz)\b(?:/\S*)?", re.I
    ),
    re.compile(r"\+\d[\d\s-]{7,16}\d|(?<!\d)1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)|(?<!\d)0\d{2,3}[\s-]\d{7,8}(?!\d)"),
    re.compile(r"(?:姓\s*名|微\s*信号?|QQ|WeChat|Weixin)\s*[:：]?\s*\S+", re.IGNORECASE),
    re.compile(rf"[{HAN}]{{2,12}}(?:大学|学院|研究院|研究所)"),
    re.compile(
        rf"(?:{NAMED}{BLANK}(?:(?:of|and|for){BLANK})?){{0,6}}\b(?:University|Univ\b\.?|Institute|College|Academy)"
        rf"(?:{BLANK}(?:of|for|at)(?:{BLANK}(?:the{BLANK})?{NAMED})+(?:{BLANK}and(?:{BLANK}{NAMED})+)?)*"
    ),
)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Text:
    """What stands on a page: a sign for each place of pdfium's, and the letters and digits among them, folded.

    `folded` has neither case, accents nor width; `places` says for each of its signs where it stands.
    """

    signs: str
    folded: str
    places: Sequence[int]


def draw(data: bytes, page: int, box: tuple[int, int], words: Sequence[str]) -> Image.Image | None:
    """Page `page` (from 1) as `pdf.draw` has it, but for form fields and notes, with `words` blacked out.

    None where it cannot be known what stands on it: a scan, say. Spaces, signs and line breaks within a word make no
    difference. Pictures are blacked out as well: a photograph tells most. Raises whatever pdfium raises.
    """
    sheet = pypdfium2.PdfDocument(data)[page - 1]
    textpage = sheet.get_textpage()
    text = read(textpage)
    unreadable = [place for place, sign in enumerate(text.signs) if _is_unreadable(textpage, place, sign)]
    pictures = list(_pictures(sheet))
    if not _can_be_known(sheet, text, unreadable, pictures):
        return None
    image: Image.Image = sheet.render(scale=pdf.scale(sheet, box), draw_annots=False).to_pil().convert("RGB")
    hidden = [*pictures, *(_sign_box(textpage, place) for place in unreadable)]
    for start, end in spans(text, words):
        hidden += _boxes(textpage, [place for place in range(start, end) if text.signs[place].strip()])
    pen = ImageDraw.Draw(image)
    for each in hidden:
        pen.rectangle(_in_pixels(sheet, image.size, each), fill=BLACK)
    return image


def read(textpage: pypdfium2.PdfTextPage) -> Text:
    """What stands on a page."""
    signs = "".join(chr(raw.FPDFText_GetUnicode(textpage, place)) for place in range(textpage.count_chars()))
    folded = [(sign, place) for place, each in enumerate(signs) for sign in fold(each)]
    return Text(signs, "".join(sign for sign, _ in folded), [place for _, place in folded])


def fold(text: str) -> str:
    """Its letters and digits, without case, accents and width."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())


def spans(text: Text, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From where to where something is to be hidden."""
    for pattern in ALWAYS:
        yield from (match.span() for match in pattern.finditer(text.signs))
    for word in sorted({fold(word) for word in words} - {""}):
        yield from _found(text, word)


def _found(text: Text, word: str) -> Iterator[tuple[int, int]]:
    at = text.folded.find(word)
    while at >= 0:
        start, end = text.places[at], text.places[at + len(word) - 1] + 1
        whole = _widened(text.signs, start, end)
        if whole == (start, end) or not (word.isascii() and len(word) < SHORT):
            yield whole
        at = text.folded.find(word, at + 1)


def _widened(signs: str, start: int, end: int) -> tuple[int, int]:
    """To the ends of a word in Latin letters and digits: of ChenJia01 nothing shall be left."""
    while start > 0 and _goes_on(signs[start - 1 : start + 1]):
        start -= 1
    while end < len(signs) and _goes_on(signs[end - 1 : end + 1]):
        end += 1
    return start, end


def _goes_on(two: str) -> bool:
    return all(sign.isascii() and sign.isalnum() for sign in two)


def _is_unreadable(textpage: pypdfium2.PdfTextPage, place: int, sign: str) -> bool:
    if sign in "\0\ufffd" or unicodedata.category(sign) in UNREADABLE:
        return True
    return bool(raw.FPDFText_HasUnicodeMapError(textpage, place) == 1)


def _can_be_known(sheet: pypdfium2.PdfPage, text: Text, unreadable: Sequence[int], pictures: Sequence[Box]) -> bool:
    if len(text.folded) < FEWEST_SIGNS or len(unreadable) > MOST_UNREADABLE * len(text.folded):
        return False
    width, height = sheet.get_width(), sheet.get_height()
    area = sum((right - left) * (top - bottom) for left, bottom, right, top in pictures)
    return area <= MOST_PICTURES * width * height and _curves(sheet) <= MOST_CURVES


def _curves(sheet: pypdfium2.PdfPage) -> int:
    curves = 0
    for path in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        for number in range(raw.FPDFPath_CountSegments(path)):
            segment = raw.FPDFPath_GetPathSegment(path, number)
            curves += raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_BEZIERTO
    return curves


def _pictures(sheet: pypdfium2.PdfPage) -> Iterator[Box]:
    """Where pictures lie on the page, also those within forms, which have coordinates of their own."""
    for picture in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
        form = picture.container
        while form:
            corners = [form.get_matrix().on_point(*corner) for corner in corners]
            form = form.container
        across, up = zip(*corners, strict=True)
        yield min(across), min(up), max(across), max(up)


def _boxes(textpage: pypdfium2.PdfTextPage, places: Sequence[int]) -> Iterator[Box]:
    """One box for signs that stand beside each other on a line, so that no gap tells how long a word is."""
    current: Box | None = None
    for place in places:
        box = _sign_box(textpage, place)
        if current and _are_beside(current, box):
            current = _around(current, box)
        else:
            if current:
                yield current
            current = box
    if current:
        yield current


def _sign_box(textpage: pypdfium2.PdfTextPage, place: int) -> Box:
    """Around what is drawn of a sign, and around the room that its font gives it."""
    tight = textpage.get_charbox(place)
    try:
        return _around(tight, textpage.get_charbox(place, loose=True))
    except pypdfium2.PdfiumError:
        return tight  # type: ignore[no-any-return]


def _are_beside(one: Box, other: Box) -> bool:
    height = min(one[3] - one[1], other[3] - other[1])
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(other[0] - one[2], one[0] - other[2])
    return overlap > height / 2 and gap < 2 * max(one[3] - one[1], other[3] - other[1])


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _in_pixels(sheet: pypdfium2.PdfPage, size: tuple[int, int], box: Box) -> tuple[int, int, int, int]:
    """Where a box of the page lies in its picture, with the margin, however the page is turned or cut."""
    left, bottom, right, top = box
    across, down = ctypes.c_int(), ctypes.c_int()
    points = []
    for x, y in ((left, bottom), (right, bottom), (right, top), (left, top)):
        raw.FPDF_PageToDevice(sheet, 0, 0, *size, 0, x, y, across, down)
        points.append((across.value, down.value))
    xs, ys = zip(*points, strict=True)
    return min(xs) - MARGIN, min(ys) - MARGIN, max(xs) + MARGIN, max(ys) + MARGIN
