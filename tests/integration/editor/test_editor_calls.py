"""Calls as an editor changes them, beside the files."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.admissions.call_kinds import CALL
from s2group.admissions.models import Call
from s2group.admissions.queries import call_by_key
from s2group.admissions.services.call_export import export_calls
from s2group.admissions.services.call_files import load_calls
from s2group.admissions.services.ended_calls import Ended
from s2group.audit.models import Event
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.calls import add_call
from tests.support.forms import as_shown, send
from tests.support.staff import MORNING, sign_in

CALLS = "/en/editor/calls/"
PATH = f"{CALLS}fictional-call/"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """The file of the fictional call, which the portal has loaded."""
    load_fictional_content(app)
    return Path(shutil.copytree(app.config["CONTENT_DIR"] / "calls", tmp_path / "calls"))


@pytest.fixture
def pi(app: Flask, folder: Path) -> FlaskClient:
    """A client signed in as the PI."""
    client = app.test_client()
    sign_in(client, Role.PI)
    return client


def the_call(key: str = "fictional-call") -> Call:
    db.session.rollback()
    call = call_by_key(key)
    assert call
    return call


def events() -> list[tuple[str, str, bool]]:
    db.session.rollback()
    found = db.session.scalars(select(Event).where(Event.subject_kind.in_(("call", "route"))).order_by(Event.id))
    return [(event.kind, event.subject_key, event.actor_id is not None) for event in found]


def test_a_call_that_is_edited_is_what_visitors_see_and_what_files_leave_alone(
    app: Flask, pi: FlaskClient, folder: Path, tmp_path: Path
) -> None:
    before = CALL.of(the_call())
    assert (send(pi, PATH).status_code, CALL.of(the_call())) == (303, before)
    visitor = app.test_client()
    assert "30 September 2027" not in visitor.get("/en/admissions/fictional-call/").text
    typed = {
        "closes_at": "2027-09-30T23:59",
        "recipients": "new@example.org\n\nother@example.org",
        "title_en": "Admissions of 2027",
        "timeline-1-at": "2026-12-24T18:00:30",
        "timeline-1-text_en": "A late day",
        "questions_answers-0-answer_en": "It can follow **much** later.",
        "answer_days": "21",
    }
    assert send(pi, PATH, **typed).status_code == 303
    assert "Saved. Visitors see the change already." in pi.get(PATH).text
    page = visitor.get("/en/admissions/fictional-call/").text
    assert "30 September 2027" in page
    assert "A late day" in page
    after = CALL.of(the_call())
    assert CALL.changed(before, after) == [
        "closes_at", "recipients", "answer_days", "title", "timeline", "questions_answers",
    ]  # fmt: skip
    assert after["closes_at"] == datetime(2027, 9, 30, 15, 59, tzinfo=UTC)
    assert after["timeline"][1] == {
        "at": datetime(2026, 12, 24, 10, 0, 30, tzinfo=UTC), "text": LocalizedText("", "A late day"),
    }  # fmt: skip
    assert (send(pi, PATH).status_code, CALL.of(the_call())) == (303, after)
    assert events()[-1] == ("call_changed", "fictional-call", True)

    loaded = load_calls(folder, now=MORNING)
    assert [(each.what, each.key) for each in loaded.changes] == [("left", "fictional-call")]
    assert CALL.of(the_call()) == after
    next(folder.glob("*.toml")).rename(tmp_path / "gone.toml")
    assert load_calls(folder, now=MORNING).ended == Ended()
    (tmp_path / "out").mkdir()
    export_calls(tmp_path / "out")
    loaded = load_calls(tmp_path / "out" / "calls", now=MORNING)
    assert (loaded.ended, loaded.changes) == (Ended(), [])
    # The files have said the same since: what they say next counts again.
    shutil.move(tmp_path / "gone.toml", folder / "back.toml")
    load_calls(folder, now=MORNING)
    assert CALL.of(the_call()) == before


def test_files_take_their_side_where_the_operator_says_so(pi: FlaskClient, folder: Path) -> None:
    before = CALL.of(the_call())
    send(pi, PATH, title_en="Another title")
    trial = load_calls(folder, now=MORNING, take_files=True, dry_run=True)
    assert [(each.what, list(each.fields)) for each in trial.changes] == [("changed", ["title"])]
    assert the_call().title.en == "Another title"
    load_calls(folder, now=MORNING, take_files=True)
    assert CALL.of(the_call()) == before


WRONG = (
    ("closes_at", "2025-01-01T00:00", "写开放之后的时间，或改正开放时间"),
    ("opens_at", "soon", "按 2026-09-02T09:00 的格式填写"),
    ("opens_at", "", "填写这一项"),
    ("timezone", "Nowhere", "写 Asia/Shanghai 这样的时区"),
    ("recipients", "", "至少写一个地址"),
    ("copies", "nobody", "写成 name@example.org 这样"),
    ("grace_minutes", "-1", "写一个整数，0 或更大"),
    ("retention_days", "many", "写一个整数，0 或更大"),
    ("answer_days", "0", "写一个大于 0 的整数"),
    ("timeline-0-at", "soon", "按 2026-09-02T09:00 的格式填写"),
    ("closes_at", "2099-01-01T00:00", "“虚构 later”同时开放，也有同名的招生方式：改其中一个的时间"),
)


def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(pi: FlaskClient) -> None:
    path, before = "/editor/calls/fictional-call/", CALL.of(the_call())
    add_call("later", opens_at=datetime(2098, 1, 1, tzinfo=UTC), route_key="postdoc")
    for name, typed, words in WRONG:
        response = send(pi, path, **{name: typed})
        at = "opens_at" if "同时" in words else name
        assert (response.status_code, f'<a href="#{at}">{words}</a>' in response.text) == (422, True), words
        assert as_shown(response.text)[name] == [typed]
    assert CALL.of(the_call()) == before
    # What has stood side by side before is no reason to refuse other words.
    assert send(pi, path, title_en="Other words").status_code == 303


def test_the_second_of_two_is_told_and_an_older_version_comes_back(pi: FlaskClient) -> None:
    page, before = pi.get(PATH).text, CALL.of(the_call())
    assert send(pi, PATH, closes_at="2027-01-01T12:00").status_code == 303
    response = send(pi, PATH, page, title_zh="我写的")
    assert response.status_code == 409
    assert "Somebody else saved this while you were writing" in response.text
    assert as_shown(response.text)["title_zh"] == ["我写的"]
    assert the_call().title.zh == before["title"].zh
    history = pi.get(f"{PATH}revisions/").text
    assert pi.post(f"{PATH}revisions/", data={**as_shown(history), "number": "1"}).status_code == 303
    assert CALL.of(the_call()) == before


def test_calls_are_listed_with_how_they_stand_and_editors_of_content_find_none(app: Flask, pi: FlaskClient) -> None:
    add_call("past", opens_at=MORNING - timedelta(days=9), closes_at=MORNING - timedelta(days=2))
    page = pi.get(CALLS).text
    assert all(words in page for words in ("Fictional admissions", "open all year", "Fictional past", "closed"))
    assert f'href="{CALLS}"' in pi.get("/en/editor/").text
    editor = app.test_client()
    sign_in(editor, Role.EDITOR)
    assert f'href="{CALLS}"' not in editor.get("/en/editor/").text
    for path in (CALLS, PATH, f"{PATH}revisions/"):
        assert editor.get(path).status_code == 404
        assert "/account/login?next=" in app.test_client().get(path).headers["Location"]
    assert pi.get(f"{CALLS}nothing/").status_code == 404
