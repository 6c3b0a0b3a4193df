"""What exports of few and of many applications cost, and how little memory they take.

    python -m bench.export [--applications 1000 10000] [--database URL]

Works in a folder that is removed, over SQLite, or over the empty database at URL (one number then). Prints for each
table the seconds and size, and by how much its process grew.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

import flask_migrate
from flask import current_app

from bench.scale import job
from bench.season import END, write_season
from s2group import create_app
from s2group.accounts.queries import user_by_email
from s2group.content.group.queries import group_zone
from s2group.core.permissions import Role
from s2group.evaluation.search import Expression
from s2group.evaluation.search.rules.expressions import All
from s2group.exports.rules import Format
from s2group.exports.services import begin_export
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.databases import settings
from tests.support.staff import add_staff


def consume(format: Format, email: str) -> None:
    """Make an export of everything and let each piece go."""
    user = user_by_email(email)
    if user is None:
        raise RuntimeError(email)
    everything = Expression(All(), END, group_zone())
    pieces: Iterator[bytes] = begin_export(format=format, expression=everything, actor=user, now=END).pieces
    size = sum(map(len, pieces))
    sys.stdout.write(f"  {format}: {size / 1000:.0f} kB\n")


def measure(count: int) -> None:
    """Write a season, and export it in each way that has a row for each application."""
    load_fictional_content(current_app._get_current_object())  # type: ignore[attr-defined]
    began = perf_counter()
    write_season(count)
    sys.stdout.write(f"{count} applications, written in {perf_counter() - began:.1f} s\n")
    email = add_staff(Role.PI)
    for format in (Format.CSV, Format.XLSX, Format.FILES):
        job(format, partial(consume, format, email))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What exports of few and of many applications cost.")
    parser.add_argument("--applications", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--database", default="")
    wanted = parser.parse_args()
    for count in wanted.applications:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            database = wanted.database or f"sqlite:///{data / 'portal.sqlite3'}"
            with create_app(settings(data, database)).app_context():
                flask_migrate.upgrade()
                measure(count)
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    main()
