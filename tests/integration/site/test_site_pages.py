"""What visitors read on the public pages, in both languages."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

import config
from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from tests.support import calls
from tests.support.applying import load_fictional_content
from tests.support.headings import headings
from tests.support.sample import NOW

pytestmark = pytest.mark.usefixtures("on_the_day")


def add_call(closes_at: datetime | None = None) -> None:
    title = LocalizedText("示例招生", "Sample call")
    calls.add_call("sample", opens_at=NOW - timedelta(days=1), closes_at=closes_at, title=title)


def words(html: str) -> str:
    """The text of a page as a reader sees it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


PAGES = {
    "/": ["一句话说清我们做什么", "One sentence on what we do"],
    "/members/": ["", "Members"],
    "/members/test-jia/": ["测试甲", "Test Jia"],
    "/publications/": ["", "Publications"],
    "/publications/jia2026first/": ["The First Sample: Schröder & Friends"] * 2,
    "/projects/": ["", "Projects"],
    "/news/": ["", "News"],
    "/news/second-news/": ["第二条新闻", "Second news"],
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_its_heading_in_both_languages(site: FlaskClient, path: str) -> None:
    zh, en = PAGES[path]
    for prefix, language, heading in (("", "zh-CN", zh), ("/en", "en", en)):
        response = site.get(prefix + path)
        assert response.status_code == 200
        assert f'<html lang="{language}">' in response.text
        [first] = headings(response.text, "h1")
        assert not heading or first == heading


def test_every_page_has_a_title_and_a_description_of_its_own(site: FlaskClient) -> None:
    pages = [site.get(f"/en{path}").text for path in PAGES]
    for pattern in (r"<title>(.+?)</title>", r'<meta name="description" content="(.+?)">'):
        found = [re.findall(pattern, page) for page in pages]
        assert all(len(texts) == 1 for texts in found)
        assert len({texts[0] for texts in found}) == len(PAGES)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_names_its_other_language_by_the_public_address(site: FlaskClient, path: str) -> None:
    for address in (path, f"/en{path}"):
        page = site.get(address).text
        assert f'<link rel="alternate" hreflang="zh-CN" href="http://127.0.0.1:8000{path}">' in page
        assert f'<link rel="alternate" hreflang="en" href="http://127.0.0.1:8000/en{path}">' in page


@pytest.mark.parametrize(
    ("address", "canonical", "alternates"),
    [
        ("/en/news/?after=2026-03-01-9", "/en/news/", ["/news/", "/en/news/"]),
        ("/publications/?year=2026", "/publications/", ["/publications/", "/en/publications/"]),
        ("/en/members/test-jia/cv/", "/en/members/test-jia/", []),
    ],
)
def test_the_other_language_is_that_of_the_canonical_page(
    site: FlaskClient, address: str, canonical: str, alternates: list[str]
) -> None:
    head = site.get(address).text.split("</head>")[0]
    link = r'<link rel="{}" href="http://127.0.0.1:8000([^"]+)">'
    assert re.findall(link.format("canonical"), head) == [canonical]
    assert re.findall(link.format('alternate" hreflang="[^"]+'), head) == alternates


@pytest.mark.parametrize("path", ["/members/nobody/", "/publications/nothing/", "/news/nothing/", "/news/?after=2026"])
def test_an_unknown_address_is_not_found(site: FlaskClient, path: str) -> None:
    assert site.get(path).status_code == 404
    assert site.get(f"/en{path}").status_code == 404


def test_english_without_a_slash_leads_to_the_english_home_page(site: FlaskClient) -> None:
    response = site.get("/en")
    assert (response.status_code, response.location) == (308, "/en/")


def facts(page: str) -> dict[str, str]:
    return {words(name): words(value) for name, value in re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.S)}


