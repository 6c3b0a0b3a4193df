"""The database is locked, gone, or another one: nobody loses what they typed, and the portal goes on by itself."""

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from s2group.content.group import context
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support import applying, staff
from tests.support.applying import hidden_fields, load_fictional_content, opened_form, send
from tests.support.databases import SqliteDatabases

STATEMENT = "Typed with care: 《<\"&'>》\nin two lines" + ", at length" * 30
# Instead of ten seconds, for the sake of the tests.
SHORT_PATIENCE = "PRAGMA busy_timeout = 200"


@pytest.fixture
def databases(sqlite_databases: SqliteDatabases) -> SqliteDatabases:
    """SQLite's alone: PostgreSQL has troubles, and tests, of its own."""
    return sqlite_databases


@pytest.fixture
def path(app: Flask, client: FlaskClient) -> Iterator[Path]:
    """The file of a database with the fictional call in it."""

    def lose_patience(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(SHORT_PATIENCE)

    event.listen(db.engine, "checkout", lose_patience)
    # As browsers do.
    client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    load_fictional_content(app)
    yield Path(str(db.engine.url.database))
    event.remove(db.engine, "checkout", lose_patience)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process holds the database for itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def gone(path: Path) -> Iterator[None]:
    """The database is not where it was."""
    db.session.remove()
    away = path.rename(path.with_name("away"))
    yield
    away.rename(path)


def test_while_the_database_is_locked_the_form_stays_filled_in(path: Path, client: FlaskClient) -> None:
    hidden = opened_form(client)
    with locked(path):
        response = send(client, hidden, statement=STATEMENT)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "120")
    assert response.headers["Cache-Control"] == "no-store"
    assert "You have no receipt yet: the portal cannot store anything right now" in response.text
    assert "CV (PDF): the upload did not get through. Select the file again" in response.text
    assert "Typed with care: 《&lt;&#34;&amp;&#39;&gt;》" in response.text
    assert applying.applications() == 0
    again = send(client, hidden_fields(response.text), statement=STATEMENT)
    assert again.status_code == 303
    assert applying.the_application().form_key == hidden["form_key"]


def test_a_file_that_was_stored_before_the_lock_need_not_be_sent_again(path: Path, client: FlaskClient) -> None:
    incomplete = send(client, opened_form(client), name="")
    assert incomplete.status_code == 422
    with locked(path):
        response = send(client, hidden_fields(incomplete.text), resume=None)
    assert response.status_code == 503
    assert "The portal already has cv.pdf" in response.text
    assert "Select the file again" not in response.text
    assert send(client, hidden_fields(response.text), resume=None).status_code == 303
    assert applying.applications() == 1


def test_while_the_database_is_gone_every_page_says_so_and_none_is_made_anew(path: Path, client: FlaskClient) -> None:
    with gone(path):
        for address in ("/en/", "/en/news/", "/en/apply/"):
            response = client.get(address)
            assert (response.status_code, response.headers["Retry-After"]) == (503, "120")
            assert "The portal cannot do this right now" in response.text
            assert f'href="{address}">Try again' in response.text
        assert not path.exists()
    assert client.get("/en/").status_code == 200


def test_a_form_sent_while_the_database_is_gone_can_be_sent_again_from_the_answer(
    path: Path, client: FlaskClient
) -> None:
    hidden = opened_form(client)
    with gone(path):
        response = send(client, hidden, statement=STATEMENT)
    assert response.status_code == 503
    kept = hidden_fields(response.text)
    assert kept["statement"] == STATEMENT
    assert "Select cv.pdf again" in response.text
    again = client.post(
        "/en/apply/",
        data=kept | {"resume": (io.BytesIO(applying.RESUME), "cv.pdf")},
        content_type="multipart/form-data",
    )
    assert again.status_code == 303
    application = applying.the_application()
    assert (application.form_key, application.answers["statement"]) == (hidden["form_key"], STATEMENT)


def test_a_password_is_not_handed_back(path: Path, client: FlaskClient) -> None:
    token = staff.form_token(client.get("/en/account/login").text)
    with gone(path):
        data = {"csrf_token": token, "email": "pi@example.org", "password": staff.PASSWORD}
        response = client.post("/en/account/login", data=data)
    assert response.status_code == 503
    assert staff.PASSWORD not in response.text


def test_what_an_editor_typed_is_kept_while_the_database_is_locked(path: Path, client: FlaskClient) -> None:
    staff.sign_in(client, Role.EDITOR)
    page = client.get("/en/editor/news/new/")
    kept = hidden_fields(page.text)
    fields = {"title_zh": "测试消息", "body_zh": STATEMENT, "slug": "test-item", "day": "2026-09-02"}
    with locked(path):
        response = client.post("/en/editor/news/new/", data=kept | fields)
    assert response.status_code == 503
    assert fields.items() <= hidden_fields(response.text).items()


def test_a_database_put_in_the_place_of_the_old_one_is_used_at_once(path: Path, client: FlaskClient) -> None:
    assert client.get("/en/").status_code == 200
    db.session.remove()
    with closing(sqlite3.connect(path)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as other:
        other.execute("UPDATE group_profile SET short_name = 'Another group'")
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy.replace(path)
    for leftover in ("-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    assert "Another group" in client.get("/en/").text


def test_no_page_is_given_without_what_could_not_be_read(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise OperationalError("SELECT", {}, Exception("the connection is lost"))

    monkeypatch.setattr(context, "page_titles", lost)
    page = client.get("/en/")
    assert (page.status_code, "The portal cannot do this right now" in page.text) == (503, True)
    monkeypatch.undo()
    assert client.get("/en/").status_code == 200
