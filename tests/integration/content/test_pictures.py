"""Pictures of the content folder: looked at when they are loaded, shown as WebP in a few widths."""

import errno
import io
import os
import shutil
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.pictures.files import read_pictures
from s2group.content.pictures.models import Picture
from s2group.content.pictures.services import draw_missing
from s2group.content.records.errors import ContentError
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.documents import images
from s2group.documents.sandbox import Sandbox
from s2group.extensions import db
from tests.support import pictures
from tests.support.sample import NOW, SAMPLE
from tests.support.stored import path_of


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A content folder of the test's own, without pictures."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "content"))
    shutil.rmtree(folder / "pictures")
    (folder / "pictures").mkdir()
    app.config["CONTENT_DIR"] = folder
    return folder


def load_picture(folder: Path, data: bytes, path: str = "one.jpg") -> str:
    """Load a folder with that picture; its address without the width."""
    file = folder / "pictures" / path
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    load_content(folder, now=NOW)
    return f"/pictures/{read_pictures(folder)[path]['digest']}"


def shown(client: FlaskClient, address: str) -> Image.Image:
    response = client.get(address)
    assert (response.status_code, response.content_type) == (200, "image/webp")
    return Image.open(io.BytesIO(response.data))


def test_a_picture_comes_in_four_widths_and_is_never_enlarged(folder: Path, client: FlaskClient) -> None:
    address = load_picture(folder, pictures.make_jpeg((600, 800)))
    sizes = [shown(client, f"{address}-{width}.webp").size for width in (160, 320, 640, 1280)]
    assert sizes == [(160, 213), (320, 427), (600, 800), (600, 800)]


@pytest.mark.parametrize("width", ["0", "161", "639", "1281", "99999", "x", "-160"])
def test_no_other_width_is_made(folder: Path, client: FlaskClient, width: str) -> None:
    address = load_picture(folder, pictures.make_jpeg())
    assert client.get(f"{address}-{width}.webp").status_code == 404


def test_an_unknown_picture_is_not_found(folder: Path, client: FlaskClient) -> None:
    assert client.get(f"/pictures/{'0' * 64}-160.webp").status_code == 404
    assert client.get("/pictures/..%2Fgroup.toml-160.webp").status_code == 404


def test_a_browser_asks_once(folder: Path, client: FlaskClient) -> None:
    address = load_picture(folder, pictures.make_jpeg())
    assert client.get(f"{address}-160.webp").headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_and_tells_nothing_of_the_camera(
    folder: Path, client: FlaskClient, orientation: int
) -> None:
    address = load_picture(folder, pictures.turned_jpeg(orientation))
    stored = db.session.scalars(select(Picture)).one()
    assert (stored.width, stored.height) == ((800, 600) if orientation > 4 else (600, 800))
    small = shown(client, f"{address}-160.webp")
    assert small.size == ((160, 120) if orientation > 4 else (160, 213))
    assert not small.getexif()
    left_top, right_bottom = small.convert("RGB").getpixel((5, 5)), small.convert("RGB").getpixel((150, 110))
    # Red above, blue below: the file itself lies turned.
    reddish = {1: True, 2: True, 3: False, 4: False, 5: True, 6: False, 7: False, 8: True}[orientation]
    assert isinstance(left_top, tuple)
    assert isinstance(right_bottom, tuple)
    assert (left_top[0] > left_top[2]) is reddish


