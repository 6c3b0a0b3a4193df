"""The addresses that a watcher asks: what is well, and what raises an alarm."""

import shutil
import tempfile
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from config import MEGABYTE
from s2group import create_app
from s2group.core import clock
from s2group.core.database import transaction
from s2group.documents.store import store
from s2group.documents.stores import receiving
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.site.views import health
from tests.support.mail import add_templates, put_into_outbox

Disk = namedtuple("Disk", "total used free")
only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def ready(client: FlaskClient) -> tuple[int, str]:
    response = client.get("/readyz")
    return response.status_code, response.text


def test_the_process_answers(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_an_empty_portal_is_ready(client: FlaskClient) -> None:
    assert ready(client) == (200, "ready\n")


@pytest.mark.parametrize("state", ["waiting", "sending", "stuck"])
def test_mail_that_has_waited_for_over_an_hour_raises_the_alarm(app: Flask, client: FlaskClient, state: str) -> None:
    add_templates(app)
    [young, old] = [put_into_outbox(clock.now() - timedelta(minutes=minutes))[0] for minutes in (59, 75)]
    change(young, state=state)
    change(old, state=state)
    assert ready(client) == (503, "mail: the oldest unsent message has waited 75 minutes\n")
    change(old, state="accepted", accepted_at=clock.now())
    assert ready(client) == (200, "ready\n")


def test_mail_that_came_back_or_was_replaced_does_not(app: Flask, client: FlaskClient) -> None:
    add_templates(app)
    [returned, replaced] = [put_into_outbox(clock.now() - timedelta(hours=2))[0] for _ in range(2)]
    change(returned, state="bounced", accepted_at=clock.now())
    change(replaced, state="replaced", replaced_by_id=returned)
    assert ready(client) == (200, "ready\n")


def change(mail_id: int, **values: object) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(**values))


@pytest.fixture
def blocked_storage(app: Flask) -> Iterator[None]:
    """A storage that nobody can write to, not even root: a file lies where its folder should be."""
    folder = Path(app.config["STORAGE_URL"])
    folder.write_text("")
    yield
    folder.unlink()


@only_sqlite
def test_a_storage_that_cannot_be_written_raises_the_alarm(blocked_storage: None, client: FlaskClient) -> None:
    assert ready(client) == (503, "storage: the store of the files cannot be written\n")


@only_sqlite
def test_a_disk_that_fills_raises_the_alarm_before_it_is_full(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = {str(app.config["DATA_DIR"]): 0, tempfile.gettempdir(): 63 * MEGABYTE}
    monkeypatch.setattr(health, "disk_usage", lambda place: SimpleNamespace(free=full.get(str(place), 64 * MEGABYTE)))
    assert ready(client) == (
        503,
        "disk: 0 MB are free for the data folder\ndisk: 63 MB are free for the temporary files\n",
    )


@only_sqlite
def test_the_probe_leaves_nothing_in_the_storage(app: Flask, client: FlaskClient) -> None:
    ready(client)
    assert list(Path(app.config["STORAGE_URL"]).iterdir()) == []


@only_sqlite
def test_a_database_that_does_not_answer_raises_the_alarm_until_it_does(environ: dict[str, str]) -> None:
    database = Path(environ["S2_DATABASE_URL"].removeprefix("sqlite:///"))
    away = database.rename(database.with_suffix(".away"))
    database.mkdir()
    app = create_app(environ)
    client = app.test_client()
    assert ready(client) == (503, "database: it does not answer\n")
    assert client.get("/healthz").status_code == 200
    database.rmdir()
    away.rename(database)
    assert ready(client) == (200, "ready\n")
    with app.app_context():
        db.engine.dispose()


@only_sqlite
def test_a_disk_without_room_for_uploads_raises_the_alarm(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "RESERVE", 0)
    assert ready(client) == (200, "ready\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(total=100 * 2**30, used=0, free=2**30))
    monkeypatch.setattr(receiving, "RESERVE", 2**30)
    assert ready(client) == (503, "storage: there is no room for uploads\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(total=100, used=0, free=6))
    assert store.free_bytes() == 1
