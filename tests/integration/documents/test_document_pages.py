"""Pages as images: legible, bounded, drawn once, and None where they cannot be drawn."""

import io
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import delete

from s2group.core.database import transaction
from s2group.documents import sandbox as sandbox_module
from s2group.documents.models import Document
from s2group.documents.pages import (
    cannot_be_drawn,
    document_text,
    draw_wanted,
    forget_pages,
    forget_pages_of_removed,
    is_drawn,
    page_image,
    thumbnail,
    want,
)
from s2group.documents.rules import PDF_OR_PICTURE
from s2group.documents.seats import SEATS
from s2group.documents.services import take_upload
from s2group.documents.store import store
from tests.support import pdf, pictures

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def uploaded(data: bytes) -> str:
    taken = take_upload(stream=io.BytesIO(data), original_name="cv.pdf", accepted=PDF_OR_PICTURE, now=NOW)
    return taken.sha256


def stored(data: bytes) -> str:
    """Uploaded, and drawn by the worker, again where the machine was too busy."""
    sha256 = uploaded(data)
    while draw_wanted():
        if not is_drawn(sha256, 1):
            want(sha256)
    return sha256


def image_of(data: bytes, number: int = 1) -> Image.Image:
    return opened(page_image(stored(data), number))


def opened(drawn: bytes | None) -> Image.Image:
    assert drawn is not None
    return Image.open(io.BytesIO(drawn))


def corners(image: Image.Image) -> str:
    """The colours of the four corners, from the upper left, clockwise: r for red, b for blue."""
    right, below = image.width - 3, image.height - 3
    pixels = [image.convert("RGB").getpixel(place) for place in ((2, 2), (right, 2), (right, below), (2, below))]
    return "".join("r" if isinstance(pixel, tuple) and pixel[0] > pixel[2] else "b" for pixel in pixels)


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
    assert sorted(path.name for path in kept.parent.iterdir()) == ["1.webp", "text", "thumbnail.webp"]
    kept.write_bytes(b"from the cache")
    assert (draw_wanted(), page_image(sha256, 1)) == (0, b"from the cache")


@pytest.mark.parametrize("data", [pictures.make_jpeg(), pictures.make_png()], ids=["JPEG", "PNG"])
def test_a_picture_is_its_one_page(app: Flask, data: bytes) -> None:
    image = image_of(data)
    assert (image.format, image.size, corners(image)) == ("WEBP", (600, 800), "rrbb")


@pytest.mark.parametrize(
    ("orientation", "size", "seen"),
    [
        (1, (600, 800), "rrbb"),
        (2, (600, 800), "rrbb"),
        (3, (600, 800), "bbrr"),
        (4, (600, 800), "bbrr"),
        (5, (800, 600), "rbbr"),
        (6, (800, 600), "brrb"),
        (7, (800, 600), "brrb"),
        (8, (800, 600), "rbbr"),
        (9, (600, 800), "rrbb"),
    ],
)
def test_a_photograph_stands_upright_and_tells_no_place(
    app: Flask, orientation: int, size: tuple[int, int], seen: str
) -> None:
    image = image_of(pictures.turned_jpeg(orientation))
    assert (image.size, corners(image), dict(image.getexif())) == (size, seen, {})


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (pictures.make_jpeg((3000, 4000)), (1500, 2000)),
        (pictures.make_jpeg((4000, 3000), progressive=True), (2000, 1500)),
        (pictures.make_png((4000, 400)), (2000, 200)),
        (pictures.make_png((4000, 400), mode="1"), (2000, 200)),
        (pictures.make_png((40, 4)), (40, 4)),
    ],
    ids=["JPEG", "progressive", "PNG", "black and white", "small one"],
)
def test_a_large_picture_is_drawn_smaller(app: Flask, data: bytes, size: tuple[int, int]) -> None:
    assert image_of(data).size == size


def test_what_is_transparent_shows_white(app: Flask) -> None:
    image = image_of(pictures.png_with_transparency()).convert("L")
    assert (image.getpixel((5, 5)), image.getpixel((50, 50))) == (255, 0)


