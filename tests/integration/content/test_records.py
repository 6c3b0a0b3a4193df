"""Records: what files say, what people edit, and what is written again."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import config
from s2group.content.exporting import FolderInUseError, export_content
from s2group.content.gaps import gaps
from s2group.content.kinds import KINDS
from s2group.content.loading import load_content
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.records.addresses import former_keys
from s2group.content.records.loading import Change, stored_rows
from s2group.content.records.models import Revision
from s2group.content.records.services import ConflictError, head, save
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.full_content import write_full_content
from tests.support.sample import NOW, SAMPLE

LATER = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows() -> dict[str, list[Any]]:
    """Every row of the record and its history."""
    tables = [Revision.__table__, *(kind.model.__table__ for kind in KINDS.values())]
    return {str(table): sorted(map(repr, db.session.execute(select(table)))) for table in tables}


def records() -> dict[str, list[Any]]:
    return {name: [kind.of(row) for row in stored_rows(db.session(), kind)] for name, kind in KINDS.items()}


def member(slug: str) -> Member:
    return db.session.scalars(select(Member).where(Member.slug == slug)).one()


def edit(who: str, *, seen: int | None = None, **values: Any) -> int:
    """Change a member as somebody does in the portal."""
    with transaction() as session:
        row = member(who)
        known = {"research_area": {area.key: area for area in row.areas}, "picture": {}}
        number = head(session, MEMBER, row).number if seen is None else seen
        return save(session, MEMBER, row, MEMBER.of(row) | values, seen=number, actor=None, now=LATER, known=known)


@pytest.mark.parametrize("which", ["the group's own", "the fictional one"])
def test_what_is_exported_loads_as_the_same(app: Flask, tmp_path: Path, which: str) -> None:
    own = config.ROOT / "content"
    source = own if which == "the group's own" else write_full_content(tmp_path / "content")
    app.config["CONTENT_DIR"] = source
    load_content(source, now=NOW)
    before = rows()
    assert export_content(tmp_path / "first") == []
    report = load_content(tmp_path / "first", now=LATER)
    assert report.changes == []
    assert rows() == before
    export_content(tmp_path / "second")
    assert files_of(tmp_path / "second") == files_of(tmp_path / "first")


def test_every_field_is_filled_in_the_fictional_content(app: Flask, tmp_path: Path) -> None:
    load_content(write_full_content(tmp_path / "content"), now=NOW)
    empty = {
        f"{name}.{field.name}"
        for name, found in records().items()
        for field in KINDS[name].fields
        if all(values[field.name] in (field.default, "", None, [], ()) for values in found)
    }
    assert empty == set()


def test_a_folder_that_holds_something_is_not_written_over(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    with pytest.raises(FolderInUseError):
        export_content(folder)
    assert files_of(folder) == files_of(SAMPLE)


def test_what_a_person_has_edited_is_left_and_named(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    edit("test-yi", focus=LocalizedText("改过的", "edited"))
    change(folder / "members.csv", "示例合成", "文件的说法")
    change(folder / "members.csv", "测试丙,Test Bing", "测试炳,Test Bing")
    report = load_content(folder, now=LATER)
    said = LocalizedText("文件的说法", "sample synthesis")
    assert report.changes == [
        Change("left", "member", "test-yi", {"focus": (LocalizedText("改过的", "edited"), said)}),
        Change("changed", "member", "test-bing", {"name": (
            LocalizedText("测试丙", "Test Bing"), LocalizedText("测试炳", "Test Bing"),
        )}),
    ]  # fmt: skip
    assert member("test-yi").focus == LocalizedText("改过的", "edited")


def test_the_files_side_is_taken_where_it_is_asked_for(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    edit("test-yi", focus=LocalizedText("改过的", "edited"))
    assert [change.what for change in load_content(folder, now=LATER, take_files=True).changes] == ["changed"]
    assert member("test-yi").focus == LocalizedText("示例合成", "sample synthesis")
    assert load_content(folder, now=LATER).changes == []


def test_a_trial_run_tells_the_difference_and_keeps_nothing(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    before = rows()
    change(folder / "members.csv", "测试丁,Test Ding,master,professional,2021,alumni,示例识别,sample recognition\n", "")
    change(folder / "projects.csv", "S-1", "S-2")
    report = load_content(folder, now=LATER, dry_run=True)
    assert [(each.what, each.kind, each.key) for each in report.changes] == [
        ("removed", "member", "test-ding"), ("changed", "project", "grant-s-1"),
    ]  # fmt: skip
    assert rows() == before


def test_somebody_whom_a_person_edited_stays_though_the_files_no_longer_name_them(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    edit("test-ding", focus=LocalizedText("改过的", "edited"))
    change(folder / "members.csv", "测试丁,Test Ding,master,professional,2021,alumni,示例识别,sample recognition\n", "")
    assert load_content(folder, now=LATER).changes == [Change("left", "member", "test-ding")]
    assert load_content(folder, now=LATER, take_files=True).changes == [Change("removed", "member", "test-ding")]


def test_once_the_files_say_what_was_edited_they_may_change_it_again(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    edit("test-yi", focus=LocalizedText("改过的", "edited"))
    change(folder / "members.csv", "示例合成,sample synthesis", "改过的,edited")
    assert load_content(folder, now=LATER).changes == []
    change(folder / "members.csv", "改过的,edited", "再改,again")
    assert [each.what for each in load_content(folder, now=LATER).changes] == ["changed"]


def test_who_saves_over_somebody_elses_work_is_told(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    assert edit("test-yi", seen=1, cohort=2023) == 2
    with pytest.raises(ConflictError):
        edit("test-yi", seen=1, cohort=2022)
    assert member("test-yi").cohort == 2023


def test_a_changed_address_leads_on_and_files_still_know_whom_it_means(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    edit("test-yi", slug="yi-test")
    assert [*former_keys(db.session(), "member")] == ["test-yi"]
    report = load_content(folder, now=LATER)
    assert report.changes == [Change("left", "member", "yi-test", {"slug": ("yi-test", "test-yi")})]
    assert app.test_client().get("/en/members/test-yi/").location == "/en/members/yi-test/"
    edit("yi-test", slug="test-yi")
    assert [*former_keys(db.session(), "member")] == ["yi-test"]


def test_every_state_of_a_record_can_be_read_again(app: Flask, tmp_path: Path) -> None:
    load_content(write_full_content(tmp_path / "content"), now=NOW)
    for name, kind in KINDS.items():
        for row in stored_rows(db.session(), kind):
            found = db.session.get_one(Revision, (name, row.id, 1))
            assert kind.read(found.values or {}, "") == kind.of(row)


def test_what_an_import_changed_is_a_revision_before_the_next_edit(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    with transaction():
        member("test-yi").email = "yi@example.org"
    edit("test-yi", cohort=2023)
    history = db.session.scalars(
        select(Revision).filter_by(kind="member", record_id=member("test-yi").id).order_by(Revision.number)
    )
    told = [(found.values["email"], found.values["cohort"], found.in_files) for found in history if found.values]
    assert told == [("", 2024, True), ("yi@example.org", 2024, True), ("yi@example.org", 2023, False)]


def test_a_row_that_takes_the_id_of_a_deleted_one_has_a_history_of_its_own(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    last = member("test-ding").id
    change(folder / "members.csv", "测试丁,Test Ding", "测试戊,Test Wu")
    change(folder / "publications.bib", "Ding, Test", "Wu, Test")
    load_content(folder, now=LATER)
    history = db.session.scalars(select(Revision).filter_by(kind="member", record_id=last).order_by(Revision.number))
    slugs = [found.values and found.values["slug"] for found in history]
    assert slugs[:2] == ["test-ding", None] and slugs[2:] in ([], ["test-wu"])


def test_what_is_said_in_one_language_only_is_listed(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    assert sorted(map(str, gaps())) == [
        "news first-news: body is missing in en",
        "news first-news: title is missing in en",
        "release sample-toolkit: title is missing in en",
        "research_area second-line: summary is missing in en",
    ]