def test_the_home_page_gives_the_group_in_figures(site: FlaskClient) -> None:
    assert facts(site.get("/en/").text) == {
        "Admissions": "Closed for now", "Papers": "4", "Papers of the last three years": "2",
        "Open code and data": "2", "Projects under way": "1", "Current students": "2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("closes_at", "said"),
    [
        (None, None),
        (NOW + timedelta(hours=1), "Last day"),
        (NOW + timedelta(hours=9), "1 day left"),  # past midnight where the group is
        (NOW + timedelta(days=23), "23 days left"),
    ],
)
def test_the_home_page_says_how_long_applications_are_taken(
    site: FlaskClient, closes_at: datetime | None, said: str | None
) -> None:
    add_call(closes_at)
    page = site.get("/en/").text
    assert facts(page).get("Admissions") == said
    assert re.search(
        r'id="calls">Now open <small>Open .*?<a href="/en/admissions/sample/">\s*<span>Sample call<', page, re.S
    )
    assert 'href="/en/apply/"' in page


def test_an_open_call_says_for_whom_it_is_how_long_it_takes_and_when_an_answer_comes(
    app: Flask, client: FlaskClient
) -> None:
    load_fictional_content(app)
    calls.fill("national-exam-master", "phd-assessment", "research-assistant", "recommended-exemption-master")
    calls.add_call("two-ways", opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=9), answer_days=1)
    with transaction() as session:
        call = session.scalars(select(Call).where(Call.key == "two-ways")).one()
        title = LocalizedText(en="Another way")
        route = AdmissionRoute(key="b", position=1, title=title, subject_label=title, form={}, call=call)
        session.add(RequirementSet(route=route, version=1, requirements=[], created_at=NOW))
    page = client.get("/en/").text
    [listed] = re.findall(r'id="calls">(.*?)</ul>', page, re.S)
    assert words(listed) == (
        "Now open "
        "Fictional two-ways Fictional two-ways · Another way · about ten minutes · answer within 1 day · "
        "Open until 10 March 2026, 16:00 (UTC+8) "
        "Fictional admissions Has a doctorate · about twenty minutes · answer within 14 days"
    )
    with transaction() as session:
        session.execute(update(Call).values(closes_at=None))
    [listed] = re.findall(r'id="calls">(.*?)</ul>', client.get("/en/").text, re.S)
    assert words(listed).startswith("Now open Open all year Fictional") and words(listed).count("Open all year") == 1


@pytest.mark.parametrize(
    ("opens_at", "filled", "said"),
    [
        (NOW - timedelta(days=1), True, "All places taken"),
        (NOW + timedelta(days=9), False, "From 10 March 2026"),
        (NOW + timedelta(days=9), True, "From 10 March 2026"),
        (NOW - timedelta(days=40), False, "Closed for now"),
    ],
)
def test_where_nobody_can_apply_no_page_offers_it(
    site: FlaskClient, opens_at: datetime, filled: bool, said: str
) -> None:
    calls.add_call("sample", opens_at=opens_at, closes_at=opens_at + timedelta(days=30), places=1)
    if filled:
        calls.fill("sample")
    home = site.get("/en/").text
    assert facts(home)["Admissions"] == said
    assert "days left" not in home
    for path in (
        "/en/",
        "/en/research/first-line/",
        "/en/admissions/",
        "/en/admissions/sample/",
        "/en/search/?q=sample",
    ):
        page = site.get(path).text
        assert not re.search(r'href="/en/apply/["?]', page), path
        assert "place left" not in page, path
    assert "The group takes no applications at present." in site.get("/en/research/first-line/").text


def test_a_call_that_ends_at_midnight_has_its_last_day_before(site: FlaskClient) -> None:
    add_call(datetime(2026, 3, 2, 16, tzinfo=UTC))
    assert facts(site.get("/en/").text)["Admissions"] == "1 day left"
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False):
        assert facts(site.get("/en/").text)["Admissions"] == "Last day"


def test_without_an_open_call_the_home_page_invites_nobody_to_apply(site: FlaskClient) -> None:
    page = site.get("/en/").text
    assert "<span>Sample University</span>" in page and "Now open" not in page
    assert 'href="/en/apply/"' not in page


def test_filing_numbers_stand_on_the_foot_of_every_page(site: FlaskClient) -> None:
    for path in ("/", "/en/publications/", "/apply/", "/account/login", "/nowhere/"):
        foot = site.get(path).text.partition("<footer")[2]
        assert '<a href="https://example.org/filings">测ICP备00000000号-1</a>' in foot, path


