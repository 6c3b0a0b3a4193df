"""The search of the whole site, on both databases."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.content.news.services import NewsDraft, Show, save_news_item, version_of
from s2group.content.people.models import Member
from s2group.content.search.models import SearchEntry
from s2group.content.search.services import index_everything
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.calls import DAY, add_call, fill
from tests.support.queries import recorded_statements
from tests.support.record import add_a_record, publication
from tests.support.sample import NOW, SAMPLE

pytestmark = pytest.mark.usefixtures("on_the_day")


# Where a result leads, or a listed paper.
LISTED = r'<a (?:class="standalone" )?href="(/(?:members|publications|news|projects|research)/[^"?]+)"'


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def results(client: FlaskClient, query: str, prefix: str = "/en", **more: str) -> dict[str, list[str]]:
    """The titles that are found, by the heading they stand under."""
    response = client.get(f"{prefix}/search/", query_string={"q": query, **more})
    assert response.status_code == 200
    sections = re.split(r"<h2>", response.text)[1:]
    found = {}
    for section in sections:
        heading = words(section.split("</h2>")[0])
        found[heading] = [words(title) for title in re.findall(r"<li>\s*<a [^>]*>(.*?)</a>", section, re.S)]
    return found


def publish(slug: str, zh: str = "", en: str = "", at: datetime | None = NOW) -> None:
    with transaction() as session:
        title, body = LocalizedText(zh=zh, en=en), LocalizedText()
        plain = {"day": date(2026, 3, 1), "created_at": NOW, "updated_at": NOW}
        session.add(NewsItem(slug=slug, title=title, body=body, published_at=at, **plain))
        session.flush()
        index_everything(session)


@pytest.mark.parametrize("query", ["Test Jia", "jia test", "测试甲", "TEST jia", "试甲", "ｔｅｓｔ ｊｉａ"])
def test_a_person_is_found_in_either_language_and_order(site: FlaskClient, query: str) -> None:
    assert results(site, query)["Members1"] == ["Test Jia"]
    assert results(site, query, prefix="")["成员1"] == ["测试甲"]


@pytest.mark.parametrize("query", ["schroder friends", "SCHRÖDER", "first samp", '"first sample"', "First, Sample:"])
def test_a_paper_is_found_by_words_without_case_accents_and_punctuation(site: FlaskClient, query: str) -> None:
    assert results(site, query)["Publications1"] == ["The First Sample: Schröder & Friends"]


@pytest.mark.parametrize("query", ["chroder", "ample first", "first nothing", '"sample first"', "的的"])
def test_a_word_is_found_from_its_beginning_and_all_words_must_be_there(site: FlaskClient, query: str) -> None:
    assert "Publications1" not in results(site, query)


def test_titles_come_first_and_every_kind_has_its_count(site: FlaskClient) -> None:
    with transaction() as session:
        for n in range(7):
            abstract = "" if n == 6 else "About zebras."
            title = "Zebras" if n == 6 else f"Paper {n}"
            paper = publication(f"zebra-{n}", title=title, title_key=f"z{n}", abstract=abstract, year=2020 - n)
            session.add(paper)
        session.flush()
        index_everything(session)
    found = results(site, "zebra")
    assert found == {"Publications7": ["Zebras", "Paper 0", "Paper 1", "Paper 2", "Paper 3"]}
    page = site.get("/en/search/?q=zebra").text
    assert 'href="/en/search/?q=zebra&amp;kind=publication"' in page
    assert results(site, "zebra", kind="publication") == {
        "Publications7": ["Zebras", *(f"Paper {n}" for n in range(6))]
    }
    assert results(site, "zebra", kind="nonsense") == found


def test_a_hit_is_marked_and_escaped(site: FlaskClient) -> None:
    publish("marked", en="<b>Bold</b> & brave", zh="勇敢的<script>")
    assert "&lt;b&gt;<mark>Bold</mark>&lt;/b&gt; &amp; brave" in site.get("/en/search/?q=bold").text
    assert "<mark>勇敢</mark>的&lt;script&gt;" in site.get("/search/?q=勇敢").text
    paper = "The First Sample: <mark>Schröder</mark> &amp; Friends</span>"
    assert f'<span lang="en">{paper}' in site.get("/search/?q=schröder").text
    assert f"<span>{paper}" in site.get("/en/search/?q=schröder").text


SAME = [
    ("劉瑞", "刘瑞"),
    ("語音合成", "语音合成"),
    ("liurui", "liu rui"),
    ("zuohaolin", "左昊麟"),
    ("AAAI2024", "AAAI 2024"),
]


def test_other_spellings_find_the_same(site: FlaskClient) -> None:
    """In the group's own record, on the page of all and among the papers."""
    load_content(Path("content"), now=NOW)
    for typed, same in SAME:
        for page in ("search", "publications"):
            one, other = (set(re.findall(LISTED, site.get(f"/{page}/?q={query}").text)) for query in (typed, same))
            assert one == other, (page, typed)
            assert one, (page, typed)


def test_the_index_is_made_anew_for_another_version_of_the_portal(app: Flask, site: FlaskClient) -> None:
    with transaction() as session:
        session.execute(update(SearchEntry).values(words=" ", title_words=" "))
    assert results(site, "first sample") == {}
    assert app.test_cli_runner().invoke(args=["prepare"]).exit_code == 0
    assert results(site, "first sample") == {"Publications1": ["The First Sample: Schröder & Friends"]}


def test_planned_news_and_drafts_are_not_found_before_their_time(site: FlaskClient) -> None:
    publish("planned", en="Zanzibar", at=NOW + timedelta(hours=1))
    publish("draft", en="Zanzibar too", at=None)
    assert results(site, "zanzibar") == {}
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert results(site, "zanzibar") == {"News1": ["Zanzibar"]}


