"""What is a PDF or a picture, and what of a file's name is shown."""

import pytest

from s2group.documents.rules import JPEG, PDF, PNG, display_name, extension, is_pdf, media_type


@pytest.mark.parametrize(
    "head",
    [b"%PDF-1.7\n", b"\xef\xbb\xbf%PDF-1.4", b"\r\n\r\n%PDF-1.4", b"junk" * 254 + b"jjj%PDF-"],
    ids=["plain", "byte order mark", "empty lines", "last place a viewer looks"],
)
def test_a_header_within_the_first_1024_bytes_makes_a_pdf(head: bytes) -> None:
    assert is_pdf(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"%PDF",
        b"<!doctype html><p>%PDF-1.4",
        b"\xef\xbb\xbf \n<html>%PDF-1.4",
        b"PK\x03\x04\x0a\x00\x00\x00 cv.pdf%PDF-1.4",
        b"j" * 1020 + b"%PDF-1.4",
    ],
    ids=["empty", "half a header", "HTML", "HTML after a mark", "a ZIP that stores a PDF", "one byte too late"],
)
def test_anything_else_is_none(head: bytes) -> None:
    assert not is_pdf(head)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", JPEG),
        (b"\xff\xd8\xff\xfe\x00\x10%PDF-1.4", JPEG),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", PNG),
        (b"%PDF-1.7\n", PDF),
        (b"%PDF-1.7\n\xff\xd8\xff", PDF),
        (b"", None),
        (b"\xff\xd8", None),
        (b"\n\xff\xd8\xff", None),
        (b"\x89PNG\n\x1a\n", None),
        (b"GIF89a", None),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", None),
        (b"II*\x00", None),
        (b"\x00\x00\x00\x24ftypheic", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
    ],
    ids=[
        "JPEG", "JPEG that mentions a PDF", "PNG", "PDF", "PDF that holds a JPEG", "empty", "two bytes",
        "a byte before", "PNG sent as text", "GIF", "WebP", "TIFF", "HEIC", "SVG",
    ],
)  # fmt: skip
def test_the_first_bytes_tell_what_a_file_is(head: bytes, found: str | None) -> None:
    assert media_type(head) == found


def test_each_kind_has_its_extension() -> None:
    assert [extension(each) for each in (PDF, JPEG, PNG)] == ["pdf", "jpg", "png"]


@pytest.mark.parametrize(
    ("original", "shown"),
    [
        ("张三_简历.pdf", "张三_简历.pdf"),
        ("C:\\Users\\me\\cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("c\r\nv\x00\u200b\u2028.pdf", "cv.pdf"),
        ("cv\udcff.pdf", "cv.pdf"),
        ("re\u0301sume\u0301.pdf", "résumé.pdf"),
        ("  cv.pdf ", "cv.pdf"),
        ("", "document.pdf"),
        ("folder/", "document.pdf"),
        ("..", "document.pdf"),
    ],
)
def test_the_shown_name_has_no_folders_and_deceives_nobody(original: str, shown: str) -> None:
    assert display_name(original) == shown


def test_a_picture_without_a_name_is_called_one() -> None:
    assert display_name("", JPEG) == "document.jpg"


def test_a_long_name_keeps_its_extension() -> None:
    assert display_name("名" * 10_000 + ".pdf") == "名" * 251 + ".pdf"


def test_a_long_extension_is_no_extension() -> None:
    assert display_name("a." + "b" * 10_000) == "a." + "b" * 253
