"""A portal with a season to measure: written anew in a folder that is removed, or kept for further measurements."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import flask_migrate
from flask import Flask
from sqlalchemy import func, select, text

from bench.readings import write_readings
from bench.season import write_season
from s2group import create_app
from s2group.admissions.models import Application
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.databases import settings


@contextmanager
def portal_with(count: int, *, events: int, database: str = "", folder: str = "") -> Iterator[Flask]:
    """A portal with so many applications and events in the database at that URL, or in SQLite in the folder.

    Without a folder everything is removed at the end; in one it is kept, and found again and migrated the next time.
    """
    with tempfile.TemporaryDirectory() as removed:
        data = Path(folder or removed)
        data.mkdir(parents=True, exist_ok=True)
        app = create_app(settings(data, database or f"sqlite:///{data / 'portal.sqlite3'}"))
        with app.app_context():
            flask_migrate.upgrade()
            _write(app, count, events)
            yield app
            db.session.remove()
            db.engine.dispose()


def _write(app: Flask, count: int, events: int) -> None:
    began, known = perf_counter(), db.session.scalar(select(func.count()).select_from(Application))
    db.session.rollback()
    if not known:
        load_fictional_content(app)
        write_season(count)
        write_readings(count, events)
        sys.stdout.write(f"{count} applications written in {perf_counter() - began:.0f} s\n")
    elif known != count:
        raise SystemExit(f"The database holds {known} applications, not {count}.")
    analyse()


def analyse() -> None:
    """Have PostgreSQL tidy up and count, as it does by itself sooner or later; SQLite does not."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
