"""The mail worker beside gunicorn: started, replaced, and never left behind."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from s2group import create_app
from s2group.core import clock
from tests.support.databases import SqliteDatabases, settings
from tests.support.mail import add_templates, put_into_outbox
from tests.support.server import Portal, running_portal


@pytest.fixture
def environ(tmp_path: Path, sqlite_databases: SqliteDatabases) -> dict[str, str]:
    folder = tmp_path / "data"
    return settings(folder, sqlite_databases.fresh(folder))


@pytest.fixture
def portal(environ: dict[str, str]) -> Iterator[Portal]:
    with running_portal(environ) as portal:
        yield portal


def _wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _enqueue(environ: dict[str, str]) -> None:
    app = create_app(environ)
    with app.app_context():
        add_templates(app)
        put_into_outbox(clock.now())


def _delivered(portal: Portal) -> int:
    return len(list((portal.data_dir / "mail").glob("*.eml")))


def _lives(pid: int) -> bool:
    """Whether the process runs; one that has ended and is not yet fetched by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_is_in_the_outbox_is_delivered_also_by_the_worker_after_one_that_died_and_all_end_in_order(
    portal: Portal,
) -> None:
    portal.get("/healthz?name=secret", headers={"User-Agent": "secret", "Referer": "http://secret.example.org/"})
    portal.get("/%0Aforged")
    _enqueue(portal.environ)
    _wait_until(lambda: _delivered(portal) == 1)
    [first] = portal.mail_workers()
    os.kill(first, signal.SIGKILL)
    _enqueue(portal.environ)
    _wait_until(lambda: _delivered(portal) == 2)
    assert portal.mail_workers() != [first]
    process, [worker] = portal.process, portal.mail_workers()
    assert process is not None
    portal.stop()
    assert process.returncode == 0
    assert not _lives(worker)
    the_log_says_nothing_about_who_asked_for_what(portal)


def the_log_says_nothing_about_who_asked_for_what(portal: Portal) -> None:
    assert '"GET /healthz" 200 3 bytes' in portal.log
    assert '"GET /%0Aforged" 404' in portal.log
    assert "secret" not in portal.log


def test_no_worker_outlives_gunicorn(portal: Portal) -> None:
    _wait_until(portal.mail_workers)
    [worker] = portal.mail_workers()
    assert portal.process is not None
    portal.process.kill()
    _wait_until(lambda: not _lives(worker))


def test_without_the_embedded_worker_there_is_none(environ: dict[str, str]) -> None:
    with running_portal(environ | {"S2_EMBEDDED_WORKER": "off"}) as portal:
        assert portal.mail_workers() == []
        _enqueue(portal.environ)
        assert portal.run("mail", "deliver", "--once") == "1\n"
        assert _delivered(portal) == 1