def test_sixteen_bits_and_the_colours_of_printers_are_shown_as_they_are(app: Flask) -> None:
    assert image_of(pictures.png_of_sixteen_bits()).convert("L").getpixel((50, 50)) == 128
    assert corners(image_of(pictures.cmyk_jpeg())) == "rrrr"


@pytest.mark.parametrize(
    "data",
    [
        pictures.truncated(pictures.make_jpeg()),
        pictures.truncated(pictures.make_png()),
        pictures.jpeg_with_broken_exif(),
        pictures.png_with_text_bomb(),
    ],
    ids=["half a JPEG", "half a PNG", "broken EXIF", "text bomb"],
)
def test_as_much_of_a_picture_is_drawn_as_there_is(app: Flask, data: bytes) -> None:
    image = image_of(data)
    assert (image.size, corners(image)[:2]) == ((600, 800), "rr")


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (pdf.make_pdf(pages=2), (240, 340)),
        (pdf.make_pdf().replace(b"[0 0 595 842]", b"[0 0 99 9000]"), (4, 360)),
        (pictures.make_jpeg((3000, 4000)), (240, 320)),
        (pictures.turned_jpeg(6), (240, 180)),
        (pictures.make_png((400, 4000)), (36, 360)),
        (pictures.make_png((60, 80)), (60, 80)),
    ],
    ids=["PDF", "narrow PDF", "JPEG", "turned", "narrow PNG", "small PNG"],
)
def test_a_thumbnail_shows_the_first_page_small(app: Flask, data: bytes, size: tuple[int, int]) -> None:
    image = opened(thumbnail(stored(data)))
    assert (image.format, image.size) == ("WEBP", size)


def test_a_thumbnail_is_drawn_once(app: Flask) -> None:
    sha256 = stored(pictures.make_jpeg())
    first = thumbnail(sha256)
    kept = app.config["DATA_DIR"] / "cache" / "pages" / sha256 / "thumbnail.webp"
    assert kept.read_bytes() == first
    kept.write_bytes(b"from the cache")
    assert thumbnail(sha256) == b"from the cache"


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (pictures.make_jpeg(), 2),
        (pictures.bomb_png(), 1),
        (pictures.twelve_bit_jpeg(), 1),
        (pdf.make_pdf(), 2),
        (pdf.make_pdf(), 0),
        (pdf.pageless_pdf(), 1),
        (pdf.pdf_with_page_bomb(), 1),
    ],
    ids=[
        "second page of a picture",
        "picture bomb",
        "unknown kind",
        "past the end",
        "before the first",
        "no page",
        "bomb",
    ],
)
def test_what_cannot_be_drawn_is_none(app: Flask, data: bytes, number: int) -> None:
    assert page_image(stored(data), number) is None


def test_a_failure_is_remembered_and_asked_for_in_no_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = stored(pdf.pdf_with_page_bomb())
    assert cannot_be_drawn(sha256, 1)
    monkeypatch.setattr(sandbox_module.Sandbox, "ask", not_again)
    started = time.monotonic()
    assert (thumbnail(sha256), page_image(sha256, 1), document_text(sha256), draw_wanted()) == (None, None, None, 0)
    assert time.monotonic() - started < 0.5


