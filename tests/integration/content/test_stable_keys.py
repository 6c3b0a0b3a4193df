"""A row that is added at the top of a file renames nobody: projects and partners are known by keys."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import column, func, insert, select, table, text

from s2group.content.group.models import Partner
from s2group.content.loading import load_content
from s2group.content.projects.models import Project
from s2group.content.records.errors import ContentError
from s2group.content.search.models import SearchEntry
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import db
from tests.support.sample import SAMPLE

WORDS = LocalizedText("词", "Words")
NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
COLUMNS = "title_zh,title_en,funder_zh,funder_en,grant_number,start,end,role"
SAMPLE_ROW = "示例项目,Sample project,示例基金,Sample Foundation,S-1,2025-01,2028-12,lead"
FORMER_ROW = "旧项目,Former project,示例基金,Sample Foundation,S-0,2020-01,2022-12,lead"
NEW_ROW = "新项目,New project,示例基金,Sample Foundation,S-9,2026-01,2029-12,lead"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "ours"))


def load_projects(folder: Path, *rows: str, columns: str = COLUMNS) -> None:
    (folder / "projects.csv").write_text("\n".join([columns, *rows]) + "\n")
    load_content(folder, now=NOW)
    db.session.rollback()


def projects() -> dict[str, tuple[int, str]]:
    """Number and English title of each, by its key, in their order."""
    rows = db.session.scalars(select(Project).order_by(Project.position))
    return {project.key: (project.id, project.title.en) for project in rows}


def partners(folder: Path, *names: str) -> dict[str, int]:
    """Load these partners, each in TOML; the number of each by its key, in their order."""
    write_partners(folder, *names)
    load_content(folder, now=NOW)
    rows = db.session.execute(select(Partner.key, Partner.id).order_by(Partner.position))
    return {row.key: row.id for row in rows}


def write_partners(folder: Path, *names: str) -> None:
    file = folder / "group.toml"
    before = file.read_text().split("[[partners]]")[0]
    file.write_text(before + "".join(f"[[partners]]\n{name}\n" for name in names))


def test_a_project_added_at_the_top_renames_nobody(folder: Path) -> None:
    load_projects(folder, SAMPLE_ROW, FORMER_ROW)
    before = projects()
    assert [(key, title) for key, (_number, title) in before.items()] == [
        ("grant-s-1", "Sample project"),
        ("grant-s-0", "Former project"),
    ]
    load_projects(folder, NEW_ROW, SAMPLE_ROW, FORMER_ROW)
    after = projects()
    assert list(after) == ["grant-s-9", "grant-s-1", "grant-s-0"]
    assert {key: after[key] for key in before} == before


def test_projects_that_change_places_stay_who_they_are(folder: Path) -> None:
    load_projects(folder, SAMPLE_ROW, FORMER_ROW)
    before = projects()
    load_projects(folder, FORMER_ROW, SAMPLE_ROW)
    assert list(projects()) == ["grant-s-0", "grant-s-1"]
    assert projects() == before


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (SAMPLE_ROW.replace("S-1", "S-1/2025"), "grant-s-1-2025"),
        (SAMPLE_ROW.replace("S-1", ""), "sample-project-2025-01"),
        (SAMPLE_ROW.replace("Sample project", "Corrected").replace("示例项目", "改正"), "grant-s-1"),
    ],
    ids=["number corrected", "number gone", "title corrected"],
)
def test_a_correction_leaves_a_project_the_row_it_is(folder: Path, row: str, key: str) -> None:
    load_projects(folder, SAMPLE_ROW, FORMER_ROW)
    number = projects()["grant-s-1"][0]
    load_projects(folder, NEW_ROW, row, FORMER_ROW)
    assert projects()[key][0] == number
    assert len(projects()) == 3


def test_a_key_may_be_said(folder: Path) -> None:
    load_projects(folder, f"{SAMPLE_ROW},ours", f"{FORMER_ROW},", columns=f"{COLUMNS},key")
    assert list(projects()) == ["ours", "grant-s-0"]
    entries = select(SearchEntry.slug).where(SearchEntry.kind == "project").order_by(SearchEntry.id)
    assert db.session.scalars(entries).all() == ["ours", "grant-s-0"]
    with pytest.raises(ContentError, match=r"^projects\.csv, line 3: key 'ours' is taken by projects\.csv, line 2\."):
        load_projects(folder, f"{SAMPLE_ROW},ours", f"{FORMER_ROW},ours", columns=f"{COLUMNS},key")


def test_a_partner_added_at_the_top_renames_nobody(folder: Path) -> None:
    one, two = 'name = { zh = "示例大学", en = "Sample University" }', 'name.zh = "示例公司"'
    before = partners(folder, one, two)
    after = partners(folder, 'key = "first"\nname.en = "New"', one, two)
    assert list(after) == ["first", *before]
    assert {key: after[key] for key in before} == before
    assert next(iter(before)) == "sample-university"


ROWS: list[dict[str, Any]] = [
    {"position": 0, "title": LocalizedText("示例", "Sample"), "grant_number": "", "start": "2025-01"},
    {"position": 1, "title": LocalizedText("示例", "Sample"), "grant_number": "", "start": "2025-01"},
    {"position": 2, "title": LocalizedText("只有中文", ""), "grant_number": "", "start": ""},
    {"position": 3, "title": LocalizedText("旧项目", "Former"), "grant_number": "S-0/1", "start": "2020-01"},
]


def test_a_portal_of_the_day_before_gets_the_keys_that_its_files_will_have(app: Flask, folder: Path) -> None:
    """Up with rows, a load that changes no number, down to places without gaps, and up again."""
    db.session.remove()
    flask_migrate.downgrade(revision="0017")
    plain = {"funder": LocalizedText("基金", "Fund"), "programme": LocalizedText(), "end": "", "role": "lead"}
    names = ("position", "start", "end", "role", "grant_number")
    localized = [column(name, Localized) for name in ("title", "funder", "programme")]
    with db.engine.begin() as connection:
        before = table("project", *map(column, names), *localized)
        connection.execute(insert(before), [row | plain for row in ROWS])
        of_partners = table(
            "partner", column("position"), column("url"), column("name", Localized), column("note", Localized)
        )
        partner = {"position": 0, "name": LocalizedText("示例大学", "Sample University"), "url": "", "note": WORDS}
        connection.execute(insert(of_partners), [partner])
    flask_migrate.upgrade()
    after = projects()
    assert list(after) == ["sample-2025-01", "sample-2025-01-2", "x76efd757", "grant-s-0-1"]
    number = db.session.scalars(select(Partner.id).where(Partner.key == "sample-university")).one()
    write_partners(folder, 'name = { zh = "示例大学", en = "Sample University" }')
    load_projects(
        folder,
        NEW_ROW,
        *("示例,Sample,基金,Fund,,2025-01,,lead",) * 2,
        "只有中文,,基金,Fund,,,,lead",
        "旧项目,Former,基金,Fund,S-0/1,2020-01,,lead",
    )
    assert {key: projects()[key] for key in after} == after
    assert db.session.scalars(select(Partner.id)).all() == [number]
    db.session.remove()
    flask_migrate.downgrade(revision="0017")
    with db.engine.connect() as connection:
        places = connection.scalars(text("SELECT position FROM project ORDER BY position")).all()
    assert places == [0, 1, 2, 3, 4]
    flask_migrate.upgrade()
    assert db.session.scalar(select(func.count()).select_from(Project)) == 5