def test_the_index_follows_the_editor(site: FlaskClient) -> None:
    draft = NewsDraft(slug="", day=date(2026, 3, 1), title=LocalizedText(en="Quokka"), body=LocalizedText(en="Seen."))
    item = save_news_item(item_id=None, draft=draft, seen="", actor=None, now=NOW)
    assert results(site, "quokka") == {}
    save_news_item(item_id=item.id, draft=draft, seen=version_of(item), actor=None, now=NOW, show=Show.PUBLISHED)
    assert results(site, "quokka seen") == {"News1": ["Quokka"]}
    save_news_item(item_id=item.id, draft=draft, seen=version_of(item), actor=None, now=NOW, show=Show.TAKEN_BACK)
    assert results(site, "quokka") == {}


def test_a_call_that_is_found_says_whether_it_takes_applications(site: FlaskClient) -> None:
    title = LocalizedText("虚构招生", "Imaginary call")
    add_call("open-one", opens_at=NOW - DAY, closes_at=NOW + DAY, title=title)
    add_call("always", opens_at=NOW - 2 * DAY, title=title)
    add_call("full-one", opens_at=NOW - DAY, closes_at=NOW + DAY, title=title)
    add_call("later-one", opens_at=NOW + DAY, title=title)
    add_call("closed-one", opens_at=NOW - 3 * DAY, closes_at=NOW - DAY, title=title)
    add_call("of-last-year", opens_at=NOW - 400 * DAY, closes_at=NOW - 300 * DAY, title=title)
    fill("full-one")
    said = r'<a href="(?:/en)?/admissions/([\w-]+)/">.*?<p class="quiet">(.*?)</p>'
    found = re.findall(said, site.get("/en/search/?q=imaginary").text, re.S)
    assert [(key, words(state)) for key, state in found] == [
        ("open-one", "Open until 2 March 2026, 16:00 (UTC+8)"),
        ("always", "Open all year"),
        ("full-one", "All places are taken."),
        ("later-one", "Opens on 2 March 2026, 16:00 (UTC+8)"),
        ("closed-one", "Closed on 28 February 2026, 16:00 (UTC+8)"),
    ]
    found = re.findall(said, site.get("/search/?q=虚构招生").text, re.S)
    assert [words(state) for _key, state in found][2:4] == ["名额已满。", "2026 年 3 月 2 日 16:00（UTC+8）开放"]


def test_every_result_leads_to_a_page_that_exists(site: FlaskClient) -> None:
    add_a_record(now=NOW)
    with transaction() as session:
        index_everything(session)
    addresses = set()
    for query in ("words", "a", "test", "测试", "on", "sample", "t"):
        page = site.get("/en/search/", query_string={"q": query}).text
        addresses |= set(re.findall(r'<li>\s*<a href="([^"]+)"', page))
    assert len(addresses) > 8
    assert [address for address in addresses if site.get(address).status_code != 200] == []


@pytest.mark.parametrize(
    "query",
    [
        "%", "_", "%%%%", "\\", "' OR 1=1 --", '"', "“", "a" * 5000, "🎉", "\u200b", "<script>alert(1)</script>",
        "\ud7ff\uffff", "%'%", "*:*", "()", "  ", "᠁", "ß", "[a-z]",
    ],
)  # fmt: skip
def test_hostile_questions_do_no_harm(site: FlaskClient, query: str) -> None:
    response = site.get("/en/search/", query_string={"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert len(response.data) < 50_000


def test_signs_of_the_database_find_nothing(site: FlaskClient) -> None:
    for query in ("%", "_", "\\", "'"):
        assert results(site, query) == {}


def test_an_empty_search_says_what_can_be_searched(site: FlaskClient) -> None:
    page = site.get("/en/search/").text
    assert "Type a name, a topic, a venue or a grant number." in page
    assert '<a class="standalone" href="/en/members/">' in page


def test_a_search_without_results_has_a_way_on(site: FlaskClient) -> None:
    page = site.get("/en/search/?q=nothingatall").text
    assert "Nothing holds all of these words." in page
    assert '<a class="standalone" href="/en/publications/">' in page
    assert 'value="nothingatall"' in page


def test_who_is_still_to_come_is_found_from_the_first_day_on(site: FlaskClient) -> None:
    with transaction() as session:
        yi = session.scalars(select(Member).where(Member.slug == "test-yi")).one()
        yi.joined_on = date(2026, 3, 2)
        index_everything(session)
    assert "Members1" not in results(site, "Test Yi")
    assert "/members/test-yi/" not in site.get("/sitemap.xml").text
    # The second of March begins in the group's time zone, eight hours ahead.
    with time_machine.travel(datetime(2026, 3, 1, 16, tzinfo=UTC), tick=False):
        assert results(site, "Test Yi")["Members1"] == ["Test Yi"]
        assert "/members/test-yi/" in site.get("/sitemap.xml").text


def test_search_engines_keep_away(site: FlaskClient) -> None:
    response = site.get("/search/?q=a")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


def test_loading_again_makes_the_same_index(site: FlaskClient) -> None:
    before = db.session.scalar(select(func.count()).select_from(SearchEntry))
    load_content(SAMPLE, now=NOW)
    assert db.session.scalar(select(func.count()).select_from(SearchEntry)) == before


def test_a_search_asks_the_database_the_same_for_one_row_and_for_three(site: FlaskClient) -> None:
    counts = []
    for number in (1, 2):
        add_call(f"okapi-{number}", opens_at=NOW - DAY, title=LocalizedText("", "Okapi"))
        for n in range(number):
            publish(f"okapi-{number}-{n}", en="Okapi")
        with recorded_statements() as statements:
            assert site.get("/en/search/?q=okapi").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10