def test_the_home_page_introduces_the_group(site: FlaskClient) -> None:
    page = site.get("/en/").text
    assert headings(page, "h2") == ["What we work on", "News", "Working with others", "About the group"]
    assert headings(page, "h3") == ["First line", "Second line"]
    assert '<span lang="zh-CN">只有中文的说明。</span>' in page
    assert "A sample <strong>text</strong>." in page
    assert "Friendly University" in page and 'href="/en/partners/"' in page
    assert '<a href="https://example.org/old" rel="noopener noreferrer nofollow">Former site</a>' in page
    assert "<span>WeChat public account “示例”</span>" in page
    assert '"sameAs":["https://example.org/old"]' in page.replace(" ", "").replace("\n", "")


def test_members_stand_in_their_groups(site: FlaskClient) -> None:
    page = site.get("/en/members/").text
    assert headings(page, "h2") == ["Principal investigator", "Doctoral students", "Master's students", "Alumni"]
    links = re.findall(r'href="/en/members/([^"]+)/">([^<]+)<', page)
    assert links == [
        ("test-jia", "Test Jia"), ("test-yi", "Test Yi"), ("test-bing", "Test Bing"), ("test-ding", "Test Ding"),
    ]  # fmt: skip


def test_a_member_page_says_who_it_is_and_lists_the_papers(site: FlaskClient) -> None:
    page = site.get("/en/members/test-ding/").text
    assert '<p class="lede" lang="zh-CN">测试丁</p>' in page
    assert facts(page) == {
        "Was in the group as": "Master's student, professional degree",
        "Year of entry": "2021",
        "Worked on": "sample recognition",
    }
    assert re.findall(r'href="/en/publications/([^"]+)/"', page) == ["ding2023third"]
    assert "A made-up <em>head</em> of a group." in site.get("/en/members/test-jia/").text


def test_publications_stand_under_their_years_in_the_order_of_the_file(site: FlaskClient) -> None:
    page = site.get("/publications/").text
    assert re.findall(r'<h2[^>]*>(\d+) <small>(\d+)</small></h2>|href="/publications/([^"]+)/"', page) == [
        ("2026", "2", ""), ("", "", "jia2026first"), ("", "", "other2026second"),
        ("2023", "2", ""), ("", "", "ding2023third"), ("", "", "yi2023fourth"),
    ]  # fmt: skip
    bars = page.partition('<nav class="bars"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', bars) == ["/publications/?year=2023", "/publications/?year=2026"]


def test_the_years_before_the_last_two_are_folded_unless_papers_were_chosen(app: Flask, client: FlaskClient) -> None:
    load_content(config.ROOT / "content", now=NOW)
    for path, folded in (
        ("/publications/", [False, False, True, True, True, True, True]),
        ("/publications/?ccf=A", []),
    ):
        years = re.findall(r'<details class="year"( open)?>', client.get(path).text)
        assert [not is_open for is_open in years][: len(folded)] == folded
        assert folded or all(years)


def test_a_listed_publication_has_authors_venue_award_and_links(site: FlaskClient) -> None:
    page = site.get("/en/publications/").text
    first, second, *_rest = re.findall(r'<ol class="list papers">(.*?)</ol>', page, re.S)[0].split("</li>")
    assert words(first) == (
        "The First Sample: Schröder & Friends Test Yi , Test Jia , Ada Schröder "
        "SAMPLECONF Best Paper Award Paper arXiv Code Demo"
    )
    assert '<a href="/en/members/test-yi/">Test Yi</a>, <a href="/en/members/test-jia/">Test Jia</a>, Ada' in first
    assert re.findall(r'<a href="(http[^"]+)">', first) == [
        "https://example.org/papers/first.pdf",
        "https://arxiv.org/abs/2601.00001",
        "https://example.org/code_first?a=1&amp;b=2",
        "https://example.org/demo",
    ]
    assert words(second) == "The Second Sample Test Jia , Jan van der Sample et al. Journal of Samples DOI"


def test_words_in_the_other_language_are_marked(site: FlaskClient) -> None:
    assert site.get("/publications/").text.count('<li lang="en">') == 4
    assert '<p lang="zh-CN"><b>示例学报</b></p>' in site.get("/en/publications/").text
    assert '<h1 lang="en" class="title">The First Sample' in site.get("/publications/jia2026first/").text
    assert '<h1 lang="zh-CN">第一条新闻</h1>' in site.get("/en/news/first-news/").text


