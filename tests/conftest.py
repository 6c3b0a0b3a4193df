"""Fixtures that every kind of test uses: a portal of its own, in its own folder, on either database."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from s2group import create_app
from s2group.extensions import db
from tests.support import postgres
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases, settings


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite-template"))


@pytest.fixture(scope="session")
def postgres_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresDatabases]:
    if postgres.binaries() is None:
        assert not os.environ.get("CI"), "PostgreSQL is not installed, and under CI nothing may be skipped"
        pytest.skip("PostgreSQL is not installed")
    with postgres.cluster() as socket_dir:
        yield PostgresDatabases(socket_dir, tmp_path_factory.mktemp("postgres-template"))


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Either database: a test that uses it runs twice."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    found: Databases = request.getfixturevalue(name)
    yield found
    found.drop_all()


@pytest.fixture
def environ(databases: Databases, tmp_path: Path) -> dict[str, str]:
    """The settings of a portal over a fresh database; a test may change them before it asks for `app`."""
    return settings(tmp_path / "data", databases.fresh(tmp_path / "data"))


class Browser(FlaskClient):
    """A client whose requests start afresh, as they do on a server.

    In the application context that `app` keeps open, Flask would hand on `g` and the database session from one request
    to the next, and with them the form token, whoever was signed in, and rows that need not be asked for again.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.rollback()  # what the test holds may have changed
        return response


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """What Jinja has compiled, so that not every test compiles the templates anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(environ: dict[str, str], compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """A portal with an empty, migrated database, inside an application context."""
    app = create_app(environ)
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
