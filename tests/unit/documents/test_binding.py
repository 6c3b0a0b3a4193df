"""Files bound into one PDF: whole, inert, and without what no parser reads."""

import io
import json

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, RectangleObject, TextStringObject

from s2group.documents.inspector.binding import bind
from tests.support.pdf import make_pdf, pdf_with_javascript


def bound(*parts: bytes) -> tuple[list[int], PdfReader]:
    sizes = json.dumps([len(part) for part in parts]).encode()
    head, _, pdf = bind(sizes + b"\n" + b"".join(parts)).partition(b"\n")
    return json.loads(head), PdfReader(io.BytesIO(pdf))


def words(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG")
    return out.getvalue()


def test_the_parts_follow_on_each_other() -> None:
    left_out, made = bound(make_pdf("first"), make_pdf("second"), make_pdf("third"))
    assert left_out == []
    assert [each.split()[0] for each in words(made)] == ["first", "second", "third"]


def test_what_no_parser_reads_is_left_out_and_told() -> None:
    writer = PdfWriter(io.BytesIO(make_pdf("locked")))
    writer.encrypt("secret")
    locked = io.BytesIO()
    writer.write(locked)
    left_out, made = bound(make_pdf("first"), locked.getvalue(), b"%PDF-1.7 nothing", make_pdf("last"))
    assert left_out == [1, 2]
    assert [each.split()[0] for each in words(made)] == ["first", "last"]


def test_nothing_in_it_runs_or_leads_elsewhere() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_with_javascript()))
    action = DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("http://x")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    writer.add_uri(0, "https://example.org", RectangleObject((0, 0, 100, 100)))
    active = io.BytesIO()
    writer.write(active)
    _, made = bound(make_pdf("first"), active.getvalue())
    assert not {"/OpenAction", "/Names", "/AcroForm"} & set(made.root_object)
    assert not {"/AA", "/Annots"} & set(made.pages[1])


def test_a_picture_is_a_page_as_wide_as_paper() -> None:
    _, made = bound(make_pdf("first"), picture(3000, 1500))
    assert (round(float(made.pages[1].mediabox.width)), round(float(made.pages[1].mediabox.height))) == (595, 298)


def test_a_first_part_that_is_no_pdf_is_a_mistake_of_ours() -> None:
    with pytest.raises(pikepdf.PdfError):
        bound(b"nothing")