@pytest.mark.parametrize(
    "data",
    [
        pictures.png_with_transparency(),
        pictures.png_of_sixteen_bits(),
        pictures.cmyk_jpeg(),
        pictures.make_png(mode="P"),
        pictures.make_png(mode="LA"),
        pictures.jpeg_with_broken_exif(),
    ],
    ids=["transparent", "sixteen bits", "cmyk", "palette", "grey with alpha", "broken exif"],
)
def test_unusual_pictures_are_shown(folder: Path, client: FlaskClient, data: bytes) -> None:
    assert shown(client, load_picture(folder, data, "one.png") + "-160.webp").width in (100, 160)


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("a.jpg", pictures.truncated(pictures.make_jpeg()), "pictures/a.jpg: the picture cannot be read. Save it agai"),
        ("a.jpg", pictures.headless(pictures.make_jpeg()), "pictures/a.jpg: the picture cannot be read. "),
        ("a.png", pictures.png_without_pixels(), "pictures/a.png: the picture cannot be read. "),
        ("a.jpg", b"", "pictures/a.jpg: the picture cannot be read. "),
        ("a.png", pictures.svg(), "pictures/a.png: the picture cannot be read. "),
        ("a.png", pictures.gif(), "pictures/a.png: the picture cannot be read. "),
        ("a.jpg", pictures.heic(), "pictures/a.jpg: the picture cannot be read. "),
        ("a.png", pictures.bomb_png(), "pictures/a.png: "),
        ("a.png", pictures.large_png(), "pictures/a.png: it has 12000 × 12000 pixels. Make it smaller than 50000000"),
        ("a.png", pictures.png_with_text_bomb(), "pictures/a.png: the picture cannot be read. "),
        ("people/a.gif", pictures.gif(), "pictures/people/a.gif: not a kind of picture that is shown. Save it as .jpg"),
        (f"{'a' * 200}.png", pictures.make_png(), f"pictures/{'a' * 200}.png: the name is too long. "),
    ],
)
def test_a_picture_that_cannot_be_shown_stops_the_load_and_is_named(
    folder: Path, path: str, data: bytes, words: str
) -> None:
    with pytest.raises(ContentError) as caught:
        load_picture(folder, data, path)
    assert str(caught.value).startswith(words)
    assert db.session.scalars(select(Picture)).all() == []


def test_the_cache_is_made_again_from_the_store(app: Flask, folder: Path, client: FlaskClient) -> None:
    address = load_picture(folder, pictures.make_jpeg()) + "-160.webp"
    first = client.get(address).data
    cache = app.config["DATA_DIR"] / "cache" / "pictures"
    assert [path.name for path in cache.iterdir()] == [address.rpartition("/")[2]]
    shutil.rmtree(cache)
    assert client.get(address).data == first


def test_what_was_loaded_is_shown_whatever_becomes_of_the_folder(folder: Path, client: FlaskClient) -> None:
    address = load_picture(folder, pictures.make_jpeg((600, 800)))
    (folder / "pictures" / "one.jpg").write_bytes(pictures.bomb_png())
    assert shown(client, f"{address}-160.webp").size == (160, 213)
    (folder / "pictures" / "one.jpg").unlink()
    assert shown(client, f"{address}-320.webp").size == (320, 427)


def test_a_picture_that_the_store_has_lost_is_not_found(folder: Path, client: FlaskClient) -> None:
    address = load_picture(folder, pictures.make_jpeg())
    assert client.get(f"{address}-160.webp").status_code == 200
    path_of(address.removeprefix("/pictures/")).unlink()
    assert client.get(f"{address}-160.webp").status_code == 200
    assert client.get(f"{address}-320.webp").status_code == 404


