"""The public site as files, of a small record that has everything; the group's own is exported for the browser."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.news.models import NewsItem
from s2group.content.records.addresses import lead_on
from s2group.content.search.rules import searchable
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from s2group.site.static_site.crawl import NotForEverybodyError, Visitor
from tests.support.applying import load_fictional_content
from tests.support.sample import NOW
from tests.support.showcase import add_showcase

PORTAL, BASE = "https://join.example.edu", "https://pages.example.org/lab"
pytestmark = pytest.mark.usefixtures("on_the_day")


def run(app: Flask, folder: Path, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["content", "export-site", str(folder), *options])
    return result.exit_code, result.output


def exported(app: Flask, folder: Path) -> tuple[dict[str, bytes], str]:
    """Every file of an export by its path, and what the command said."""
    status, told = run(app, folder, "--portal", PORTAL, "--base", f"{BASE}/")
    assert status == 0, told
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return files, told


def add_news(slug: str, title: str, **more: Any) -> None:
    with transaction() as session:
        text = LocalizedText(en=title)
        session.add(NewsItem(slug=slug, day=NOW.date(), title=text, body=text, created_at=NOW, updated_at=NOW, **more))


@pytest.fixture
def record(app: Flask, client: FlaskClient) -> Iterator[Flask]:
    load_fictional_content(app, with_files=True)
    add_showcase(now=NOW)
    add_news("secret", "Nobody-may-read-this")
    add_news("planned", "Nobody-may-read-this", published_at=NOW.replace(year=2027))
    links = "[gone](/members/nobody/) [here](/publications/jia2026first/#cite)"
    add_news("links", links, published_at=NOW - timedelta(minutes=10))
    with transaction() as session:
        item = session.scalars(select(NewsItem).where(NewsItem.slug == "links")).one()
        lead_on(session, "news", "before", item.id)
    yield app


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_site_as_files(record: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    files, told = exported(record, folder)
    assert (
        told
        == f"/news/links/ links to /members/nobody/, which does not exist.\nWrote {len(files)} files into {folder}\n"
    )
    pages = {name: data.decode() for name, data in files.items() if name.endswith((".html", ".atom", ".xml", ".txt"))}

    # Both languages, pictures, papers, feeds and what was chosen by a link.
    language_free = {name for name in files if name.endswith(".html") and not name.startswith("en/")}
    assert {f"en/{name}" for name in language_free} <= files.keys()
    assert {
        "index.html", "members/test-jia/cv/index.html", "publications/by/year-2026/index.html", "publications.bib",
        "news/feed.atom", "en/news/feed/by/category-activity.atom", "news/by/category-activity/index.html",
        "publications/jia2026first/paper.pdf", "sitemap.xml", "robots.txt", "404.html", ".nojekyll", "search.json",
        "favicon.svg", "static/css/portal.css", "static/js/find.js",
    } <= files.keys()  # fmt: skip
    assert files["publications/jia2026first/paper.pdf"].startswith(b"%PDF")
    assert any(name.startswith("pictures/") and data[8:12] == b"WEBP" for name, data in files.items())

    [(recording, sound)] = [(name, data) for name, data in files.items() if name.startswith("sounds/")]
    assert (sound[:4], recording[-4:]) == (b"RIFF", ".wav")
    assert f'src="../../../{recording}"' in pages["en/publications/jia2026first/index.html"]

    # Each page in its own language, its addresses its own.
    home = pages["en/members/index.html"]
    assert '<html lang="en">' in home
    assert ">Members</h1>" in home
    assert f'<link rel="canonical" href="{BASE}/en/members/">' in home
    assert f'hreflang="zh-CN" href="{BASE}/members/"' in home
    assert 'class="lang" href="../../members/"' in home
    assert f'href="{PORTAL}/en/admissions/"' in home
    assert f'href="{PORTAL}/account/login"' in pages["index.html"]
    assert f"<id>{BASE}/news/feed.atom</id>" in pages["news/feed.atom"]
    assert re.findall("<loc>(.*?)</loc>", pages["sitemap.xml"])[0] == f"{BASE}/"
    assert PORTAL not in pages["sitemap.xml"]
    assert 'href="/lab/static/css/portal.css' in pages["404.html"]
    assert f"Sitemap: {BASE}/sitemap.xml" in pages["robots.txt"]

    # What went by another address is found under it; what leads nowhere is told, and left to the portal.
    assert '<meta http-equiv="refresh" content="0; url=../links/">' in pages["en/news/before/index.html"]
    assert 'href="../../../publications/jia2026first/#cite"' in pages["en/news/links/index.html"]
    assert f'href="{PORTAL}/members/nobody/"' in pages["en/news/links/index.html"]
    assert f"{BASE}/publications/jia2026first/#cite" in pages["en/news/feed.atom"]

    # Nothing that a file cannot do, and nothing that is not everybody's.
    everything = b"\n".join(files.values()).decode(errors="replace")
    for never in ("127.0.0.1", "localhost", 'method="post"', "csrf", "Nobody-may-read-this", 'href="/admissions'):
        assert never not in everything

    # The search finds what the portal's own does, whatever signs and order of names are typed.
    index = json.loads(files["search.json"])
    kinds = list(dict.fromkeys(entry[0] for entry in index["entries"]))
    assert kinds == ["call", "member", "line", "publication", "project", "news", "release", "sample", "page", "partner"]
    [paper] = [entry for entry in index["entries"] if entry[1] == "publications/jia2026first/"]
    assert (paper[7][: paper[6]].split("·")[0], index["portal"]) == (searchable(paper[2]), f"{PORTAL}/")
    assert index["simplified"]["測"] == "测"
    assert any({"测 试 甲", "测试甲"} & set(names) for names in index["names"])

    # The very same a second time; a file of a former export that is no page any more goes with it.
    (folder / "members/test-jia/index.html").write_text("damaged")
    assert exported(record, folder) == (files, told)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "site"]
    assert folder.stat().st_mode & 0o777 == 0o755

    # A file of somebody else's is never replaced.
    (folder / "CNAME").write_text("pages.example.org")
    assert run(record, folder, "--portal", PORTAL, "--base", BASE) == (
        1, f"Error: {folder} holds CNAME, which no export wrote: name another folder\n",
    )  # fmt: skip


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "http://127.0.0.1:8000 is reached from this machine alone: give --portal"),
        (("--portal", PORTAL), "http://127.0.0.1:8000 is reached from this machine alone: give --base"),
        (("--portal", "join.example.edu", "--base", BASE), "join.example.edu is no address such as"),
    ],
)
def test_addresses_that_readers_cannot_reach(app: Flask, tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    status, told = run(app, tmp_path / "site", *options)
    assert (status, words in told) == (2, True)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_page_that_knows_its_reader_is_no_page_of_an_export(record: Flask) -> None:
    db.session.remove()
    with pytest.raises(NotForEverybodyError, match="/account/login"):
        Visitor(record, {}).ask("/account/login")
