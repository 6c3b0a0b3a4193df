"""Editors put records in order; files do not undo it, unless they are to."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from s2group.audit.models import Event
from s2group.audit.rules import Kind, RecordMoved
from s2group.content.differences import differences
from s2group.content.editing import count_of
from s2group.content.exporting import export_content
from s2group.content.loading import load_content
from s2group.content.records.loading import Change
from s2group.content.records.models import Revision
from s2group.content.releases.files import RELEASE
from s2group.content.releases.models import Release
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.headings import text_of
from tests.support.queries import recorded_statements
from tests.support.sample import SAMPLE
from tests.support.staff import MORNING, form_token, sign_in

LIST = "/en/editor/release/"
TABLE = """[[items]]
key = "{key}"
kind = "code"
title = {{ zh = "工具 {key}", en = "Tool {key}" }}
url = "https://example.org/{key}"
"""


def write(folder: Path, keys: str) -> None:
    (folder / "releases.toml").write_text("\n".join(TABLE.format(key=f"tool-{key}") for key in keys), "utf-8")


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """Content files with four tools, which are loaded."""
    folder = tmp_path / "content"
    copytree(SAMPLE, folder)
    write(folder, "abcd")
    load_content(folder, now=MORNING)
    yield folder


@pytest.fixture
def editor(client: FlaskClient, folder: Path) -> FlaskClient:
    sign_in(client, Role.EDITOR)
    return client


def move(client: FlaskClient, key: str, to: str, *, path: str = LIST) -> TestResponse:
    token = form_token(client.get(path).text)
    return client.post(path, data={"csrf_token": token, "key": f"tool-{key}", "to": to})


def order() -> str:
    db.session.rollback()
    keys = db.session.scalars(select(Release.key).order_by(Release.position))
    return "".join(key.removeprefix("tool-") for key in keys)


def test_up_down_and_behind_another_one(editor: FlaskClient) -> None:
    orders = []
    for key, to in [("c", "up"), ("a", "down"), ("d", "after:"), ("d", "after:tool-a"), ("a", "up"), ("a", "up")]:
        answer = move(editor, key, to)
        assert (answer.status_code, answer.location) == (303, LIST)
        orders.append(order())
    assert orders == ["acbd", "cabd", "dcab", "cadb", "acdb", "acdb"]
    events = db.session.scalars(select(Event).where(Event.kind == Kind.RECORD_MOVED).order_by(Event.id)).all()
    assert [(event.subject_key, event.details) for event in events] == [
        ("release/tool-c", RecordMoved(2, 4)), ("release/tool-a", RecordMoved(2, 4)),
        ("release/tool-d", RecordMoved(1, 4)), ("release/tool-d", RecordMoved(3, 4)),
        ("release/tool-a", RecordMoved(1, 4)),
    ]  # fmt: skip
    kept = db.session.scalars(select(Revision).where(Revision.kind == "release-order").order_by(Revision.number)).all()
    assert [revision.number for revision in kept] == [1, 2, 3, 4, 5]
    assert kept[-1].values == {"keys": ["tool-a", "tool-c", "tool-d", "tool-b"]}


def test_the_page_tells_the_place_once_and_keeps_the_focus_on_the_button(editor: FlaskClient) -> None:
    move(editor, "c", "up")
    page = editor.get(LIST).text
    assert "It is number 2 of 4 now. Visitors see the new order already." in text_of(page)
    assert page.count("autofocus") == 1
    assert 'value="up" aria-label="Up: Tool tool-c" autofocus' in page
    assert "autofocus" not in editor.get(LIST).text
    visitors = editor.get("/en/releases/").text
    assert visitors.find("Tool tool-c") < visitors.find("Tool tool-b")


def test_what_is_not_there_any_more_moves_nothing_and_is_told(editor: FlaskClient) -> None:
    for key, to in [("x", "up"), ("a", "after:tool-x"), ("a", "sideways")]:
        answer = move(editor, key, to)
        assert answer.status_code == 409
        assert "Nothing was moved: this is how they stand now." in text_of(answer.text)
    assert order() == "abcd"


def test_kinds_without_an_order_of_their_own_are_not_moved(editor: FlaskClient) -> None:
    token = form_token(editor.get(LIST).text)
    for kind in ("member", "venue", "page", "publication"):
        answer = editor.post(f"/en/editor/{kind}/", data={"csrf_token": token, "key": "test-jia", "to": "up"})
        assert answer.status_code == 404


def test_files_leave_the_order_of_a_person_and_say_so(editor: FlaskClient, folder: Path) -> None:
    move(editor, "d", "after:")
    write(folder, "axbcd")
    report = load_content(folder, now=MORNING)
    assert order() == "daxbc"
    told = [change for change in report.changes if change.what == "order"]
    by_hand, by_files = ([f"tool-{key}" for key in keys] for keys in ("daxbc", "axbcd"))
    assert told == [Change("order", "release", "", {"order": (by_hand, by_files)})]
    assert next(differences(told)) == "the order of release was changed in the portal and is left"
    assert [change.what for change in load_content(folder, now=MORNING, dry_run=True).changes] == ["order"]
    load_content(folder, now=MORNING, take_files=True)
    assert order() == "axbcd"
    write(folder, "dcbax")
    assert [change.what for change in load_content(folder, now=MORNING).changes] == []
    assert order() == "dcbax"


def test_once_the_files_say_the_same_they_decide_again(editor: FlaskClient, folder: Path) -> None:
    move(editor, "d", "after:")
    write(folder, "dabc")
    assert load_content(folder, now=MORNING).changes == []
    write(folder, "abcd")
    load_content(folder, now=MORNING)
    assert order() == "abcd"


def test_the_order_goes_out_with_the_files(editor: FlaskClient, folder: Path, tmp_path: Path) -> None:
    move(editor, "d", "after:")
    export_content(tmp_path / "out")
    assert load_content(tmp_path / "out", now=MORNING).changes == []
    assert order() == "dabc"
    assert count_of(RELEASE) == 4


def test_a_move_takes_as_many_statements_among_many(editor: FlaskClient, folder: Path) -> None:
    counts = []
    for keys in ("abcd", "abcdefghijklmnopqrstuvwxyz"):
        write(folder, keys)
        load_content(folder, now=MORNING)
        editor.get(LIST)  # shows what was said of the move before
        with recorded_statements() as statements:
            move(editor, "b", "up")
        counts.append(len(statements))
        db.session.execute(update(Revision).values(in_files=True))
        db.session.commit()
    assert counts[0] == counts[1]
