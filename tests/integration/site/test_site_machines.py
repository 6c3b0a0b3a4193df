"""What feed readers and search engines are told."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from s2group.content.group.models import GroupProfile
from s2group.content.news.models import NewsItem
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from tests.support.calls import DAY, add_call
from tests.support.sample import NOW

PUBLIC = "http://127.0.0.1:8000"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed(client: FlaskClient, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.data)


def texts(element: ElementTree.Element, name: str) -> list[str | None]:
    return [found.text for found in element.iter(ATOM + name)]


@pytest.mark.parametrize(
    ("prefix", "language", "titles", "languages"),
    [
        ("", "zh-CN", ["第二条新闻", "第一条新闻"], ["zh-CN", "zh-CN"]),
        ("/en", "en", ["Second news", "第一条新闻"], ["en", "zh-CN"]),
    ],
)
def test_the_feed_speaks_the_language_of_its_address(
    site: FlaskClient, prefix: str, language: str, titles: list[str], languages: list[str]
) -> None:
    root = feed(site, f"{prefix}/news/feed.atom")
    assert root.get(LANG) == language
    entries = list(root.iter(f"{ATOM}entry"))
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == titles
    assert [entry.get(LANG) for entry in entries] == languages
    assert texts(root, "id") == [
        f"{PUBLIC}{prefix}/news/feed.atom",
        f"{PUBLIC}{prefix}/news/second-news/",
        f"{PUBLIC}{prefix}/news/first-news/",
    ]
    assert texts(root, "published") == ["2026-02-02T00:00:00+08:00", "2026-01-01T00:00:00+08:00"]
    assert texts(root, "updated") == [
        "2026-02-01T16:00:00+00:00", "2026-02-01T16:00:00+00:00", "2025-12-31T16:00:00+00:00",
    ]  # fmt: skip
    assert all(link.get("href", "").startswith(PUBLIC) for link in root.iter(f"{ATOM}link"))


def test_what_an_editor_writes_of_long_ago_is_of_its_day_and_new_today(site: FlaskClient) -> None:
    words = LocalizedText("很久以前", "Long ago")
    with transaction() as session:
        session.execute(delete(NewsItem))
        for day in (date(2023, 6, 4), date(2026, 3, 2)):
            session.add(NewsItem(slug=f"of-{day}", day=day, title=words, body=words, published_at=NOW,
                                 created_at=NOW, updated_at=NOW))  # fmt: skip
    root = feed(site, "/news/feed.atom")
    assert texts(root, "published") == ["2026-03-01T16:00:00+08:00", "2023-06-04T00:00:00+08:00"]
    assert texts(root, "updated") == ["2026-03-01T08:00:00+00:00"] * 3


def test_the_feed_carries_the_text_as_html(site: FlaskClient) -> None:
    root = feed(site, "/en/news/feed.atom")
    content = next(root.iter(f"{ATOM}content"))
    assert content.get("type") == "html"
    assert content.text == "<p>The <strong>body</strong> of the second news.</p>"


def test_a_character_that_xml_cannot_hold_does_not_end_the_feed(site: FlaskClient) -> None:
    with transaction() as session:
        session.add(
            NewsItem(
                slug="pasted", day=date(2026, 3, 1), title=LocalizedText("粘贴\x0b来 <&> 的"),
                body=LocalizedText("正\ufffe文"), published_at=NOW, created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    [entry, *_rest] = feed(site, "/news/feed.atom").iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "粘贴来 <&> 的"
    assert entry.findtext(f"{ATOM}content") == "<p>正文</p>"


def test_the_feed_of_an_empty_portal_is_a_feed(client: FlaskClient) -> None:
    root = feed(client, "/en/news/feed.atom")
    assert texts(root, "title") == ["News"]
    assert texts(root, "updated") == ["1970-01-01T00:00:00+00:00"]


def test_the_icon_is_the_groups_seal(site: FlaskClient) -> None:
    [address] = re.findall(r'<link rel="icon" href="([^"]+)"', site.get("/en/").text)
    icon = site.get(unescape(address))
    assert (icon.status_code, icon.content_type) == (200, "image/svg+xml; charset=utf-8")
    assert ElementTree.fromstring(icon.data).findtext("{http://www.w3.org/2000/svg}text") == "例"
    with transaction() as session:
        session.scalars(select(GroupProfile)).one().seal = "<试"
    assert ">&lt;试</text>" in site.get("/favicon.svg").text
    [other] = re.findall(r'<link rel="icon" href="([^"]+)"', site.get("/en/").text)
    assert other != address


def test_a_portal_without_a_group_has_an_icon(client: FlaskClient) -> None:
    [address] = re.findall(r'<link rel="icon" href="([^"]+)"', client.get("/").text)
    with client.get(address) as icon:
        assert icon.status_code == 200
    assert client.get("/favicon.svg").status_code == 404


def sitemap(client: FlaskClient) -> Iterator[tuple[str, dict[str, str]]]:
    response = client.get("/sitemap.xml")
    assert (response.status_code, response.content_type) == (200, "application/xml; charset=utf-8")
    for url in ElementTree.fromstring(response.data).iter(f"{SITEMAP}url"):
        links = {link.get("hreflang", ""): link.get("href", "") for link in url.iter(f"{XHTML}link")}
        yield url.findtext(f"{SITEMAP}loc") or "", links


def test_the_sitemap_holds_every_public_page_in_both_languages(site: FlaskClient) -> None:
    paths = ["/", "/members/", "/publications/", "/projects/", "/news/", "/research/", "/alumni/", "/releases/"]
    paths += ["/partners/", "/admissions/", "/admissions/guide/"]
    paths += [f"/members/test-{name}/" for name in ("jia", "yi", "bing", "ding")]
    paths += [f"/publications/{key}/" for key in ("jia2026first", "other2026second", "ding2023third", "yi2023fourth")]
    paths += ["/news/second-news/", "/news/first-news/", "/research/first-line/", "/research/second-line/"]
    paths += ["/pages/how-to-visit/"]
    found = list(sitemap(site))
    assert [address for address, _ in found] == [PUBLIC + prefix + path for path in paths for prefix in ("", "/en")]
    for address, links in found:
        path = address.removeprefix(PUBLIC).removeprefix("/en")
        assert links == {"zh-CN": PUBLIC + path, "en": f"{PUBLIC}/en{path}"}
        assert site.get(address.removeprefix(PUBLIC)).status_code == 200


def test_the_sitemap_holds_the_page_of_each_call(site: FlaskClient) -> None:
    add_call("last-year", opens_at=NOW - 400 * DAY, closes_at=NOW - 300 * DAY)
    add_call("this-year", opens_at=NOW)
    found = [address for address, _ in sitemap(site) if "/admissions/" in address]
    paths = ["/admissions/", "/admissions/guide/", "/admissions/this-year/", "/admissions/last-year/"]
    assert found == [PUBLIC + prefix + path for path in paths for prefix in ("", "/en")]


def test_robots_are_told_of_the_sitemap_and_kept_from_private_pages(site: FlaskClient) -> None:
    response = site.get("/robots.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text == (
        "User-agent: *\n"
        "Disallow: /account/\nDisallow: /apply/status/\nDisallow: /editor/\nDisallow: /review/\n"
        "Disallow: /search/\nDisallow: /publications/?\nDisallow: /publications.bib?\nDisallow: /news/?category=\n"
        "Disallow: /en/account/\nDisallow: /en/apply/status/\nDisallow: /en/editor/\nDisallow: /en/review/\n"
        "Disallow: /en/search/\nDisallow: /en/publications/?\nDisallow: /en/publications.bib?\n"
        "Disallow: /en/news/?category=\n"
        f"\nSitemap: {PUBLIC}/sitemap.xml"
    )


def structured(page: str) -> dict[str, Any]:
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_home_page_tells_of_the_group_and_its_search(site: FlaskClient) -> None:
    [organization, page] = structured(site.get("/en/").text)["@graph"]
    assert (organization["@type"], organization["@id"], organization["logo"]) == (
        "ResearchOrganization", f"{PUBLIC}/en/#group", f"{PUBLIC}/en/share/section/home/square.png",
    )  # fmt: skip
    assert (page["@type"], page["publisher"], page["potentialAction"]["target"]) == (
        "WebSite", {"@id": f"{PUBLIC}/en/#group"}, f"{PUBLIC}/en/search/?q={{search_term_string}}",
    )  # fmt: skip


def test_an_open_call_is_a_job_posting_with_an_end_only_where_it_has_one(site: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False):
        add_call("dated", opens_at=NOW - DAY, closes_at=NOW + DAY)
        add_call("always", opens_at=NOW - DAY)
        dated, always = (structured(site.get(f"/en/admissions/{key}/").text) for key in ("dated", "always"))
    assert (dated["@type"], dated["title"], dated["datePosted"], dated["validThrough"], dated["description"]) == (
        "JobPosting", "Fictional dated", "2026-02-28", "2026-03-02T08:00:00+00:00",
        "<p>Fictional dated</p>\n<p>Fictional dated</p>",
    )  # fmt: skip
    assert "validThrough" not in always
    assert (dated["hiringOrganization"]["url"], dated["jobLocation"]["@type"]) == (f"{PUBLIC}/en/", "Place")


def test_a_call_that_takes_nobody_is_no_job_posting(site: FlaskClient) -> None:
    add_call("closed", opens_at=NOW - 3 * DAY, closes_at=NOW - DAY)
    assert "JobPosting" not in site.get("/en/admissions/closed/").text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_that_does_not_exist_has_ways_on(site: FlaskClient, prefix: str) -> None:
    response = site.get(f"{prefix}/no-such-page/")
    assert response.status_code == 404
    assert f'<form class="find" role="search" action="{prefix}/search/">' in response.text
    for section in ("members", "publications", "projects", "news", "admissions"):
        assert f'href="{prefix}/{section}/"' in response.text


def test_all_publications_can_be_had_as_bibtex(site: FlaskClient) -> None:
    response = site.get("/publications.bib")
    assert response.content_type == "application/x-bibtex; charset=utf-8"
    assert re.findall(r"^@(\w+)\{([^,]+),$", response.text, re.M) == [
        ("inproceedings", "jia2026first"),
        ("article", "other2026second"),
        ("inproceedings", "ding2023third"),
        ("article", "yi2023fourth"),
    ]
    assert not re.search(r"\b(code|demo|award|author\+an) =", response.text)
