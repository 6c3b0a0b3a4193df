"""The research areas: what belongs to each, and where places are open."""

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.group.models import ResearchArea
from s2group.content.loading import load_content
from s2group.content.people.models import Member
from s2group.content.projects.models import Project
from s2group.content.publications.models import Publication
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from tests.support import calls
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, SAMPLE

pytestmark = pytest.mark.usefixtures("on_the_day")

LINE = "/en/research/first-line/"


def tie(count: int = 100) -> None:
    """Tie `count` people, papers and projects to the first line, and nothing to the second."""
    with transaction() as session:
        for line in session.scalars(select(ResearchArea)):
            mine = line.key == "first-line"
            for model in (Member, Publication, Project):
                rows: list[Any] = list(session.scalars(select(model).order_by(model.position)))
                for number, row in enumerate(rows):
                    row.areas = [line] if mine and number < count else [each for each in row.areas if each is not line]


def add_call(closes_at: datetime | None = None) -> None:
    calls.add_call(
        "sample", opens_at=NOW - timedelta(days=1), title=LocalizedText("示例招生", "Sample call"), closes_at=closes_at
    )


def test_the_list_leads_to_each_line_and_says_how_much_there_is(site: FlaskClient) -> None:
    tie()
    page = site.get("/en/research/").text
    assert headings(page, "h1") == ["Research"]
    assert headings(page, "h2") == ["First line", "Second line"]
    assert re.findall(r'href="/en/research/([\w-]+)/"', page.split("<main")[1]) == ["first-line", "second-line"]
    # One of the four people has left.
    assert re.findall(r"(\d+ \w+) · (\d+ \w+) · (\d+ \w+)", page) == [("3 people", "4 papers", "2 projects")]
    assert '<span lang="zh-CN">只有中文的说明。</span>' in page


def test_a_line_names_its_supervisors_people_projects_and_papers(site: FlaskClient) -> None:
    tie()
    page = site.get(LINE).text
    assert headings(page, "h1") == ["First line"]
    assert headings(page, "h2") == ["Papers 4", "Projects 2", "Supervisors", "People 2", "Admissions"]
    main = page.split("<main")[1]
    assert re.findall(r'href="/en/members/([^"]+)/"', main) == ["test-jia", "test-yi", "test-bing"]
    assert re.findall(r'href="/en/publications/([^"]+)/"', main) == [
        "jia2026first", "other2026second", "ding2023third", "yi2023fourth",
    ]  # fmt: skip
    anchors = re.findall(r'href="/en/projects/#(project-\d+)"', main)
    assert [anchor for anchor in anchors if f'id="{anchor}"' in site.get("/en/projects/").text] == anchors
    assert len(anchors) == 2
    assert "What the first line is." in page
    assert "第一方向的说明。" in site.get("/research/first-line/").text


def test_a_line_of_which_nothing_is_known_shows_no_empty_headings(site: FlaskClient) -> None:
    assert headings(site.get("/en/research/second-line/").text, "h2") == ["Admissions"]


def test_a_long_line_shows_its_newest_papers_and_how_many_there_are(site: FlaskClient) -> None:
    with transaction() as session:
        line = session.scalars(select(ResearchArea).where(ResearchArea.key == "first-line")).one()
        [first, *_rest] = session.scalars(select(Publication).order_by(Publication.position))
        kept = {column.key: getattr(first, column.key) for column in Publication.__table__.columns}
        for number in range(20):
            changed = {"id": None, "key": f"paper-{number}", "position": 10 + number, "doi": None, "arxiv": None}
            session.add(Publication(**{**kept, **changed}, areas=[line]))
    page = site.get(LINE).text
    assert "Papers 20" in headings(page, "h2")
    assert re.findall(r'href="/en/publications/paper-(\d+)/"', page) == [str(number) for number in range(12)]
    assert '<a class="standalone" href="/en/publications/?line=first-line">All papers of this area</a>' in page


def test_open_places_lead_to_the_call(site: FlaskClient) -> None:
    add_call(closes_at=NOW + timedelta(days=9))
    page = site.get(LINE).text
    assert 'href="/en/admissions/sample/"' in page
    assert "Sample call" in page and "Open until 10 March 2026, 16:00 (UTC+8)" in page


def test_without_an_open_call_a_line_says_so(site: FlaskClient) -> None:
    add_call(closes_at=NOW - timedelta(hours=1))
    page = site.get(LINE).text
    assert "The group takes no applications at present." in page
    assert "Sample call" not in page


def test_an_unknown_line_is_not_found(site: FlaskClient) -> None:
    assert site.get("/research/no-line/").status_code == 404


def test_a_group_without_lines_says_what_belongs_here(client: FlaskClient) -> None:
    page = client.get("/en/research/")
    assert page.status_code == 200
    assert "The research areas of the group will be listed here" in page.text
    assert 'href="/en/"' in page.text.split("<main")[1]


@pytest.mark.parametrize("path", ["/research/", "/research/first-line/", "/en/research/first-line/"])
def test_more_of_everything_asks_no_more(app: Flask, client: FlaskClient, tmp_path: Path, path: str) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "content"))
    projects = folder / "projects.csv"
    projects.write_text(projects.read_text() + "三,Third,基金,Fund,S-3,2025-01,2028-12,lead\n")
    load_content(folder, now=NOW)
    add_call()
    asked = []
    for count in (1, 3):
        tie(count)
        with recorded_statements() as statements:
            assert client.get(path).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 15
