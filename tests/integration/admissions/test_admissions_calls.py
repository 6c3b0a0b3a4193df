"""Calls: from files into the database, and which are open."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.admissions.queries import current_requirements, open_calls
from s2group.admissions.rules import read_requirements
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.services.call_files import load_calls
from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.content.records.errors import ContentError
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


def first_route() -> AdmissionRoute:
    return db.session.scalars(select(AdmissionRoute).filter_by(key="recommended-exemption-master")).one()


def versions() -> list[int]:
    """Those of the first route's requirements, newest first."""
    return [kept.version for kept in first_route().requirement_sets]


def call_changes() -> int:
    return db.session.scalar(select(func.count()).where(Event.kind == Kind.CALL_CHANGED)) or 0


def test_a_route_that_its_file_changes_is_told_once_as_a_change_of_its_call(folder: Path) -> None:
    load_calls(folder, now=NOW)
    assert call_changes() == 1
    edit(folder, "places = 2", "places = 3")
    for _time in range(2):
        load_calls(folder, now=NOW)
        assert call_changes() == 2


def test_a_call_is_loaded_as_the_file_says(folder: Path) -> None:
    load_calls(folder, now=NOW)
    call = db.session.scalars(select(Call)).one()
    assert (call.key, call.title) == ("fictional-call", LocalizedText(zh="虚构课题组招生", en="Fictional admissions"))
    assert call.opens_at == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert call.closes_at is None
    assert (call.recipients, call.copies) == (["pi@example.org"], ["co@example.org"])
    assert (call.mail_locale, call.answer_days, call.timezone) == ("zh", 14, "Asia/Shanghai")
    assert call.benefits == [LocalizedText(zh="一张虚构的桌子。", en="A fictional desk.")]
    assert [route.key for route in call.routes] == [
        "recommended-exemption-master", "national-exam-master", "phd-assessment", "research-assistant", "postdoc",
    ]  # fmt: skip
    assert [(route.places, route.filled) for route in call.routes] == [(None, False)] * 2 + [(2, False)] + [
        (None, False)
    ] * 2
    assert call.timeline == [
        {"at": "2026-09-30T15:59:59+00:00", "text": {"zh": "优先审阅截止", "en": "First round of reading"}}
    ]
    assert call.questions_answers == [
        {
            "question": {"zh": "可以不交成绩单吗？", "en": "Is a transcript needed?"},
            "answer": {"zh": "可以以后再交。", "en": "It can follow later."},
        }
    ]
    assert (call.grace_minutes, call.retention_days, call.files_retention_days) == (30, 730, 180)
    requirements = read_requirements(current_requirements(call.routes[0]).requirements)
    assert [requirement.key for requirement in requirements] == [
        "exemption_quota", "health_and_attitude", "foundations", "foreign_language", "research_ability",
        "cet4", "neural_network", "papers",
    ]  # fmt: skip


def test_a_file_saved_by_notepad_that_closes_at_24_is_read(folder: Path) -> None:
    edit(folder, "opens_at = 2026-01-01T00:00:00+08:00", "opens_at = 2026-01-01T00:00+08:00")
    path = folder / FILE
    closing = b"closes_at = 2027-09-30T24:00:00+08:00\n"
    path.write_bytes(b"\xef\xbb\xbf" + closing + path.read_bytes())
    load_calls(folder, now=NOW)
    assert db.session.scalars(select(Call.closes_at)).one() == datetime(2027, 9, 30, 16, tzinfo=UTC)


def test_the_groups_own_calls_can_be_loaded(app: Flask) -> None:
    load_calls(ROOT / "content" / "calls", now=NOW)
    calls = open_calls(NOW)
    assert {call.key: [route.key for route in call.routes] for call in calls} == {
        "recommended-exemption-master": ["recommended-exemption-master", "national-exam-master"],
        "phd": ["phd-assessment"],
        "postdoc": ["postdoc"],
        "research-assistant": ["research-assistant"],
    }
    for call in calls:
        assert (call.recipients, call.copies) == (["imucslr@imu.edu.cn"], ["liurui_imu@163.com"])
        assert call.closes_at is None
        texts = [call.title, call.summary, call.notice, call.contact, call.purpose, *call.benefits]
        assert [text for text in texts if text.untranslated] == []


