"""A portal as it is run, for tests that pull the rug from under it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from s2group import create_app
from s2group.extensions import db
from tests.support.databases import SqliteDatabases, settings
from tests.support.server import Portal


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Its data folder; a test may put it elsewhere."""
    return tmp_path / "data"


@pytest.fixture
def portal(data_dir: Path, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """A portal with the fictional call, not started yet."""
    portal = Portal(settings(data_dir, sqlite_databases.fresh(data_dir)))
    portal.prepare()
    yield portal
    portal.kill()


@pytest.fixture
def custody(portal: Portal) -> Iterator[Flask]:
    """The same portal's data, seen from the test."""
    app = create_app(portal.environ)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
