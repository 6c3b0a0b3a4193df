"""Kinds of news, what is pinned, what is planned, and all that an item shows."""

import json
import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.content.news.queries import news_of
from s2group.content.people.models import Member
from s2group.content.people.queries import member_by_slug
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.site.kept_pages import next_change
from tests.support import pictures
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, ORGANIZATION, SAMPLE

pytestmark = pytest.mark.usefixtures("on_the_day")

YI = select(Member).where(Member.slug == "test-yi")
ATOM = "{http://www.w3.org/2005/Atom}"
GALLERY = """
[[items]]
slug = "outing"
day = 2026-02-20
category = "activity"
title = { zh = "测试出游", en = "A test outing" }
body = { zh = "正文", en = "Text" }
members = ["test-yi", "test-jia", "test-bing"]
papers = ["jia2026first", "ding2023third", "yi2023fourth"]
"""


@pytest.fixture
def site(site: FlaskClient) -> FlaskClient:
    """A visitor of a group whose news are those of the test."""
    with transaction() as session:
        session.execute(delete(NewsItem))
    return site


def add(slug: str, *, day: int = 1, at: datetime | None = NOW, **values: object) -> None:
    with transaction() as session:
        session.add(
            NewsItem(
                slug=slug, day=date(2026, 2, day), title=LocalizedText(f"标题 {slug}", f"Title {slug}"),
                body=LocalizedText("正文", "Text"), published_at=at, created_at=NOW, updated_at=NOW, **values,
            )
        )  # fmt: skip


def listed(page: str) -> list[str]:
    """The items in the main part of a page, in their order."""
    return re.findall(r'href="(?:/en)?/news/([a-z0-9-]+)/"', page.split("<main")[1])


def test_links_count_each_kind_and_lead_to_it_alone(site: FlaskClient) -> None:
    add("first", day=1, category="paper")
    add("second", day=2, category="award")
    add("third", day=3, category="paper")
    page = site.get("/en/news/").text
    links = r'href="/en/news/(?:\?category=(\w+))?" (aria-current="true")?><span>(\w+) <span class="count">(\d+)</span>'
    assert re.findall(links, page) == [
        ("", 'aria-current="true"', "All", "3"), ("paper", "", "Papers", "2"), ("award", "", "Awards", "1"),
    ]  # fmt: skip
    assert listed(page) == ["third", "second", "first"]
    papers = site.get("/en/news/?category=paper").text
    assert listed(papers) == ["third", "first"]
    assert re.findall(links, papers)[1] == ("paper", 'aria-current="true"', "Papers", "2")
    assert "<title>News · Papers · Sample</title>" in papers


def test_years_count_and_lead_on_within_the_kind(site: FlaskClient) -> None:
    add("first", day=1, category="paper")
    add("second", day=2, category="award")
    add_of(2024, "old-paper", category="paper")
    years = (
        r'href="/en/news/(\?[^"]*)?" (aria-current="true")?><span>(All years|\d{4}) <span class="count">(\d+)</span>'
    )
    assert re.findall(years, site.get("/en/news/").text) == [
        ("", 'aria-current="true"', "All years", "3"), ("?year=2026", "", "2026", "2"), ("?year=2024", "", "2024", "1"),
    ]  # fmt: skip
    papers = site.get("/en/news/?category=paper&year=2024").text
    assert listed(papers) == ["old-paper"]
    assert re.findall(years, papers) == [
        ("?category=paper", "", "All years", "2"), ("?year=2026&amp;category=paper", "", "2026", "1"),
        ("?year=2024&amp;category=paper", 'aria-current="true"', "2024", "1"),
    ]  # fmt: skip
    assert "<title>News · Papers · 2024 · Sample</title>" in papers
    assert "Nothing of this kind" in site.get("/en/news/?year=2025").text
    for wrong in ("", "26", "0000", "20260", "x"):
        assert site.get(f"/news/?year={wrong}").status_code == 404


def add_of(year: int, slug: str, **values: Any) -> None:
    add(slug, **values)
    with transaction() as session:
        item = session.scalars(select(NewsItem).where(NewsItem.slug == slug)).one()
        item.day, item.month_only = date(year, 2, 1), True


