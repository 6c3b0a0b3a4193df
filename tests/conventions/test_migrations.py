"""Migrations run both ways on both databases, and end where the models are."""

from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect

from s2group.admissions.fulltext.models import INDEX
from s2group.extensions import Base, db
from tests.support.schema import differences_from_models


def _tables() -> set[str]:
    with db.engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
    return {name for name in names if not name.startswith(INDEX)}


def test_migrated_database_equals_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert differences_from_models(connection) == []


def test_down_to_nothing_and_up_again(app: Flask) -> None:
    everything = _tables()
    flask_migrate.downgrade(revision="base")
    assert _tables() == {"alembic_version"}
    flask_migrate.upgrade()
    assert _tables() == everything == {"alembic_version", *Base.metadata.tables}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_references_are_checked_again_after_migrations(app: Flask) -> None:
    for _ in range(2):  # the second time there is nothing to do
        flask_migrate.upgrade()
        with db.engine.connect() as one, db.engine.connect() as other:
            found = [connection.exec_driver_sql("PRAGMA foreign_keys").scalar() for connection in (one, other)]
        assert found == [1, 1]


def test_migrations_need_none_of_todays_code() -> None:
    for script in Path("migrations/versions").glob("*.py"):
        assert "s2group" not in script.read_text(), f"{script} imports code that will change"
