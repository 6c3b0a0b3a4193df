"""Fixtures that every kind of test uses: a portal of its own, in its own folder, on either database."""

import os
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakSet

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, event

from s2group import create_app
from s2group.documents import images, pages
from s2group.extensions import db
from tests.support import inspecting, postgres
from tests.support.client import Browser
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases, settings
from tests.support.s3 import S3Server, s3_server_in
from tests.support.shared_app import SharedApp

pytest_plugins = [
    "tests.support.termination",
    "tests.support.quick_passwords",
    "tests.support.extent",
    "tests.support.memory",
]

# Where PostgreSQL may do otherwise than SQLite. All other tests of either database run on it in the long form alone.
RACES = {
    "test_admissions_submission", "test_application_changes", "test_application_states", "test_jobs", "test_deletion",
    "test_document_requests", "test_draft_properties", "test_draft_races", "test_mail_batch", "test_mail_delivery",
    "test_locks", "test_tag_races", "test_mail_outbox", "test_openings", "test_receipt", "test_sent_twice",
    "test_interviews",
    "test_offers",
    "test_bulk",
    "test_settling_races",
    "test_releases",
    "test_audit_log",
}  # fmt: skip
CONSTRAINTS = {
    "test_kept_pages",
    "test_stable_keys",
    "test_editor_hostile",
    "test_ended_calls",
    "test_events",
    "test_admissions_calls",
    "test_custody_of_changes",
    "test_referees",
    "test_retention",
    "test_reevaluation",
    "test_trial_run",
}
ORDER_AND_SEARCH = {
    "test_content_loading", "test_records", "test_delivery_status_review",
    "test_metrics", "test_news_planning", "test_publication_loading",
    "test_review_decisions", "test_search", "test_site_queries", "test_status_find",
    "test_facts", "test_query_plans", "test_search_applications", "test_full_text",
}  # fmt: skip
LINKS = {"test_link_migration", "test_link_table", "test_merge_field_migration"}
ACCESS = {"test_access", "test_accounts", "test_csrf", "test_role_grants", "test_sign_in", "test_visibility"}
OPERATION = {
    "test_backup_round_trip",
    "test_check",
    "test_doctor",
    "test_health",
    "test_migrations",
    "test_requirement_commands",
    "test_upgrade",
}
DIFFERENT = RACES | CONSTRAINTS | ORDER_AND_SEARCH | ACCESS | LINKS | OPERATION
# Their cases differ in what is read or refused before any database is asked: there, one of each test is enough.
ALIKE = {
    "test_admissions_calls", "test_application_changes", "test_audit_log", "test_content_loading", "test_facts",
    "test_link_table", "test_mail_batch", "test_mail_delivery", "test_mail_outbox",
    "test_publication_loading", "test_reevaluation", "test_referees", "test_releases", "test_retention",
    "test_review_decisions", "test_sign_in", "test_site_queries",
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` leaves to the long form: tests on PostgreSQL that cannot differ there."""
    seen: set[str] = set()
    for item in items:
        if _is_on_postgresql(item):
            test = item.nodeid.partition("[")[0]
            if item.path.stem not in DIFFERENT or (item.path.stem in ALIKE and test in seen):
                item.add_marker("long")
            seen.add(test)


def _is_on_postgresql(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("databases") == "postgresql"


@pytest.fixture(autouse=True)
def _patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on whether a busy machine draws in time, but those that are about the inspector."""
    monkeypatch.setattr(images, "brief", inspecting.PICTURES)
    if "inspector" not in request.keywords:
        monkeypatch.setattr(images, "thorough", inspecting.PICTURES)
        monkeypatch.setattr(pages, "sandbox", inspecting.PICTURES)
        monkeypatch.setattr(pages, "SECONDS_FOR_ALL", 120)


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


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server that speaks S3, with a bucket of its own for each test that asks for one."""
    with s3_server_in(tmp_path_factory.mktemp("s3")) as server:
        yield server


# Whatever has connected, for a test may build more apps than its own.
engines: WeakSet[Engine] = WeakSet()


@event.listens_for(Engine, "engine_connect")
def _remember_engine(connection: Connection) -> None:
    engines.add(connection.engine)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Either database: a test that uses it runs twice."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    found: Databases = request.getfixturevalue(name)
    yield found
    for engine in list(engines):
        engine.dispose()
    found.drop_all()


@pytest.fixture
def environ(databases: Databases, tmp_path: Path) -> dict[str, str]:
    """The settings of a portal over an empty database; a test may change them before it asks for `app`."""
    return settings(tmp_path / "data", databases.renewed())


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """What Jinja has compiled, so that not every test compiles the templates anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def shared_apps() -> dict[str, SharedApp]:
    """One for each kind of database, once it was asked for."""
    return {}


@pytest.fixture
def app(
    environ: dict[str, str],
    databases: Databases,
    shared_apps: dict[str, SharedApp],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """A portal with an empty, migrated database, inside an application context.

    Tests share one, which is as new for each of them; a test that changes `environ` gets its own.
    """
    if databases.name not in shared_apps:
        shared_apps[databases.name] = SharedApp(settings(Path(environ["S2_DATA_DIR"]), environ["S2_DATABASE_URL"]))
    shared = shared_apps[databases.name]
    if shared.suits(environ):
        shared.restore(environ)
        app = shared.app
    else:
        app = create_app(environ)
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