def test_a_month_is_shown_as_a_month_everywhere(site: FlaskClient) -> None:
    add_of(2024, "some-time", category="dataset")
    with transaction() as session:
        session.scalars(select(NewsItem)).one().members = [session.scalars(YI).one()]
    for path in ("/news/", "/news/some-time/", "/", "/members/test-yi/"):
        assert '<time datetime="2024-02">2024 年 2 月</time>' in site.get(path).text, path
        assert '<time datetime="2024-02">February 2024</time>' in site.get(f"/en{path}").text, path
    assert '"datePublished":"2024-02"' in site.get("/news/some-time/").text
    assert "Open data" in site.get("/en/news/").text


def test_a_kind_without_news_says_so_and_leads_to_all(site: FlaskClient) -> None:
    add("first", category="paper")
    page = site.get("/en/news/?category=award")
    assert page.status_code == 200
    assert "Nothing of this kind has been published yet." in page.text
    assert '<a class="standalone" href="/en/news/">All news</a>' in page.text


@pytest.mark.parametrize("path", ["/news/", "/news/feed.atom"])
@pytest.mark.parametrize("category", ["", "party", "PAPER"])
def test_a_kind_that_nobody_knows_is_not_found(site: FlaskClient, path: str, category: str) -> None:
    assert site.get(f"{path}?category={category}").status_code == 404


def test_what_is_pinned_heads_the_first_page_and_only_that(site: FlaskClient) -> None:
    for number in range(1, 25):
        add(f"item-{number:02}", day=number, category="paper")
    add("old-but-gold", day=1, pinned=True, category="paper")
    for query in ("", "category=paper"):
        first = site.get(f"/en/news/?{query}").text
        assert listed(first) == ["old-but-gold", *(f"item-{n:02}" for n in range(24, 4, -1))]
        assert first.count('<span class="tag wait">Pinned</span>') == 1
        [older] = re.findall(r'href="([^"]+)">Older news', first)
        second = site.get(older.replace("&amp;", "&")).text
        assert listed(second) == [f"item-{n:02}" for n in range(4, 0, -1)]
        assert 'href="/en/news/?category=paper">Newest news' in second or not query
    assert listed(site.get("/en/").text) == ["old-but-gold", *(f"item-{n}" for n in range(24, 19, -1))]


def test_what_is_planned_is_nowhere_before_its_time_and_everywhere_after(app: Flask, site: FlaskClient) -> None:
    at = NOW + timedelta(hours=2)
    add("planned", day=28, at=at, pinned=True)
    with transaction() as session:
        planned, someone = session.scalars(select(NewsItem)).one(), session.scalars(YI).one()
        planned.members = [someone]
    lists = ("/", "/en/", "/news/", "/en/news/?category=notice", "/news/feed.atom", "/sitemap.xml")
    assert [path for path in lists if "planned" in site.get(path).text] == []
    assert site.get("/news/planned/").status_code == 404
    assert mentions("test-yi") == []
    assert 'class="count"' not in site.get("/en/news/").text
    with time_machine.travel(at, tick=False):
        assert [path for path in lists if "planned" not in site.get(path).text] == ["/news/feed.atom"]
    fed = at + timedelta(minutes=10)
    assert next_change(at) == fed
    with time_machine.travel(fed - timedelta(microseconds=1), tick=False):
        assert "planned" not in site.get("/news/feed.atom").text
    with time_machine.travel(fed, tick=False):
        assert [path for path in lists if "planned" not in site.get(path).text] == []
        assert site.get("/news/planned/").status_code == 200
        assert mentions("test-yi", at) == ["planned"]
        entry = ElementTree.fromstring(site.get("/news/feed.atom").data)
        assert {found.text for found in entry.iter(f"{ATOM}updated")} == {"2026-03-01T10:00:00+00:00"}


def mentions(slug: str, now: datetime = NOW) -> list[str]:
    member = member_by_slug(slug)
    assert member
    return [item.slug for item in news_of(member, 5, now=now)]


