"""Pictures that editors send: kept without what the camera noted, refused in words, and left alone by files."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from s2group.content.exporting import export_content
from s2group.content.loading import load_content
from s2group.content.news.queries import news_item
from s2group.content.people.models import Member
from s2group.content.pictures.models import Picture
from s2group.content.stored_files.queries import stored_hashes
from s2group.custody.reconciliation import check
from s2group.documents.store import read_bytes
from s2group.extensions import db
from tests.support import pictures
from tests.support.forms import as_shown
from tests.support.staff import MORNING

YI, NEWS = "/editor/member/test-yi/", "/editor/news/new/"


def send(client: FlaskClient, path: str, page: str = "", **typed: Any) -> TestResponse:
    """Send the form as it stands on its page, but for what is typed; bytes are files."""
    files = {name: (BytesIO(data), "IMG_0001.JPG") for name, data in typed.items() if isinstance(data, bytes)}
    response = client.post(path, data={**as_shown(page or client.get(path).text), **typed, **files})
    response.request.environ["wsgi.input"].close()
    return response


def photo() -> Picture:
    db.session.rollback()
    found = db.session.scalars(select(Member).where(Member.slug == "test-yi")).one().picture
    assert found
    return found


def count_of(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_photo_is_sent_shown_kept_by_loads_and_written_by_exports(
    app: Flask, editor: FlaskClient, folder: Path, tmp_path: Path
) -> None:
    before = stored_hashes()
    assert send(editor, YI, photo_upload=pictures.turned_jpeg(6)).status_code == 303
    shown = photo()
    # It lay on its side: upright it is as wide as it was high.
    assert (shown.path, shown.width, shown.height) == (f"uploads/{shown.digest[:16]}.webp", 800, 600)
    with Image.open(BytesIO(read_bytes(shown.digest))) as kept:
        assert (kept.format, kept.size, dict(kept.getexif()), "exif" in kept.info) == ("WEBP", (800, 600), {}, False)
    visitor = app.test_client()
    assert f"/pictures/{shown.digest}-" in visitor.get("/members/test-yi/").text
    assert visitor.get(f"/pictures/{shown.digest}-320.webp").status_code == 200
    assert f"/pictures/{shown.digest}-160.webp" in editor.get(YI).text

    files = f"pictures/{shown.path}"
    for take_files in (False, True):
        load_content(folder, now=MORNING, take_files=take_files)
        assert stored_hashes() == {**before, files: shown.digest}
    assert send(editor, YI, photo_upload=pictures.turned_jpeg(6)).status_code == 303
    assert (photo().digest, count_of(Picture)) == (
        shown.digest,
        len([p for p in before if p.startswith("pictures")]) + 1,
    )
    assert check(now=MORNING) == []

    assert export_content(tmp_path / "export") == []
    assert (tmp_path / "export" / files).read_bytes() == read_bytes(shown.digest)
    report = load_content(tmp_path / "export", now=MORNING)
    assert ([change for change in report.changes if change.what != "left"], photo().digest) == ([], shown.digest)
    assert send(editor, YI, photo="").status_code == 303
    assert f"/pictures/{shown.digest}-" not in visitor.get("/members/test-yi/").text


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (pictures.bomb_png, "这不是能显示的图片：选择 JPEG、PNG 或 WebP"),
        (pictures.large_png, "这张图片的像素太多：存小一些，最多 5000 万像素"),
        (pictures.svg, "这不是能显示的图片：选择 JPEG、PNG 或 WebP"),
        (pictures.gif, "这不是能显示的图片：选择 JPEG、PNG 或 WebP"),
        (pictures.heic, "这不是能显示的图片：选择 JPEG、PNG 或 WebP"),
        (lambda: pictures.truncated(pictures.make_png()), "这不是能显示的图片：选择 JPEG、PNG 或 WebP"),
        (lambda: pictures.make_jpeg() + bytes(30_000_000), "这张图片太大：选择 30 MB 以下的"),
    ],
)
def test_what_is_no_picture_for_a_page_is_refused_and_nothing_typed_is_lost(
    editor: FlaskClient, make: Callable[[], bytes], words: str
) -> None:
    before, known = photo().digest, count_of(Picture)
    response = send(editor, YI, photo_upload=make(), name_en="Typed Name")
    assert (response.status_code, as_shown(response.text)["name_en"]) == (422, ["Typed Name"])
    assert f'<a href="#photo_upload">{words}</a>' in response.text
    assert (photo().digest, count_of(Picture)) == (before, known)


def test_a_form_that_comes_back_still_has_its_picture(editor: FlaskClient) -> None:
    response = send(editor, YI, photo_upload=pictures.make_jpeg(), cohort="soon")
    (path,) = as_shown(response.text)["photo"]
    assert (response.status_code, path.startswith("uploads/")) == (422, True)
    assert send(editor, YI, response.text, cohort="2023").status_code == 303
    assert photo().path == path


def test_news_with_two_pictures_members_and_a_paper(app: Flask, editor: FlaskClient) -> None:
    typed: dict[str, Any] = {
        "day": "2026-09-02",
        "slug": "outing",
        "title_zh": "秋游",
        "title_en": "An outing",
        "pictures-0-file_upload": pictures.make_jpeg((400, 300)),
        "pictures-0-alt_zh": "山顶",
        "pictures-0-alt_en": "The top",
        "pictures-1-file_upload": pictures.make_png((300, 400)),
        "members": ["test-yi"],
        "papers": "jia2026first",
    }
    response = send(editor, NEWS, action="preview", **typed)
    assert (response.status_code, news_item("outing")) == (422, None)
    assert '<a href="#pictures-1-alt_zh">用中文或英文填写</a>' in response.text
    more = {"pictures-1-alt_en": "Below <b>it</b>", "papers": "nothing", "action": "publish"}
    response = send(editor, NEWS, response.text, **more)
    assert '<a href="#papers">没有题为 nothing 的论文</a>' in response.text
    looked = send(editor, NEWS, response.text, papers="jia2026first", action="preview")
    assert (looked.status_code, looked.text.count("/pictures/") >= 2, news_item("outing")) == (200, True, None)
    assert send(editor, NEWS, response.text, papers="jia2026first", action="publish").status_code == 302

    page = app.test_client().get("/en/news/outing/").text
    assert page.count("/pictures/") >= 2
    assert 'alt="The top"' in page
    assert 'alt="Below &lt;b&gt;it&lt;/b&gt;"' in page
    item = news_item("outing")
    assert item
    assert ([member.slug for member in item.members], [paper.key for paper in item.publications]) == (
        ["test-yi"],
        ["jia2026first"],
    )
    assert [shown.picture.width for shown in item.pictures] == [400, 300]
    send(
        editor,
        "/editor/news/outing/",
        action="save",
        **{"pictures-0-file": "", "pictures-0-alt_zh": "", "pictures-0-alt_en": ""},
    )
    db.session.rollback()
    again = news_item("outing")
    assert again
    assert [shown.alt.en for shown in again.pictures] == ["Below <b>it</b>"]


def test_the_picture_of_a_paper_says_what_it_shows(app: Flask, editor: FlaskClient) -> None:
    paper = "/en/editor/publication/full2024fifth/"
    visitor = app.test_client()
    assert 'alt="A curve that rises by 10% &amp; falls"' in visitor.get("/en/publications/full2024fifth/").text
    silent = send(editor, paper, teaser_alt="")
    words = "Say what the picture shows, for whoever does not see it"
    assert (silent.status_code, f'<a href="#teaser_alt">{words}</a>' in silent.text) == (422, True)
    assert send(editor, paper, teaser_alt="A curve").status_code == 303
    assert 'alt="A curve"' in visitor.get("/en/publications/full2024fifth/").text
    assert send(editor, paper, teaser="", teaser_alt="").status_code == 303