def test_the_web_process_decodes_no_picture(folder: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        pytest.fail("decoded outside the child process")

    monkeypatch.setattr(Image, "open", refused)
    address = load_picture(folder, pictures.make_jpeg())
    assert client.get(f"{address}-160.webp").status_code == 200
    assert draw_missing() == 2


def test_what_cannot_be_drawn_is_tried_once(folder: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = load_picture(folder, pictures.make_jpeg())
    tries: list[int] = []

    def in_vain(_path: Path, width: int, *, somebody_waits: bool) -> None:
        tries.append(width)

    monkeypatch.setattr(images, "in_width", in_vain)
    assert [client.get(f"{address}-160.webp").status_code for _ in range(2)] == [404, 404]
    assert tries == [160]


def test_a_machine_that_is_too_busy_says_so_and_forgets_it(
    folder: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = load_picture(folder, pictures.make_jpeg())
    with monkeypatch.context() as patch:
        # Without a turn: where the machine is slow, the answer may come before the time is looked at.
        patch.setattr(images, "brief", Sandbox(seconds=0, most_bytes=1, turns=BoundedSemaphore(0)))
        response = client.get(f"{address}-160.webp")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert response.headers["Cache-Control"] == "no-store"
    assert client.get(f"{address}-160.webp").status_code == 200


def test_the_worker_draws_ahead_what_pages_show(app: Flask, folder: Path) -> None:
    address = load_picture(folder, pictures.make_jpeg((600, 800)))
    assert (draw_missing(), draw_missing()) == (3, 0)
    kept = sorted(path.name for path in (app.config["DATA_DIR"] / "cache" / "pictures").iterdir())
    assert kept == [f"{address.removeprefix('/pictures/')}-{width}.webp" for width in (160, 320, 640)]


def test_a_removed_picture_is_shown_no_more_and_its_copies_go(app: Flask, folder: Path, client: FlaskClient) -> None:
    address = load_picture(folder, pictures.make_jpeg()) + "-160.webp"
    assert client.get(address).status_code == 200
    (folder / "pictures" / "one.jpg").unlink()
    load_content(folder, now=NOW)
    assert client.get(address).status_code == 404
    assert list((app.config["DATA_DIR"] / "cache" / "pictures").iterdir()) == []


def test_a_cache_that_cannot_be_emptied_does_not_stop_the_load(
    folder: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    address = load_picture(folder, pictures.make_jpeg()) + "-160.webp"
    assert client.get(address).status_code == 200
    (folder / "pictures" / "one.jpg").unlink()

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system", path.name)

    monkeypatch.setattr(Path, "unlink", refused)
    assert load_content(folder, now=NOW).members == 4
    [record] = [record for record in caplog.records if "old copies of pictures" in record.message]
    assert (record.levelname, "Read-only file system" in record.message) == ("WARNING", True)


def test_two_pictures_may_exchange_their_names_and_one_may_lie_twice(folder: Path) -> None:
    load_picture(folder, pictures.make_jpeg((10, 20)), "a.jpg")
    load_picture(folder, pictures.make_jpeg((30, 40)), "b.jpg")
    a, b = folder / "pictures" / "a.jpg", folder / "pictures" / "b.jpg"
    first, second = a.read_bytes(), b.read_bytes()
    load_picture(folder, first, "c.jpg")
    a.write_bytes(second)
    b.write_bytes(first)
    load_content(folder, now=NOW)
    found = {picture.path: picture.width for picture in db.session.scalars(select(Picture))}
    assert found == {"a.jpg": 30, "b.jpg": 10}


def test_a_gallery_shows_the_picture_that_took_anothers_place(folder: Path) -> None:
    load_picture(folder, pictures.make_jpeg((10, 20)))
    words = LocalizedText("词", "Words")
    with transaction() as session:
        shown = NewsPicture(position=0, picture=session.scalars(select(Picture)).one(), alt=words)
        item = NewsItem(slug="a-day-out", day=date(2026, 1, 1), title=words, body=words, created_at=NOW, updated_at=NOW)
        item.pictures = [shown]
        session.add(item)
    load_picture(folder, pictures.make_jpeg((30, 40)))
    db.session.expire_all()
    assert db.session.scalars(select(NewsPicture)).one().picture.width == 30


@pytest.mark.parametrize("target", ["nowhere.jpg", "/dev/zero", "pipe"])
def test_a_link_to_no_file_is_told_and_not_read(folder: Path, target: str) -> None:
    os.mkfifo(folder / "pictures" / "pipe") if target == "pipe" else None
    (folder / "pictures" / "one.jpg").symlink_to(target)
    with pytest.raises(ContentError, match=r"^pictures/one\.jpg: this is no file that can be read\. Put the picture"):
        read_pictures(folder)


def test_a_file_that_is_too_large_is_not_read(folder: Path) -> None:
    with (folder / "pictures" / "one.jpg").open("wb") as file:
        file.truncate(10 * 1024**3)  # with nothing in it; to read it would take all memory
    with pytest.raises(ContentError, match=r"^pictures/one\.jpg: the file has 10737418240 bytes\. Make it smaller"):
        read_pictures(folder)
