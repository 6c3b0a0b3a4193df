"""The publications page with its filters, and the page of one paper."""

import json
import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.models import ResearchArea
from s2group.content.loading import load_content
from s2group.content.metrics.models import Metric
from s2group.content.people.models import Member
from s2group.content.publications.listing import listed_papers
from s2group.content.publications.models import Authorship, Publication
from s2group.core.database import transaction
from s2group.site.views.sharing import card_of
from tests.support.bibtex import read_by_others
from tests.support.headings import headings, text_of
from tests.support.queries import recorded_statements
from tests.support.record import publication
from tests.support.sample import NOW, SAMPLE

VENUES = """
[[venues]]
short_name = "SAMPLECONF"
name = "Conference on Samples"
ccf = "B"
caai = "A"

[[venues]]
short_name = "JoS"
name = "Journal of Samples"
aliases = ["J. Samples"]
jcr = "Q1"
"""
RICH = """
@article{jia2025rich,
  title = {A Rich Sample},
  author = {Jia, Test and van der Sample, Jan},
  journal = {J. Samples},
  year = {2025},
  volume = {3},
  number = {2},
  pages = {1--9},
  doi = {10.5555/RICH},
  eprint = {2501.00009v3},
  abstract = {What a \\emph{sample} is.},
  keywords = {samples, riches},
  code = {https://github.com/example/rich},
  slides = {https://example.org/slides},
  impact = {Used by **everybody**.},
  lines = {first-line},
}

@misc{jia2024pre,
  title = {A rich sample},
  author = {Jia, Test},
  year = {2024},
  eprint = {2501.00009},
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "content"))
    (folder / "venues.toml").write_text(VENUES)
    with (folder / "publications.bib").open("a") as bibliography:
        bibliography.write(RICH)
    return folder


@pytest.fixture
def site(app: Flask, client: FlaskClient, folder: Path) -> FlaskClient:
    app.config["CONTENT_DIR"] = folder
    load_content(folder, now=NOW)
    return client


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def listed(page: str) -> list[str]:
    return re.findall(r'<li[^>]*>\s*<a href="(?:/en)?/publications/([\w-]+)/"', page)


def facet(page: str, name: str) -> dict[str, str]:
    """The choices of one facet with their counts."""
    [found] = re.findall(rf"<dt>{name}</dt>\s*<dd class=\"links\">(.*?)</dd>", page, re.S)
    return dict(re.findall(r"<a[^>]*>(.*?) <small>(\d+)</small></a>", found))


ALL = ["jia2026first", "other2026second", "jia2025rich", "ding2023third", "yi2023fourth"]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ALL),
        ("year=2026", ALL[:2]),
        ("kind=article", ["other2026second", "jia2025rich", "yi2023fourth"]),
        ("venue=SAMPLECONF", ["jia2026first", "ding2023third"]),
        ("member=test-jia", ALL[:4]),
        ("member=test-yi", ["jia2026first"]),
        ("line=first-line", ["jia2025rich"]),
        ("ccf=B", ["jia2026first", "ding2023third"]),
        ("ccf=B&year=2023", ["ding2023third"]),
        ("q=sample+journal", ["other2026second", "jia2025rich"]),
        ("q=测试丁", ["ding2023third"]),
        ("q=示例学报", ["yi2023fourth"]),
        ("q=%22third+sample%22", ["ding2023third"]),
        ("q=Jia+Test&year=2025", ["jia2025rich"]),
        ("utm_source=somewhere", ALL),
    ],
)
def test_filters_and_words_choose_papers_and_the_bibtex_is_the_same(
    site: FlaskClient, query: str, keys: list[str]
) -> None:
    assert listed(site.get(f"/en/publications/?{query}").text) == keys
    assert re.findall(r"@\w+\{([\w-]+),", site.get(f"/publications.bib?{query}").text) == keys


def test_filters_have_counts_of_what_would_be_shown(site: FlaskClient) -> None:
    page = site.get("/en/publications/").text
    assert facet(page, "Year") == {"2026": "2", "2025": "1", "2023": "2"}
    assert facet(page, "Kind") == {"Journal paper": "3", "Conference paper": "2"}
    assert facet(page, "Venue") == {"JoS": "2", "SAMPLECONF": "2", "示例学报": "1"}
    assert facet(page, "Member") == {"Test Jia": "4", "Test Ding": "1", "Test Yi": "1"}
    chosen = site.get("/en/publications/?year=2026&member=test-jia").text
    assert facet(chosen, "Year") == {"2026": "2", "2025": "1", "2023": "1"}
    assert facet(chosen, "Member") == {"Test Jia": "2", "Test Yi": "1"}


def test_what_is_chosen_is_shown_and_can_be_taken_off(site: FlaskClient) -> None:
    page = site.get("/en/publications/?year=2026&member=test-jia&q=sample").text
    [taken] = re.findall(r'<ul class="taken"[^>]*>(.*?)</ul>', page, re.S)
    assert words(taken) == ("Year: 2026 × take off Member: Test Jia × take off Search: sample × take off Take off all")
    assert [unescape(url) for url in re.findall(r'href="([^"]+)"', taken)] == [
        "?member=test-jia&q=sample",
        "?year=2026&q=sample",
        "?year=2026&member=test-jia",
        "/en/publications/",
    ]
    assert "2 of 5 papers" in words(page)
    assert '<meta name="robots" content="noindex, follow">' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/en/publications/">' in page
    assert 'href="/en/publications.bib?year=2026&amp;member=test-jia&amp;q=sample"' in page
    assert "noindex" not in site.get("/en/publications/").text


@pytest.mark.parametrize("query", ["year=1900", "member=nobody", "q=nothing-like-it", "ccf=Z&q=<script>"])
def test_nothing_found_says_so_and_leads_to_all(site: FlaskClient, query: str) -> None:
    response = site.get(f"/en/publications/?{query}")
    assert response.status_code == 200
    assert listed(response.text) == []
    assert "No paper fits all of this." in response.text
    assert '<a class="standalone" href="/en/publications/">Show all papers</a>' in response.text
    assert "<script>" not in response.text.partition("<main")[2]
    assert "@" not in site.get(f"/publications.bib?{query}").text


def test_the_badge_is_the_short_name_with_its_rank(site: FlaskClient) -> None:
    page = site.get("/en/publications/").text
    assert page.count("<b>SAMPLECONF</b> <small>CCF B</small>") == 2
    assert len(re.findall(r'<b(?: class="a1")?>JoS</b></p>', page)) == 2


@pytest.mark.parametrize("path", ["/publications/?year=2026&q=sample", "/publications/jia2025rich/"])
def test_pages_ask_the_database_a_few_times(site: FlaskClient, path: str) -> None:
    with recorded_statements() as statements:
        assert site.get(path).status_code == 200
    assert len(statements) <= 12


def meta(page: str, name: str) -> list[str]:
    return [unescape(text) for text in re.findall(rf'<meta name="{name}" content="([^"]*)">', page)]


def test_a_preprint_of_the_file_is_part_of_its_paper_and_its_address_leads_on(site: FlaskClient) -> None:
    for prefix in ("", "/en"):
        for ending in ("", "paper.pdf"):
            response = site.get(f"{prefix}/publications/jia2024pre/{ending}")
            assert (response.status_code, response.location) == (301, f"{prefix}/publications/jia2025rich/{ending}")
    assert "https://arxiv.org/abs/2501.00009" in site.get("/publications/jia2025rich/").text


def test_a_paper_tells_scholar_and_search_engines_what_it_is(site: FlaskClient) -> None:
    page = site.get("/en/publications/jia2025rich/").text
    assert meta(page, "citation_title") == ["A Rich Sample"]
    assert meta(page, "citation_author") == ["Jia, Test", "van der Sample, Jan"]
    assert meta(page, "citation_publication_date") == ["2025"]
    assert meta(page, "citation_journal_title") == ["Journal of Samples"]
    assert (meta(page, "citation_volume"), meta(page, "citation_issue")) == (["3"], ["2"])
    assert (meta(page, "citation_firstpage"), meta(page, "citation_lastpage")) == (["1"], ["9"])
    assert (meta(page, "citation_doi"), meta(page, "citation_arxiv_id")) == (["10.5555/rich"], ["2501.00009"])
    assert meta(page, "citation_keywords") == ["samples", "riches"]
    assert meta(page, "citation_pdf_url") == []
    [data] = [
        json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        if "ScholarlyArticle" in text
    ]  # fmt: skip
    assert data["@type"] == "ScholarlyArticle"
    assert [author["name"] for author in data["author"]] == ["Test Jia", "Jan van der Sample"]
    assert data["author"][0]["url"] == "http://127.0.0.1:8000/en/members/test-jia/"
    assert data["isPartOf"] == {"@type": "Periodical", "name": "Journal of Samples"}


def test_a_paper_shows_all_that_is_known_of_it(site: FlaskClient) -> None:
    with transaction() as session:
        session.add(Metric(subject="doi:10.5555/rich", value=12, source="OpenAlex", counted_at=NOW))
        session.add(Metric(subject="github:example/rich", value=34, source="GitHub", counted_at=NOW))
    page = words(site.get("/en/publications/jia2025rich/").text)
    for told in (
        "DOI arXiv Code Slides",
        "Published in Journal of Samples JCR Q1",
        "Cited by 12 (OpenAlex, 1 March 2026)",
        "Stars of the code 34 (GitHub, 1 March 2026)",
        "Keywords samples; riches",
        "Abstract What a sample is.",
        "What came of it Used by everybody .",
        "JIA T, VAN DER SAMPLE J. A Rich Sample[J]. Journal of Samples, 2025, 3(2): 1-9. DOI:10.5555/rich.",
        "T. Jia and J. van der Sample, “A Rich Sample,” Journal of Samples, vol. 3, no. 2, pp. 1–9, 2025,"
        " doi: 10.5555/rich.",
    ):
        assert told in page, told
    assert "author+an" not in page and "lines = " not in page


def test_a_pdf_that_the_group_holds_is_served_from_here(site: FlaskClient) -> None:
    page = site.get("/en/publications/jia2026first/").text
    assert meta(page, "citation_pdf_url") == ["http://127.0.0.1:8000/publications/jia2026first/paper.pdf"]
    assert 'href="/en/publications/jia2026first/paper.pdf"' in page
    response = site.get("/publications/jia2026first/paper.pdf")
    assert response.data.startswith(b"%PDF-")
    assert response.content_type == "application/pdf"
    assert response.headers["Content-Disposition"] == "inline; filename=jia2026first.pdf"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    response.close()
    assert site.get("/publications/other2026second/paper.pdf").status_code == 404


def test_what_members_wrote_elsewhere_is_told_apart_and_not_counted(site: FlaskClient) -> None:
    with transaction() as session:
        member = session.scalars(select(Member).where(Member.slug == "test-yi")).one()
        member.cohort, member.role, member.left_on = 2022, "phd", date(2024, 6, 30)
        brought = ((2021, "homepage"), (2022, "bibtex"), (2025, "homepage"), (2026, "homepage"), (2020, "files"))
        for year, source in brought:
            paper = publication(f"of-{year}", title=f"Paper of {year}", title_key=f"of{year}", year=year, source=source)
            author = Authorship(position=0, name="Test Yi", equal=False, corresponding=False, member=member)
            paper.authors = [author]
            session.add(paper)
    assert from_elsewhere() == {"of-2021", "of-2026"}
    page = site.get("/en/publications/").text
    assert "8 papers · 2 written elsewhere The group's papers as BibTeX Those written elsewhere" in words(page)
    for path in ("/en/publications/", "/en/members/test-yi/", "/en/members/test-yi/cv/"):
        items = site.get(path).text.split("<li")
        told = [re.findall(r"Paper of (\d{4})", item)[0] for item in items if "Written elsewhere" in item]
        assert sorted(told) == ["2021", "2026"], path
    assert re.search(r"<dt>Papers</dt>\s*<dd>8</dd>", site.get("/en/").text)
    with transaction() as session:
        session.scalars(select(Member).where(Member.slug == "test-yi")).one().cohort = None
    assert from_elsewhere() == {"of-2021", "of-2022", "of-2025", "of-2026"}


def from_elsewhere() -> set[str]:
    return {paper.key for paper in listed_papers() if paper.elsewhere}


@pytest.fixture
def brought(site: FlaskClient) -> FlaskClient:
    """An import brought two papers: one that a member wrote before joining, and one of strangers."""
    with transaction() as session:
        member = session.scalars(select(Member).where(Member.slug == "test-yi")).one()
        member.cohort, member.role = 2022, "phd"
        for position, (key, author) in enumerate((("before", member), ("strangers", None)), start=900):
            bibtex = f"@article{{{key},\n  title = {{On {key}}}\n}}"
            paper = publication(key, year=2021, source="homepage", bibtex=bibtex, position=position)
            paper.areas = lines(session)
            paper.authors = [Authorship(position=0, name="An Author", equal=False, corresponding=False, member=author)]
            session.add(paper)
    return site


def lines(session: Session) -> list[ResearchArea]:
    return list(session.scalars(select(ResearchArea).where(ResearchArea.key == "first-line")))


def entry_keys(text: str) -> list[str]:
    return re.findall(r"^@\w+\{([\w-]+),", text, re.M)


def test_the_bibtex_is_of_the_group_unless_others_are_asked_for(brought: FlaskClient) -> None:
    bare = brought.get("/en/publications.bib").text
    assert entry_keys(bare) == ALL
    assert bare.splitlines()[:3] == [
        "% Sample: 5 papers",
        "% Not in this file: 2 papers written elsewhere. http://127.0.0.1:8000/en/publications.bib?written=elsewhere",
        "",
    ]
    asked = brought.get("/en/publications.bib?written=elsewhere").text
    assert asked.splitlines()[:2] == [
        "% Sample: 2 written elsewhere", "% Where it was written: Elsewhere",
    ]  # fmt: skip
    assert entry_keys(asked) == ["before", "strangers"]
    mixed = brought.get("/en/publications.bib?line=first-line&q=@article{x,").text
    assert mixed.splitlines()[1] == "% Research area: First line, Search:  article{x,"
    of_the_line = brought.get("/en/publications.bib?line=first-line").text
    assert entry_keys(of_the_line) == ["jia2025rich", "before", "strangers"]
    assert [entry.key for entry in read_by_others(bare).entries.values()] == ALL


def test_the_counts_of_filters_tell_them_apart(brought: FlaskClient) -> None:
    page = brought.get("/en/publications/").text
    counts = {name: words(dd) for name, dd in re.findall(r'<dt>(.*?)</dt>\s*<dd class="links">(.*?)</dd>', page, re.S)}
    assert counts["Where it was written"] == "In this group 5 Elsewhere + 2"
    assert counts["Research area"] == "First line 1 + 2"
    assert "Test Yi 1 + 1" in counts["Member"]
    assert "A number after + counts papers that were written elsewhere." in page
    assert "1 of 5 papers · 2 written elsewhere These as BibTeX" in words(
        brought.get("/en/publications/?line=first-line").text
    )


def test_without_papers_from_elsewhere_nothing_speaks_of_them(site: FlaskClient) -> None:
    for path in ("/en/publications/", "/en/publications.bib", "/en/publications/jia2026first/"):
        assert "lsewhere" not in site.get(path).text


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("before", "A member of the group wrote this paper elsewhere."),
        ("strangers", "No member of the group is an author."),
    ],
)
def test_a_papers_own_page_and_picture_say_that_it_is_from_elsewhere(brought: FlaskClient, key: str, why: str) -> None:
    page = brought.get(f"/en/publications/{key}/").text
    assert f"Written elsewhere {why} It is not counted among the papers of the group." in words(page)
    [structured] = re.findall(r'<script type="application/ld.json">(.*?)</script>', page, re.S)
    assert "Sample Research Group" not in structured
    with brought.application.test_request_context("/en/"):
        kickers = [card.kicker for each in (key, "jia2025rich") if (card := card_of("publication", each, now=NOW))]
    assert kickers == ["A test 2021 · 在组外完成", "J. Samples 2025"]


def test_a_research_line_counts_and_lists_the_groups_own(brought: FlaskClient) -> None:
    page = brought.get("/en/research/first-line/").text
    assert "Papers 1" in headings(page, "h2")
    assert re.findall(r'href="/en/publications/([\w-]+)/"', page) == ["jia2025rich"]
    assert re.findall(r"(\d+) papers?", brought.get("/en/research/").text) == ["1"]


def test_a_long_list_of_authors_is_folded_and_hides_nobody_of_the_group(app: Flask, client: FlaskClient) -> None:
    """Its first authors and the members stand for it, in the list, on the paper's and on the member's page."""
    load_content(SAMPLE, now=NOW)
    with transaction() as session:
        paper = session.scalars(select(Publication).where(Publication.key == "jia2026first")).one()
        own = len(paper.authors)
        for number in range(own, 30):
            member = session.scalars(select(Member).where(Member.slug == "test-yi")).one() if number == 20 else None
            paper.authors.append(
                Authorship(position=number, name=f"Author {number}", member=member, equal=False, corresponding=False)
            )
    folded = re.compile(
        r"<p>((?:(?!</?p>).)*)</p>\s*<details class=\"authors\"><summary.*?>(.*?)</summary><p>(.*?)</p>", re.S
    )
    for page in ("/en/publications/", "/en/publications/jia2026first/", "/en/members/test-jia/"):
        [(short, summary, whole)] = folded.findall(client.get(page).text)
        assert summary == "All 30 authors"
        names = [name.strip() for name in text_of(short).split(",")][own:]
        assert names == [*(f"Author {number}" for number in range(own, 6)), "…", "Author 20", "…"]
        assert '<a href="/en/members/test-yi/">Author 20</a>' in short
        assert all(f"Author {number}" in whole for number in range(own, 30))
    assert folded.search(client.get("/en/members/test-jia/cv/").text) is None
