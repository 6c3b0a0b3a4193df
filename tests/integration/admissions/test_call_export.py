"""Calls that are written as files load again as the same."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from config import ROOT
from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.admissions.services.call_export import export_calls
from s2group.admissions.services.call_files import load_calls, read_calls
from s2group.admissions.services.ended_calls import Ended
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.calls import add_call
from tests.support.sample import SAMPLE

# What no call of tests or of the group's own says: a question of each kind, moments, parts, words of several lines.
FULL = '''
key = "full_call"
opens_at = 2026-03-01T00:00:00+08:00
closes_at = 2026-10-01T24:00:00+08:00
timezone = "Asia/Shanghai"
recipients = ["pi@example.org"]
mail_locale = "en"
hide_ratings = false
blind = true
answer_days = 7
grace_minutes = 0
retention_days = 100
files_retention_days = 10
title.en = "Only English"
summary = { zh = "一\\\\二", en = "with \\"quotes\\"" }
notice.zh = """
第一行

第二行"""
contact.zh = "谁"
purpose.zh = "何"
timeline = [{ zh = "待定" }, { at = 2026-09-30T23:59:59+08:00, zh = "截止", en = "End" }]

[[routes]]
key = "full"
places = 3
filled = true
title.zh = "方式"
subject_label.zh = "方式"

[routes.form]
required = ["phone"]
optional = ["gpa", "papers", "weekly_hours"]
required_from = { gpa = 2026-09-01T00:00:00+08:00 }
frozen_from = { phone = 2026-09-15T12:00:00+00:00 }
optional_documents = ["transcript"]
referees = 2
questions = [
  { key = "why", kind = "text", required = true, longest = 900, label = { zh = "何故", en = "Why\\nso" } },
  { key = "size", kind = "number", low = 0.5, high = 3, label = { zh = "多少", en = "How many" } },
  { key = "which", kind = "choice", label = { zh = "哪个", en = "Which" }, options = [
    { value = "a", zh = "甲", en = "A" }, { value = "b", zh = "乙", en = "B" } ] },
]

[[routes.rubric]]
key = "base"
wording = { zh = "基础", en = "Base" }
hint = { zh = "数学", en = "Mathematics" }
low = 0
high = 100
low_means = { zh = "无", en = "none" }
high_means = { zh = "满", en = "full" }
weight = 2
required = true

[[routes.rubric]]
key = "fit"
wording = { zh = "契合", en = "Fit" }
required = false

[[routes.requirements]]
key = "either"
kind = "any_of"
level = "blocking"
wording = { zh = "其一", en = "Either" }
parts = [
  { key = "hours", kind = "amount", field = "weekly_hours", minimum = 7.5, wording = { zh = "{minimum}", en = "X" } },
  { key = "paper", kind = "document", wording = { zh = "成绩单", en = "Transcript" }, document = "transcript" },
]
'''


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of calls, as they are stored."""
    with db.engine.connect() as connection:
        return {
            model.__tablename__: [dict(row) for row in connection.execute(select(model.__table__)).mappings()]
            for model in (Call, AdmissionRoute, RequirementSet)
        }


@pytest.fixture(params=["the group's own", "fictional", "every field"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Content files with calls in them."""
    folder = tmp_path / "before"
    source = {"the group's own": ROOT / "content", "fictional": SAMPLE}.get(request.param)
    if source:
        shutil.copytree(source / "calls", folder / "calls")
    else:
        (folder / "calls").mkdir(parents=True)
        (folder / "calls" / "full.toml").write_text(FULL, encoding="utf-8")
    return folder


def test_load_export_load_changes_nothing(app: Flask, folder: Path, tmp_path: Path) -> None:
    load_calls(folder / "calls", now=MORNING)
    before = everything()
    target = tmp_path / "after"
    target.mkdir()
    assert export_calls(target) == []
    one, other = read_calls(folder / "calls"), read_calls(target / "calls")
    assert sorted((each.call.values["key"], each.routes) for each in one) == sorted(
        (each.call.values["key"], each.routes) for each in other
    )
    assert load_calls(target / "calls", now=MORNING + timedelta(days=1)).ended == Ended()
    assert everything() == before


def test_moments_are_written_as_the_calls_clocks_show_them(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "full_call.toml").write_text(FULL, encoding="utf-8")
    load_calls(tmp_path / "calls", now=MORNING)
    export_calls(tmp_path)
    lines = (tmp_path / "calls" / "full_call.toml").read_text().splitlines()
    assert "closes_at = 2026-10-02T00:00:00+08:00" in lines
    assert "phone = 2026-09-15T12:00:00+00:00" in lines


def test_a_call_that_went_by_another_key_is_left_out_and_stays(app: Flask, tmp_path: Path) -> None:
    add_call("before", closes_at=MORNING + timedelta(days=5))
    add_call("after", opens_at=MORNING + timedelta(days=1))
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(key="the-same"))
    target = tmp_path / "after"
    target.mkdir()
    assert export_calls(target) == [
        "The call before is left out: a later one has the same routes at the same time.",
    ]
    assert [path.name for path in (target / "calls").iterdir()] == ["after.toml"]
    before = everything()
    load_calls(target / "calls", now=MORNING + timedelta(days=6))
    assert everything() == before
