"""PostgreSQL stops and comes back under the running portal."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from s2group.core.storage_errors import StorageError, storage_error
from s2group.extensions import db
from tests.support import postgres
from tests.support.applying import REQUIRED, hidden_fields
from tests.support.backups import portal as portal_of
from tests.support.databases import PostgresDatabases, settings
from tests.support.pdf import make_pdf
from tests.support.server import Portal, running_portal
from tests.support.visitor import Visitor

RESUME = make_pdf("Test Applicant")
FORM = "/en/apply/"
STATEMENT = "Typed with care. " * 20


@pytest.fixture(scope="module")
def socket_dir() -> Iterator[Path]:
    """A cluster of these tests' own, for others must not notice when it stops."""
    if postgres.binaries() is None:
        assert not os.environ.get("CI"), "PostgreSQL is not installed, and under CI nothing may be skipped"
        pytest.skip("PostgreSQL is not installed")
    with postgres.cluster() as socket_dir:
        yield socket_dir


@pytest.fixture(scope="module")
def portal(socket_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    databases = PostgresDatabases(socket_dir, folder / "template")
    with running_portal(settings(folder / "data", databases.fresh(folder / "data"))) as portal:
        yield portal


def test_while_the_cluster_is_down_nothing_typed_is_lost_and_then_the_portal_goes_on(
    portal: Portal, socket_dir: Path
) -> None:
    visitor = Visitor(portal.url)
    fields = {**REQUIRED, **visitor.opened_form(FORM), "statement": STATEMENT}

    postgres.stop(socket_dir)
    page = visitor.send(FORM, fields, RESUME)
    assert (page.status, hidden_fields(page.text)["statement"]) == (503, STATEMENT)
    page = visitor.get("/en/")
    assert (page.status, "The portal cannot do this right now" in page.text) == (503, True)
    assert visitor.get("/healthz").status == 200

    postgres.start(socket_dir)
    page = visitor.send(FORM, fields, RESUME)
    assert (page.status, "/en/apply/received/" in page.url) == (200, True)
    assert REQUIRED["email"] not in portal.log
    assert "Typed with care" not in portal.log


def test_nobody_notices_that_the_cluster_was_restarted(portal: Portal, socket_dir: Path) -> None:
    visitor = Visitor(portal.url)
    # So many that both workers of gunicorn have a connection, which is then a dead one.
    assert {visitor.get("/en/").status for _ in range(40)} == {200}
    postgres.stop(socket_dir)
    postgres.start(socket_dir)
    assert {visitor.get("/en/").status for _ in range(40)} == {200}


def test_of_several_servers_the_one_that_can_be_written_is_taken(
    postgres_databases: PostgresDatabases, tmp_path: Path
) -> None:
    url = make_url(postgres_databases.fresh(tmp_path))
    host, port = url.query["host"], url.query["port"]
    several = {"host": f"{tmp_path},{host}", "port": f"{port},{port}", "target_session_attrs": "read-write"}
    with portal_of(tmp_path, url.update_query_dict(several).render_as_string(hide_password=False)):
        assert db.session.scalar(text("SELECT count(*) FROM application")) == 0
    several["target_session_attrs"] = "standby"  # and none of them is one
    with (
        portal_of(tmp_path, url.update_query_dict(several).render_as_string(hide_password=False)),
        pytest.raises(OperationalError) as refused,
    ):
        db.session.scalar(text("SELECT 1"))
    assert isinstance(storage_error(refused.value), StorageError)