def test_the_groups_routes_ask_what_they_should(app: Flask) -> None:
    load_calls(ROOT / "content" / "calls", now=NOW)
    routes = {route.key: read_form(route.form) for call in open_calls(NOW) for route in call.routes}
    quota = routes["recommended-exemption-master"]
    assert quota.required == (
        "name", "email", "phone", "university", "college", "major", "exemption_status",
    )  # fmt: skip
    assert quota.required_documents == ("resume",)
    assert "exam_total" in routes["national-exam-master"].fields
    doctorate, assistant, postdoc = (routes[key] for key in ("phd-assessment", "research-assistant", "postdoc"))
    assert (doctorate.referees, postdoc.referees) == (2, 2)
    assert doctorate.required_documents == ("resume", "transcript")
    assert {"research_plan", "papers"} <= set(doctorate.fields)
    assert {"research_plan", "papers"} <= set(postdoc.required)
    assert {"weekly_hours", "months", "term"} <= set(assistant.fields)


def test_loading_again_changes_nothing(folder: Path) -> None:
    load_calls(folder, now=NOW)
    load_calls(folder, now=NOW + timedelta(days=1))
    assert versions() == [1]
    assert db.session.scalar(select(func.count()).select_from(AdmissionRoute)) == 5
    assert db.session.scalar(select(func.count()).select_from(RequirementSet)) == 5


def test_a_new_line_is_a_new_version_and_the_old_one_stays(folder: Path) -> None:
    load_calls(folder, now=NOW)
    edit(folder, "minimum = 425\nalternatives", "minimum = 430\nalternatives")
    load_calls(folder, now=NOW + timedelta(days=1))
    assert versions() == [2, 1]
    route = first_route()
    lines = {kept.version: kept.requirements[5]["minimum"] for kept in route.requirement_sets}
    assert lines == {1: 425, 2: 430}
    labels = {found.version: read_requirements(found.requirements)[5].wording.en for found in route.requirement_sets}
    assert labels == {1: "CET-4 of 425 or more", 2: "CET-4 of 430 or more"}
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
        (
            'timezone = "Asia/Shanghai"',
            'timezone = "Asia/Nowhere"',
            "timezone 'Asia/Nowhere' is not known. Write one such as Asia/Shanghai.",
        ),
        (
            "opens_at = 2026-01-01T00:00:00+08:00",
            "opens_at = 2026-01-01T00:00:00",
            "Write it as 2026-07-02T09:00:00+08:00, without quotation marks.",
        ),
        ('mail_locale = "zh"', 'mail_locale = "de"', "mail_locale is 'de'. Write one of: zh, en."),
        ('recipients = ["pi@example.org"]', "recipients = []", "recipients names nobody. Name at least one address."),
        (
            "answer_days = 14",
            "answer_days = 14\nplaces = 3",
            "unknown field places. Correct the name or take the field out.",
        ),
        ("answer_days = 14", "", "answer_days is missing. Add it."),
        (
            "minimum = 425\nalternatives",
            "minimum = 42500\nalternatives",
            "routes no. 1: requirement 6 (cet4): 'minimum' must lie",
        ),
        ("[title]", "[title", "not valid TOML: Expected"),
        (
            'key = "fictional-call"',
            'key = "check"',
            "key 'check' is taken by a page of the portal. Write another one: a page of the portal has this address.",
        ),
        (
            'key = "fictional-call"',
            'key = "虚构"',
            "key is '虚构'. It is the call's address: use letters, digits and hyphens",
        ),
        ('"declared", "papers", "awards"', '"declared", "awards"', "'phd_papers': the form does not ask 'papers'"),
        ('document = "transcript"', 'document = "rank_proof"', "'phd_transcript': the form does not ask 'rank_proof'"),
        (
            "四级不低于 {minimum} 分",
            "四级不低于 430 分",
            "requirement 'cet4': 'wording' says 430 in zh, and the rule 425",
        ),
        ("CET-4 of {minimum}", "CET-4 of 400", "'wording' says 400 in en, and the rule 425; write {minimum} there"),
        ("CET-4 of {minimum}", "CET-4 of {percent}", "'wording' has {percent}, which here can be {minimum}"),
        ("places = 2", "places = 0", "routes no. 3: places is 0. Write a whole number above 0."),
        ("places = 2", 'filled = "yes"', "filled is 'yes'. Write true or false, without quotation marks."),
        ("grace_minutes = 30", "grace_minutes = -1", "grace_minutes is -1. Write a whole number, 0 or more."),
        (
            "pi@example.org",
            "pi at example.org",
            "recipients holds 'pi at example.org', not a plain mail address. Write it as name@example.org.",
        ),
        (
            "timezone",
            "closes_at = 2026-01-01T00:00:00+08:00\ntimezone",
            "closes_at is not later than opens_at. Write a moment after the opening, or correct that one.",
        ),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_changed(folder: Path, old: str, new: str, message: str) -> None:
    edit(folder, old, new)
    with pytest.raises(ContentError) as caught:
        load_calls(folder, now=NOW)
    assert str(caught.value).startswith(f"calls/{FILE}")
    assert message in str(caught.value)
    assert db.session.scalar(select(func.count()).select_from(Call)) == 0