def test_what_the_machine_had_no_time_for_is_tried_three_times(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not drawn by another test: pictures of the same bytes are remembered.
    sha256, other = uploaded(pdf.make_pdf("Tried three times")), uploaded(pdf.make_pdf("Tried once"))
    with monkeypatch.context() as patch:
        patch.setattr(sandbox_module.Sandbox, "ask", lambda *_: sandbox_module.Answer(late=True))
        assert (draw_wanted(), is_drawn(sha256, 1), cannot_be_drawn(sha256, 1)) == (2, False, False)
        for _ in range(2):
            want(sha256, ahead=True)
            assert draw_wanted() == 1
    assert (is_drawn(sha256, 1), cannot_be_drawn(sha256, 1)) == (True, True)
    want(other)
    assert (draw_wanted(), is_drawn(other, 1), cannot_be_drawn(other, 1)) == (1, True, False)


def not_again(*_: object) -> None:
    raise AssertionError("the inspector was asked again")


def test_no_request_draws_and_each_waits_a_second(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = uploaded(pdf.make_pdf())
    with monkeypatch.context() as patch:
        patch.setattr(sandbox_module.Sandbox, "ask", not_again)
        started = time.monotonic()
        assert thumbnail(sha256) is None
        assert 1 <= time.monotonic() - started < 2
    assert draw_wanted() == 1
    assert opened(thumbnail(sha256)).size == (240, 340)


def test_what_is_drawn_while_somebody_waits_is_shown(app: Flask) -> None:
    sha256 = uploaded(pdf.make_pdf())

    def draw() -> None:
        with app.app_context():
            draw_wanted()

    with ThreadPoolExecutor() as pool:
        pool.submit(draw)
        for _ in range(20):
            shown = thumbnail(sha256)
            if shown:
                break
    assert opened(shown).size == (240, 340)


def test_only_so_many_wait(app: Flask) -> None:
    sha256 = uploaded(pdf.make_pdf())

    def ask(_number: int) -> float:
        with app.app_context():
            started = time.monotonic()
            assert thumbnail(sha256) is None
            return time.monotonic() - started

    with ThreadPoolExecutor(8) as pool:
        waited = sorted(pool.map(ask, range(8)))
    assert sum(seconds >= 1 for seconds in waited) == SEATS == 4


def test_pages_whose_cache_was_emptied_are_drawn_again(app: Flask) -> None:
    sha256 = stored(pdf.make_pdf())
    shutil.rmtree(app.config["DATA_DIR"] / "cache")
    assert page_image(sha256, 1) is None
    assert draw_wanted() == 1
    assert page_image(sha256, 1)


def test_of_a_file_that_is_gone_nothing_is_drawn_nor_waited_for(app: Flask) -> None:
    sha256 = uploaded(pdf.make_pdf())
    store.delete(sha256)
    assert draw_wanted() == 1
    started = time.monotonic()
    assert page_image(sha256, 1) is None
    assert time.monotonic() - started < 0.5
    forget_pages(sha256)
    assert not (app.config["DATA_DIR"] / "cache" / "pages" / sha256).exists()


def test_with_a_file_go_its_black_boxes_and_the_words_below_them(app: Flask) -> None:
    sha256 = uploaded(pdf.make_pdf())
    want(sha256, ("Test Applicant",))
    cache = app.config["DATA_DIR"] / "cache"
    assert [path.parent.parent.name for path in cache.rglob("words")] == [sha256]
    forget_pages(sha256)
    assert (list(cache.rglob(f"{sha256}*")), list(cache.rglob("words"))) == ([], [])


def test_a_machine_forgets_what_it_drew_of_files_that_another_one_removed(app: Flask) -> None:
    stays, goes = stored(pdf.make_pdf("stays")), stored(pdf.make_pdf("goes"))
    for sha256 in (stays, goes):
        want(sha256, ("Test Applicant",))
    with transaction() as session:
        session.execute(delete(Document).where(Document.sha256 == goes))
    assert (forget_pages_of_removed(), forget_pages_of_removed()) == (1, 0)
    cache = app.config["DATA_DIR"] / "cache"
    assert (list(cache.rglob(f"{goes}*")), is_drawn(stays, 1)) == ([], True)


def test_what_a_file_says_can_be_read_as_text(app: Flask) -> None:
    kept = stored(pdf.make_pdf("Test Applicant\n测试甲", pages=2))
    assert document_text(kept) == "Test Applicant\r\n测试甲\f" * 2


@pytest.mark.parametrize("data", [pdf.pageless_pdf(), pictures.make_jpeg()], ids=["no page", "picture"])
def test_a_file_that_cannot_be_read_has_no_text(app: Flask, data: bytes) -> None:
    assert document_text(stored(data)) is None
