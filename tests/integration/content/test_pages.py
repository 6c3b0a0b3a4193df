"""Partners, and pages of the group's own."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.group.models import SitePage
from s2group.content.loading import load_content
from s2group.content.records.errors import ContentError
from s2group.extensions import db
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, SAMPLE, load_sample

PAGE = 'title = { zh = "页" }\nbody = { zh = "正文" }\n'
PARTNER = """
[[partners]]
name = { zh = "第二大学" }
url = "https://example.org/second"
note = { en = "Joint made-up research." }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def test_a_page_speaks_both_languages(app: Flask, client: FlaskClient) -> None:
    load_sample()
    zh, en = client.get("/pages/how-to-visit/").text, client.get("/en/pages/how-to-visit/").text
    assert (headings(zh, "h1"), headings(zh, "h2")) == (["来访指南"], ["路线"])
    assert "<strong>到了先打电话。</strong>" in zh
    assert (headings(en, "h1"), headings(en, "h2")) == (["How to visit"], ["The way"])
    assert '<meta name="description" content="The way' in en


def test_a_missing_language_is_stood_in_for_and_marked(app: Flask, client: FlaskClient, folder: Path) -> None:
    (folder / "pages" / "only-chinese.toml").write_text(PAGE)
    load_content(folder, now=NOW)
    page = client.get("/en/pages/only-chinese/").text
    assert '<h1 lang="zh-CN">页</h1>' in page
    assert '<div class="text" lang="zh-CN"><p>正文</p></div>' in page


def test_hostile_markdown_is_disarmed(app: Flask, client: FlaskClient, folder: Path) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))"
    (folder / "pages" / "bad.toml").write_text(f"title = {{ zh = '<b>页</b>' }}\nbody = {{ zh = '{bad}' }}\n")
    load_content(folder, now=NOW)
    main = client.get("/pages/bad/").text.split("<main")[1]
    assert not [word for word in ("<script>alert", "onerror", "javascript:", "<b>") if word in main]


def test_an_unknown_page_is_not_found(client: FlaskClient) -> None:
    assert client.get("/pages/nothing/").status_code == 404


def test_pages_follow_the_files(app: Flask, folder: Path) -> None:
    (folder / "pages" / "a-first-one.toml").write_text(PAGE)
    assert load_content(folder, now=NOW).pages == 2
    (folder / "pages" / "how-to-visit.toml").unlink()
    assert load_content(folder, now=NOW).pages == 1
    assert db.session.scalars(select(SitePage.slug)).all() == ["a-first-one"]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("来访", PAGE, "pages/来访.toml: no address can be made from the name of the file"),
        ("visit", PAGE + 'colour = "red"', "pages/visit.toml: unknown field colour"),
        ("visit", 'title = { zh = "页" }', "pages/visit.toml: body is missing"),
    ],
)
def test_a_mistake_is_said_with_its_file(app: Flask, folder: Path, name: str, text: str, complaint: str) -> None:
    (folder / "pages" / f"{name}.toml").write_text(text)
    with pytest.raises(ContentError) as raised:
        load_content(folder, now=NOW)
    assert str(raised.value).startswith(complaint)


def test_partners_stand_with_what_came_of_it(app: Flask, client: FlaskClient, folder: Path) -> None:
    file = folder / "group.toml"
    file.write_text(file.read_text() + PARTNER)
    load_content(folder, now=NOW)
    page = client.get("/en/partners/").text
    assert headings(page, "h1") == ["Partners"]
    assert headings(page, "h2") == ["Exchanges"]
    assert "Friendly University" in page and "Test Yi visited Friendly University." in page
    link = '<a class="standalone" href="https://example.org/second" rel="noopener noreferrer nofollow">'
    assert f'{link}<span lang="zh-CN">第二大学</span></a>' in page
    assert "Joint made-up research." in page


def test_without_partners_the_page_says_what_belongs_here(client: FlaskClient) -> None:
    page = client.get("/en/partners/").text
    assert "None has been entered yet." in page
    assert 'href="/en/">To the home page' in page


@pytest.mark.parametrize("path", ["/partners/", "/pages/how-to-visit/"])
def test_more_partners_and_pages_ask_no_more(app: Flask, client: FlaskClient, folder: Path, path: str) -> None:
    asked = []
    for count in (1, 3):
        for number in range(1, count):
            (folder / "pages" / f"page-{number}.toml").write_text(PAGE)
        file = folder / "group.toml"
        file.write_text(file.read_text() + PARTNER * (count - 1))
        load_content(folder, now=NOW)
        with recorded_statements() as statements:
            assert client.get(path).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12