@pytest.mark.parametrize(
    ("first", "second", "is_right"),
    [
        ("", "", False),
        ("closes_at = 2026-09-30T23:59:59+08:00", "2026-10-01T00:00:00+08:00", True),
        ("closes_at = 2026-09-30T23:59:59+08:00", "2026-09-30T00:00:00+08:00", False),
    ],
)
def test_no_two_open_calls_have_a_route_of_one_name(folder: Path, first: str, second: str, is_right: bool) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    opens = second or "2026-01-01T00:00:00+08:00"
    other = text.replace("fictional-call", "next").replace(
        "opens_at = 2026-01-01T00:00:00+08:00", f"opens_at = {opens}"
    )
    (folder / "next.toml").write_text(other, encoding="utf-8")
    edit(folder, "timezone", f"{first}\ntimezone")
    if is_right:
        load_calls(folder, now=NOW)
        return
    with pytest.raises(ContentError, match="are open at the same time, and both have the route"):
        load_calls(folder, now=NOW)


def test_a_call_is_open_from_its_first_moment_to_just_before_its_last(folder: Path) -> None:
    edit(folder, "timezone", "closes_at = 2026-09-30T23:59:59+08:00\ntimezone")
    load_calls(folder, now=NOW)
    opens, closes = datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [len(open_calls(moment)) for moment in (opens - second, opens, closes - second, closes)] == [0, 1, 1, 0]


def _renamed(text: str, number: int) -> str:
    """The same call, with other names for itself and its routes."""
    return text.replace("fictional-call", f"call-{number}").replace(
        '[[routes]]\nkey = "', f'[[routes]]\nkey = "{number}-'
    )


def test_open_calls_take_two_queries_however_many_there_are(folder: Path) -> None:
    counts = []
    for number in (1, 2, 3):
        text = (folder / FILE).read_text(encoding="utf-8")
        (folder / f"{number}.toml").write_text(_renamed(text, number), encoding="utf-8")
        load_calls(folder, now=NOW)
        with recorded_statements() as statements:
            assert len([call.routes for call in open_calls(NOW)]) == number + 1
        counts.append(len(statements))
    assert len(set(counts)) == 1
