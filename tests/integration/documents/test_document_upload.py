"""Uploads: what is taken, what is refused and why, and how fast."""

import io
import random
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from s2group.documents.models import Document
from s2group.documents.pages import draw_wanted
from s2group.documents.queries import document_by_token
from s2group.documents.rules import PDF_OR_PICTURE
from s2group.documents.services import UnacceptableDocument, take_upload
from s2group.documents.store import read_bytes
from s2group.extensions import db
from tests.support import pdf, pictures
from tests.support.extent import chosen
from tests.support.fuzz import hostile_pictures
from tests.support.stored import path_of

pytestmark = pytest.mark.inspector

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMIT = 10 * 1024 * 1024
ANSWER_SECONDS = 10


def upload(data: bytes, name: str = "cv.pdf", accepted: frozenset[str] = PDF_OR_PICTURE) -> Document:
    started = time.monotonic()
    try:
        return take_upload(stream=io.BytesIO(data), original_name=name, accepted=accepted, now=NOW)
    finally:
        assert time.monotonic() - started < ANSWER_SECONDS


def stored_files(app: Flask) -> list[Path]:
    return [path for path in Path(app.config["STORAGE_URL"]).rglob("*") if path.is_file()]


def documents() -> int | None:
    return db.session.scalar(select(func.count()).select_from(Document))


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("cv.pdf", pdf.make_pdf())
    return out.getvalue()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """`data` with some bytes changed, and a piece of it lost, doubled or moved."""
    body = bytearray(data)
    for _ in range(chance.randint(1, 40)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    start, end = sorted(chance.randrange(len(body)) for _ in range(2))
    piece = body[start:end]
    return bytes(chance.choice([body, body[:start] + body[end:], body[:end] + piece + body[end:], body + piece]))


def test_a_sound_file_is_stored_and_recorded(app: Flask) -> None:
    data = pdf.make_pdf(pages=2)
    token = upload(data, "C:\\cv\\测试甲_简历.pdf").token
    db.session.remove()
    document = document_by_token(token)
    assert document is not None
    assert (document.sha256, document.size) == (sha256(data).hexdigest(), len(data))
    assert (document.original_name, document.stored_at) == ("测试甲_简历.pdf", NOW)
    assert (document.media_type, document.inspection, document.pages) == ("application/pdf", "checked", 2)
    assert document.findings == []
    assert read_bytes(document.sha256) == data


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (pictures.turned_jpeg(6), "image/jpeg"),
        (pictures.make_png(), "image/png"),
        (pictures.jpeg_with_pdf_inside(), "image/jpeg"),
        (pictures.jpeg_then_html(), "image/jpeg"),
    ],
    ids=["JPEG", "PNG", "JPEG with a PDF in it", "JPEG with HTML after it"],
)
def test_a_picture_is_known_by_its_content_and_stored_as_it_came(app: Flask, data: bytes, media_type: str) -> None:
    token = upload(data, "成绩单.pdf").token
    db.session.remove()
    document = document_by_token(token)
    assert document is not None
    assert (document.media_type, document.inspection, document.pages) == (media_type, "checked", 1)
    assert (document.original_name, document.findings) == ("成绩单.pdf", [])
    assert read_bytes(document.sha256) == data