def test_each_kind_has_a_feed_of_its_own(site: FlaskClient) -> None:
    before = NOW - timedelta(minutes=10)
    add("first", day=1, category="paper", at=before)
    add("second", day=2, category="award", pinned=True, at=before)
    add("third", day=3, category="paper", at=before)
    address = "http://127.0.0.1:8000/en/news/feed.atom?category=paper"
    root = ElementTree.fromstring(site.get("/en/news/feed.atom?category=paper").data)
    assert root.findtext(f"{ATOM}id") == address
    assert root.findtext(f"{ATOM}title") == "Sample · News · Papers"
    assert [link.get("href") for link in root.findall(f"{ATOM}link")] == [
        address, "http://127.0.0.1:8000/en/news/?category=paper",
    ]  # fmt: skip
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Title third", "Title first"]
    assert {found.get("term") for entry in entries for found in entry.findall(f"{ATOM}category")} == {"paper"}
    # An entry is the same one in every feed.
    everything = ElementTree.fromstring(site.get("/en/news/feed.atom").data)
    ids = {entry.findtext(f"{ATOM}id") for entry in everything.findall(f"{ATOM}entry")}
    assert {entry.findtext(f"{ATOM}id") for entry in entries} < ids
    page = site.get("/en/news/?category=paper").text
    link = '<link rel="alternate" type="application/atom+xml" title="News · Papers" href="{}">'
    assert link.format("/en/news/feed.atom?category=paper") in page


def write_gallery(folder: Path, count: int) -> Path:
    """The sample content, and an outing with `count` people, papers and pictures."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLE, folder)
    (folder / "pictures" / "news").mkdir(parents=True)
    text = GALLERY
    for name in ("members", "papers"):
        [names] = re.findall(rf"{name} = \[(.*)\]", text)
        text = text.replace(names, ", ".join(names.split(", ")[:count]))
    for number in range(count):
        (folder / "pictures" / "news" / f"{number}.png").write_bytes(pictures.make_png((400 + number, 300)))
        text += f'[[items.pictures]]\nfile = "news/{number}.png"\nalt = {{ zh = "图 {number}" }}\n'
    (folder / "news.toml").write_text(text)
    return folder


def test_an_item_shows_its_people_papers_and_pictures(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    load_content(write_gallery(tmp_path / "content", 2), now=NOW)
    page = client.get("/en/news/outing/").text
    assert headings(page, "h1") == ["A test outing"]
    assert headings(page, "h2") == ["Pictures", "People", "Papers"]
    assert '<a class="standalone" href="/en/news/?category=activity">Activities</a>' in page
    assert re.findall(r'href="/en/members/([^"]+)/"', page) == ["test-jia", "test-yi"]
    assert re.findall(r'href="/en/publications/([^"]+)/"', page) == ["jia2026first", "ding2023third"]
    assert re.findall(r'width="(\d+)" height="(\d+)" alt="([^"]+)" lang="([^"]+)" loading="lazy"', page) == [
        ("400", "300", "图 0", "zh-CN"), ("401", "300", "图 1", "zh-CN"),
    ]  # fmt: skip


def test_an_item_tells_search_engines_what_it_is(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    load_content(write_gallery(tmp_path / "content", 1), now=NOW)
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get("/en/news/outing/").text)
    publisher = ORGANIZATION
    assert json.loads(data) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "A test outing",
        "url": "http://127.0.0.1:8000/en/news/outing/",
        "inLanguage": "en",
        "datePublished": "2026-02-20",
        "dateModified": "2026-02-19T16:00:00+00:00",
        "author": publisher,
        "publisher": publisher,
    }


@pytest.mark.parametrize("path", ["/news/outing/", "/news/", "/en/news/?category=activity"])
def test_an_item_with_more_of_everything_asks_no_more(
    app: Flask, client: FlaskClient, tmp_path: Path, path: str
) -> None:
    asked = []
    for count in (1, 3):
        load_content(write_gallery(tmp_path / str(count), count), now=NOW)
        with recorded_statements() as statements:
            assert client.get(path).status_code == 200
        asked.append(len(statements))
        with transaction() as session:
            session.execute(delete(NewsItem))
    assert asked[0] == asked[1] <= 12
