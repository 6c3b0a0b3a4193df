"""Editors who have the same page open hear of each other."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.content.presence.models import EditorPresence
from s2group.content.presence.services import forget_presences
from s2group.core.clock import now
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.queries import recorded_statements
from tests.support.staff import form_token, sign_in

PAGE, PRESENCE = "/editor/member/test-yi/", "/editor/presence/"


@pytest.fixture
def admin(app: Flask, folder: object) -> FlaskClient:
    client = app.test_client()
    sign_in(client, Role.ADMIN)
    return client


def look(client: FlaskClient, page: str = PAGE, language: str = "/en") -> tuple[int, str | None]:
    token = form_token(client.get(f"{language}/account/settings/").text)
    answer = client.post(f"{language}{PRESENCE}", data={"csrf_token": token, "page": page})
    return answer.status_code, answer.get_json(silent=True)


def test_each_is_told_of_the_other_for_a_minute(editor: FlaskClient, admin: FlaskClient) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert look(editor) == (200, "")
        assert look(editor) == (200, "")
        assert look(admin) == (200, "editor has this page open, too.")
        assert look(admin, "/editor/member/test-jia/") == (200, "")
        clock.shift(timedelta(seconds=59))
        assert look(editor) == (200, "admin has this page open, too.")
        clock.shift(timedelta(seconds=1))
        assert look(editor) == (200, "")
        assert look(admin, language="") == (200, "editor 也打开着这一页。")
        clock.shift(timedelta(seconds=60))
        assert forget_presences(now=now()) == 3
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(EditorPresence)) == 0


def test_the_pages_that_two_may_change_ask(editor: FlaskClient, admin: FlaskClient) -> None:
    for page in (PAGE, "/editor/news/full-news/", "/editor/profile/profile/"):
        assert f'data-page="{page}"' in editor.get(f"/en{page}").text
    assert "data-presence" not in editor.get("/en/editor/member/new/").text
    assert look(editor, "/editor/calls/recommended-exemption-master/")[0] == 404


@pytest.mark.parametrize(
    "page", ["", "/", "/editor/", "/editor/member/new/", "/review/", "https://example.org/", "x" * 999]
)
def test_no_other_page_is_noted(editor: FlaskClient, page: str) -> None:
    assert look(editor, page)[0] == 400
    assert db.session.scalar(select(func.count()).select_from(EditorPresence)) == 0


def test_asking_costs_as_much_whoever_else_is_there(editor: FlaskClient, admin: FlaskClient) -> None:
    counts = []
    for _ in range(2):
        look(editor)
        with recorded_statements() as statements:
            look(editor)
        counts.append(len(statements))
        look(admin)
    assert counts[0] == counts[1]