def test_an_unknown_token_names_no_document(app: Flask) -> None:
    assert document_by_token("unknown") is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (pdf.padded_pdf(LIMIT + 1), "too_big"),
        (b"<!doctype html><title>CV</title>", "wrong_type"),
        (zipped(), "wrong_type"),
        (pictures.svg(), "wrong_type"),
        (pictures.gif(), "wrong_type"),
        (pictures.heic(), "wrong_type"),
        (pdf.encrypted_pdf("a password"), "encrypted"),
        (pdf.truncated_pdf(), "damaged"),
        (b"%PDF-1.7\nand nothing more", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (pictures.without_scan(pictures.make_jpeg()), "damaged"),
        (pictures.png_without_pixels(), "damaged"),
        (pictures.make_jpeg() + bytes(LIMIT), "too_big"),
    ],
    ids=[
        "empty", "a byte too big", "HTML", "ZIP", "SVG", "GIF", "HEIC", "encrypted", "half a file", "only a header",
        "header of a PNG",
        "JPEG before its scan", "PNG without pixels", "picture too big",
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_keeps_nothing(app: Flask, data: bytes, reason: str) -> None:
    with pytest.raises(UnacceptableDocument) as refusal:
        upload(data)
    assert refusal.value.reason == reason
    assert (stored_files(app), documents()) == ([], 0)


@pytest.mark.parametrize(
    "data",
    [
        pictures.make_jpeg(),
        pictures.make_png(),
        pictures.jpeg_with_pdf_inside(),
        pictures.headless(pictures.make_png()),
    ],
    ids=["JPEG", "PNG", "JPEG with a PDF in it", "damaged"],
)
def test_where_only_a_pdf_will_do_a_picture_is_refused(app: Flask, data: bytes) -> None:
    with pytest.raises(UnacceptableDocument) as refusal:
        take_upload(stream=io.BytesIO(data), original_name="cv.pdf", now=NOW)
    assert refusal.value.reason == "wrong_type"
    assert (stored_files(app), documents()) == ([], 0)


@pytest.mark.parametrize(
    ("data", "inspection", "pages"),
    [
        (pdf.padded_pdf(LIMIT), "checked", 1),
        (pdf.encrypted_pdf(""), "checked", 1),
        (pdf.pdf_with_damaged_xref(), "checked", 1),
        (pdf.pdf_with_page_bomb(), "checked", 1),
        (pdf.bomb_pdf(), "not_machine_checked", None),
        (pdf.pageless_pdf(), "not_machine_checked", None),
        (pictures.truncated(pictures.make_jpeg()), "not_machine_checked", 1),
        (pictures.truncated(pictures.make_png()), "not_machine_checked", 1),
        (pictures.bomb_png(), "not_machine_checked", None),
        (pictures.png_with_text_bomb(), "not_machine_checked", 1),
        (pictures.twelve_bit_jpeg(), "not_machine_checked", None),
    ],
    ids=[
        "at the limit", "empty password", "damaged table", "page bomb", "bomb", "no page",
        "half a JPEG", "half a PNG", "picture bomb", "text bomb", "a picture of an uncommon kind",
    ],
)  # fmt: skip
def test_what_a_viewer_might_open_is_taken(app: Flask, data: bytes, inspection: str, pages: int | None) -> None:
    document = upload(data)
    assert (document.inspection, document.pages) == (inspection, pages)
    assert read_bytes(document.sha256) == data


def test_a_disk_that_fails_is_a_refusal_and_logs_no_name(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    Path(app.config["STORAGE_URL"]).write_text("a file where the folder should be")
    with pytest.raises(UnacceptableDocument) as refusal:
        upload(pdf.make_pdf("测试甲"), "测试甲.pdf")
    assert refusal.value.reason == "failed"
    assert "an upload could not be stored" in caplog.text
    assert "测试甲" not in caplog.text
    assert documents() == 0


def test_the_same_bytes_sent_at_once_make_one_file(app: Flask) -> None:
    data = pdf.make_pdf()

    def send(_number: int) -> str:
        with app.app_context():
            return upload(data).token

    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(send, range(8)))
    assert (len(tokens), documents()) == (8, 8)
    assert stored_files(app) == [path_of(sha256(data).hexdigest())]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_damage_raises_anything_but_a_refusal(app: Flask) -> None:
    sound = [pdf.make_pdf("damage", pages=3), pdf.pdf_with_attachment(), pdf.encrypted_pdf("")]
    chance = random.Random("damage")
    taken = 0
    for number in range(100):
        data = damaged(sound[number % 3], chance)
        try:
            assert read_bytes(upload(data).sha256) == data
            taken += 1
        except UnacceptableDocument as refusal:
            assert refusal.reason in {"wrong_type", "encrypted"}
    assert (documents(), taken > 70) == (taken, True)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_damaged_picture_raises_anything_but_a_refusal(app: Flask) -> None:
    outcomes: Counter[str] = Counter()
    for data in hostile_pictures(chosen(short=36, long=120), 20261121):
        try:
            document = upload(data)
            assert read_bytes(document.sha256) == data
            draw_wanted()
            outcomes[document.inspection] += 1
        except UnacceptableDocument as refusal:
            outcomes[refusal.reason] += 1
    assert outcomes == chosen(
        short={"checked": 16, "not_machine_checked": 11, "damaged": 4, "wrong_type": 5},
        long={"checked": 34, "not_machine_checked": 35, "damaged": 20, "wrong_type": 31},
    )