def test_a_publication_page_marks_its_authors_and_shows_its_bibtex(site: FlaskClient) -> None:
    page = site.get("/en/publications/jia2026first/").text
    assert "Test Yi †, Test Jia †*, Ada Schröder" in words(page)
    assert "† equal contribution" in page and "* corresponding author" in page
    assert facts(page) == {
        "Published in": "SAMPLECONF", "Year": "2026", "Award": "Best Paper Award", "Released with it": "Sample Corpus",
    }  # fmt: skip
    [bibtex] = re.findall(r"<details>.*?<code>(.*?)</code>", page, re.S)
    assert unescape(bibtex) == (
        '@inproceedings{jia2026first,\n  title = {The First {S}ample: Schr{\\"o}der \\& Friends},\n'
        '  author = {Yi, Test and Jia, Test and Schr{\\"o}der, Ada},\n  booktitle = {SAMPLECONF},\n'
        "  year = {2026},\n  eprint = {2601.00001},\n  url = {https://example.org/papers/first.pdf}\n}"
    )


def test_projects_under_way_stand_apart_from_finished_ones(site: FlaskClient) -> None:
    page = site.get("/en/projects/").text
    assert headings(page, "h2") == ["Under way 1", "Finished 1"]
    assert "Sample project Sample Foundation · S-1 January 2025 to December 2028" in words(page)
    assert "2020 年 1 月" in site.get("/projects/").text


def test_news_lists_the_newest_first_with_its_day(site: FlaskClient) -> None:
    page = site.get("/en/news/").text
    assert re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', page) == [
        ("2026-02-02", "2 February 2026"), ("2026-01-01", "1 January 2026"),
    ]  # fmt: skip
    assert "The <strong>body</strong> of the second news." in site.get("/en/news/second-news/").text


def add_news(count: int, *, published: bool = True) -> None:
    name = "item" if published else "draft"
    with transaction() as session:
        session.add_all(
            NewsItem(
                slug=f"{name}-{number}",
                day=NOW.date(),
                title=LocalizedText(f"新闻 {number}"),
                body=LocalizedText("正文"),
                published_at=NOW if published else None,
                created_at=NOW,
                updated_at=NOW,
            )
            for number in range(count)
        )


def test_older_news_is_a_page_further_and_nothing_is_lost_or_repeated(site: FlaskClient) -> None:
    add_news(40)
    found: list[str] = []
    address: str | None = "/news/"
    titles = set()
    while address:
        page = site.get(address).text
        found += re.findall(r'href="/news/([a-z0-9-]+)/"', page)
        titles |= set(re.findall(r"<title>(.*?)</title>", page))
        [address] = re.findall(r'href="(/news/\?after=[^"]+)"', page) or [None]
    assert found == [f"item-{number}" for number in reversed(range(40))] + ["second-news", "first-news"]
    assert len(titles) == 3


def test_a_page_after_the_last_item_says_so(site: FlaskClient) -> None:
    assert "There is nothing older." in site.get("/en/news/?after=2020-01-01-1").text


def test_a_draft_appears_nowhere(site: FlaskClient) -> None:
    add_news(1, published=False)
    assert site.get("/news/draft-0/").status_code == 404
    for path in ("/", "/news/", "/news/feed.atom", "/sitemap.xml"):
        page = site.get(path).text
        assert "draft-0" not in page and "新闻 0" not in page


@pytest.mark.parametrize(
    ("path", "heading", "said"),
    [
        ("/", "The group will introduce itself here", "flask --app app content load"),
        ("/members/", "Members", "The people of the group will be listed here. Nobody has been entered yet."),
        ("/publications/", "Publications", "The papers of the group will be listed here. None"),
        ("/projects/", "Projects", "The projects of the group will be listed here. None"),
        ("/news/", "News", "Nothing has been published yet."),
    ],
)
def test_an_empty_portal_says_why_it_is_empty(client: FlaskClient, path: str, heading: str, said: str) -> None:
    page = client.get(f"/en{path}")
    assert page.status_code == 200
    assert headings(page.text, "h1") == [heading]
    assert said in words(page.text)
