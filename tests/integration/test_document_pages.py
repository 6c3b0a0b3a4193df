"""Pages as images: legible, bounded, drawn once, and None where they cannot be drawn."""

import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from PIL import Image

from s2group.documents.pages import document_text, page_image
from s2group.documents.services import take_upload
from tests.support import pdf

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def stored(data: bytes) -> str:
    return take_upload(stream=io.BytesIO(data), original_name="cv.pdf", now=NOW).sha256


def image_of(data: bytes, number: int = 1) -> Image.Image:
    drawn = page_image(stored(data), number)
    assert drawn is not None
    return Image.open(io.BytesIO(drawn))


def ink(image: Image.Image) -> int:
    """How many pixels are dark."""
    return sum(image.convert("L").histogram()[:128])


def test_a_page_is_drawn_with_its_chinese_and_latin_text_on_white(app: Flask) -> None:
    image = image_of(pdf.make_pdf("测试甲 Applicant"))
    assert (image.format, image.size) == ("WEBP", (910, 1287))
    assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    # Boxes in place of the characters would be told apart by their equal ink.
    shapes = {ink(image_of(pdf.make_pdf(character))) for character in "一语鬱A"}
    assert len(shapes) == 4
    assert min(shapes) > 5


def test_a_huge_page_is_drawn_small(app: Flask) -> None:
    image = image_of(pdf.make_pdf().replace(b"[0 0 595 842]", b"[0 0 9000 99]"))
    assert image.size == (2000, 22)


def test_an_image_is_drawn_once(app: Flask) -> None:
    sha256 = stored(pdf.make_pdf())
    first = page_image(sha256, 1)
    kept = app.config["DATA_DIR"] / "cache" / "pages" / sha256 / "1.webp"
    assert kept.read_bytes() == first
    kept.write_bytes(b"from the cache")
    assert page_image(sha256, 1) == b"from the cache"
    assert [path.name for path in kept.parent.iterdir()] == ["1.webp"]


@pytest.mark.parametrize(
    ("data", "number"),
    [(pdf.make_pdf(), 2), (pdf.make_pdf(), 0), (pdf.truncated_pdf(), 1), (pdf.pdf_with_page_bomb(), 1)],
    ids=["past the end", "before the first", "half a file", "bomb"],
)
def test_what_cannot_be_drawn_is_none_and_not_kept(app: Flask, data: bytes, number: int) -> None:
    sha256 = stored(data)
    assert page_image(sha256, number) is None
    assert not (app.config["DATA_DIR"] / "cache").exists()


def test_what_a_file_says_can_be_read_as_text(app: Flask) -> None:
    kept = stored(pdf.make_pdf("Test Applicant\n测试甲", pages=2))
    assert document_text(kept) == "Test Applicant\r\n测试甲\f" * 2


def test_a_file_that_cannot_be_read_has_no_text(app: Flask) -> None:
    assert document_text(stored(b"%PDF-1.4 nothing else")) is None
