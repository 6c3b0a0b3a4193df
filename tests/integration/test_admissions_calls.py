"""Calls: from files into the database, and which are open."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from s2group.admissions.calls import load_calls
from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.admissions.queries import current_requirements, open_calls
from s2group.admissions.rules import read_requirements
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.queries import recorded_statements

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
FILE = "recommended-exemption-master.toml"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A copy of the fictional call, to be edited."""
    return Path(shutil.copytree(app.config["CONTENT_DIR"] / "calls", tmp_path / "calls"))


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new), encoding="utf-8")


def versions() -> list[int]:
    return list(db.session.scalars(select(RequirementSet.version).order_by(RequirementSet.version)))


def test_a_call_is_loaded_as_the_file_says(folder: Path) -> None:
    load_calls(folder, now=NOW)
    call = db.session.scalars(select(Call)).one()
    assert (call.key, call.title) == ("fictional-call", LocalizedText(zh="虚构课题组招生", en="Fictional admissions"))
    assert call.opens_at == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert call.closes_at is None
    assert (call.recipients, call.copies) == (["pi@example.org"], ["co@example.org"])
    assert (call.mail_locale, call.answer_days, call.timezone) == ("zh", 14, "Asia/Shanghai")
    assert call.benefits == [LocalizedText(zh="一张虚构的桌子。", en="A fictional desk.")]
    assert [route.key for route in call.routes] == ["recommended-exemption-master"]
    requirements = read_requirements(current_requirements(call.routes[0]).requirements)
    assert [requirement.key for requirement in requirements] == [
        "exemption_quota", "health_and_attitude", "foundations", "foreign_language", "research_ability",
        "cet4", "neural_network", "papers",
    ]  # fmt: skip


def test_the_groups_own_call_can_be_loaded(app: Flask) -> None:
    load_calls(ROOT / "content" / "calls", now=NOW)
    [call] = open_calls(NOW)
    assert (call.recipients, call.copies) == (["imucslr@imu.edu.cn"], ["liurui_imu@163.com"])
    assert call.closes_at is None
    texts = [call.title, call.summary, call.notice, *call.benefits]
    assert [text for text in texts if text.untranslated] == []


def test_loading_again_changes_nothing(folder: Path) -> None:
    load_calls(folder, now=NOW)
    load_calls(folder, now=NOW + timedelta(days=1))
    assert versions() == [1]
    assert db.session.scalar(select(func.count()).select_from(AdmissionRoute)) == 1


def test_a_new_line_is_a_new_version_and_the_old_one_stays(folder: Path) -> None:
    load_calls(folder, now=NOW)
    edit(folder, "line = 425\nalternatives", "line = 430\nalternatives")
    load_calls(folder, now=NOW + timedelta(days=1))
    assert versions() == [1, 2]
    route = db.session.scalars(select(AdmissionRoute)).one()
    lines = {kept.version: kept.requirements[5]["line"] for kept in route.requirement_sets}
    assert lines == {1: 425, 2: 430}
    assert current_requirements(route).version == 2


def test_other_words_of_the_call_are_no_new_version(folder: Path) -> None:
    load_calls(folder, now=NOW)
    edit(folder, "Fictional admissions", "Fictional admissions, again")
    load_calls(folder, now=NOW)
    assert db.session.scalars(select(Call)).one().title.en == "Fictional admissions, again"
    assert versions() == [1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Nowhere"', "must be a name such as Asia/Shanghai"),
        ("opens_at = 2026-01-01T00:00:00+08:00", "opens_at = 2026-01-01T00:00:00", "'opens_at' must be a moment"),
        ('mail_locale = "zh"', 'mail_locale = "de"', "'mail_locale' must be one of zh, en"),
        ('recipients = ["pi@example.org"]', "recipients = []", "'recipients' must name at least one address"),
        ("answer_days = 14", "answer_days = 14\nplaces = 3", "unknown: places"),
        ("answer_days = 14", "", "missing: 'answer_days'"),
        ("line = 425\nalternatives", "line = 42500\nalternatives", "requirement 6 (cet4): 'line' must lie between"),
        ("[title]", "[title", "Expected"),
        ("pi@example.org", "pi at example.org", "not a plain mail address"),
        ("timezone", "closes_at = 2026-01-01T00:00:00+08:00\ntimezone", "'closes_at' must be later than 'opens_at'"),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_changed(folder: Path, old: str, new: str, message: str) -> None:
    edit(folder, old, new)
    with pytest.raises(ValueError) as caught:
        load_calls(folder, now=NOW)
    assert str(caught.value).startswith(f"{FILE}: ")
    assert message in str(caught.value)
    assert db.session.scalar(select(func.count()).select_from(Call)) == 0


def test_a_call_is_open_from_its_first_moment_to_just_before_its_last(folder: Path) -> None:
    edit(folder, "timezone", "closes_at = 2026-09-30T23:59:59+08:00\ntimezone")
    load_calls(folder, now=NOW)
    opens, closes = datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [len(open_calls(moment)) for moment in (opens - second, opens, closes - second, closes)] == [0, 1, 1, 0]


def test_open_calls_take_two_queries_however_many_there_are(folder: Path) -> None:
    counts = []
    for number in (1, 2, 3):
        text = (folder / FILE).read_text(encoding="utf-8")
        (folder / f"{number}.toml").write_text(text.replace("fictional-call", f"call-{number}"), encoding="utf-8")
        load_calls(folder, now=NOW)
        with recorded_statements() as statements:
            assert len([call.routes for call in open_calls(NOW)]) == number + 1
        counts.append(len(statements))
    assert len(set(counts)) == 1
