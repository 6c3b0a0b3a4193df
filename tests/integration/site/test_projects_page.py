"""What projects.csv tells of a project, and how the page shows it."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.projects.models import Project
from s2group.content.records.errors import ContentError
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, SAMPLE

pytestmark = pytest.mark.usefixtures("on_the_day")

COLUMNS = (
    "title_zh,title_en,funder_zh,funder_en,grant_number,start,end,role,programme_zh,programme_en,people,papers,lines"
)
FULL = (
    "示例项目,Sample project,示例基金,Sample Foundation,S-1,2025-01,2028-12,lead,"
    "面上项目,General programme,test-yi; test-jia,jia2026first;ding2023third,second-line"
)
PEOPLE = ["test-jia", "test-yi", "test-bing"]
PAPERS = ["jia2026first", "ding2023third", "yi2023fourth"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def load_projects(folder: Path, *rows: str, columns: str = COLUMNS) -> None:
    (folder / "projects.csv").write_text("\n".join([columns, *rows]) + "\n")
    load_content(folder, now=NOW)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_project_takes_over_all_that_the_file_says(app: Flask, folder: Path) -> None:
    load_projects(folder, FULL)
    [project] = db.session.scalars(select(Project))
    assert project.programme == LocalizedText("面上项目", "General programme")
    assert [member.slug for member in project.members] == ["test-jia", "test-yi"]
    assert [paper.key for paper in project.publications] == ["jia2026first", "ding2023third"]
    assert [line.key for line in project.areas] == ["second-line"]


def test_what_the_file_no_longer_says_is_gone(app: Flask, folder: Path) -> None:
    load_projects(folder, FULL)
    load_projects(folder, FULL.replace("test-yi; test-jia", "test-bing").replace("second-line", ""))
    db.session.expire_all()
    [project] = db.session.scalars(select(Project))
    assert [member.slug for member in project.members] == ["test-bing"]
    assert project.areas == []


def test_loading_the_same_projects_again_writes_nothing(app: Flask, folder: Path) -> None:
    load_projects(folder, FULL)
    with recorded_statements() as statements:
        load_content(folder, now=NOW)
    written = [words for words in statements if not words.startswith(("SELECT", "BEGIN"))]
    assert [words for words in written if "project" in words] == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("test-yi; test-jia", "nobody", "people names 'nobody', which is not known"),
        ("jia2026first;ding2023third", "nothing", "papers names 'nothing', which is not known"),
        ("second-line", "no-line", "lines names 'no-line', which is not known"),
    ],
)
def test_a_name_that_nobody_has_is_said_with_its_line(
    app: Flask, folder: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(ContentError, match=r"^projects\.csv, line 2: ") as raised:
        load_projects(folder, FULL.replace(old, new))
    assert complaint in str(raised.value)
    assert db.session.scalars(select(Project)).all() == []


def test_the_page_shows_a_project_whole(app: Flask, client: FlaskClient, folder: Path) -> None:
    load_projects(folder, FULL)
    page = client.get("/en/projects/").text
    [project] = re.findall(r'<li id="project-\d+">(.*?)</li>\s*</ul>\s*</div>', page, re.S)
    assert text(project) == (
        "Sample project Sample Foundation · General programme · S-1 January 2025 to December 2028 "
        "Test Jia Test Yi Second line 2 papers came of it The First Sample: Schröder &amp; Friends The Third Sample"
    )
    assert re.findall(r'<rect x="([0-9.]+)" y="3" width="([0-9.]+)"', project) == [("0.00", "100.00")]
    assert re.findall(r'href="/en/members/([^"]+)/"', project) == ["test-jia", "test-yi"]
    assert re.findall(r'href="/en/research/([^"]+)/"', project) == ["second-line"]
    assert re.findall(r'href="/en/publications/([^"]+)/"', project) == ["jia2026first", "ding2023third"]


def test_projects_stand_under_what_their_dates_and_roles_say(app: Flask, client: FlaskClient, folder: Path) -> None:
    roles = [("A", "2025-01,2026-03,lead"), ("B", "2020-01,2026-02,lead"), ("C", ",,participant"), ("D", ",,lead")]
    load_projects(
        folder,
        *(f"项目{name},{name},基金,Fund,,{rest}" for name, rest in roles),
        columns=COLUMNS.split(",programme")[0],
    )
    page = client.get("/en/projects/").text
    assert headings(page, "h2") == ["Under way 2", "Finished 1", "With our participation 1"]
    assert re.findall(r"<strong>(\w)</strong>", page) == ["A", "D", "B", "C"]


@pytest.mark.parametrize("path", ["/projects/", "/en/projects/"])
def test_more_of_everything_asks_no_more(app: Flask, client: FlaskClient, folder: Path, path: str) -> None:
    asked = []
    for count in (1, 3):
        people, papers = ";".join(PEOPLE[:count]), ";".join(PAPERS[:count])
        rows = [f"项目,Project,基金,Fund,{n},2025-01,2028-12,lead,,,{people},{papers},first-line" for n in range(count)]
        load_projects(folder, *rows)
        with recorded_statements() as statements:
            assert client.get(path).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12
