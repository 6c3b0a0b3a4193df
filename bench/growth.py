"""What a student costs: rows and bytes, in a portal that real forms have filled.

    python -m bench.growth [--applications 60] [--database URL] [--folder build/bench/growth]

Each student opens the form and sends it with a résumé of 500 kB; the mails go out. Bytes are what database and
files have grown by, divided by the students. A database of PostgreSQL must be empty.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import func, select, text

from bench.accept import new_file
from s2group import create_app
from s2group.core.clock import now
from s2group.documents.store import read_bytes
from s2group.extensions import Base, db
from s2group.mail.delivery import deliver_due
from tests.support.applying import load_fictional_content, opened_form, pdf, send
from tests.support.databases import settings

SIZES = {
    "sqlite": "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)",
    "postgresql": "SELECT pg_database_size(current_database())",
}
WARMING_UP = 5


def rows() -> dict[str, int]:
    """How many each table has."""
    return {
        name: db.session.scalar(select(func.count()).select_from(t)) or 0 for name, t in Base.metadata.tables.items()
    }


def bytes_of(app: Flask) -> dict[str, int]:
    """What lies where."""
    data_dir: Path = app.config["DATA_DIR"]
    database = db.session.scalar(text(SIZES[db.engine.dialect.name])) or 0
    return {"database": database, "files": size(data_dir / "files")}


def measured(app: Flask) -> tuple[dict[str, int], dict[str, int]]:
    """Both at one moment."""
    with app.app_context():
        return rows(), bytes_of(app)


def size(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def fill(app: Flask, numbers: range) -> None:
    """Have as many students apply, and the worker do its part."""
    for number in numbers:
        client = app.test_client()
        answer = send(client, opened_form(client), email=f"student-{number}@example.org", resume=pdf(new_file()))
        if answer.status_code != 303:
            raise RuntimeError(f"no receipt but {answer.status}: {answer.text}")
        client.get(answer.location)
    with app.app_context():
        deliver_due(now=now(), read_attachment=read_bytes)


def told(app: Flask, count: int) -> Iterator[str]:
    """A line for each thing that grows."""
    fill(app, range(WARMING_UP))
    had, held = measured(app)
    fill(app, range(WARMING_UP, WARMING_UP + count))
    have, hold = measured(app)
    grown = {name: (have[name] - had[name]) / count for name in have if have[name] != had[name]}
    yield f"rows: {sum(grown.values()):.1f} a student"
    yield from (f"    {name}: {each:.1f}" for name, each in sorted(grown.items(), key=lambda item: -item[1]))
    yield from (f"{name}: {(after - held[name]) / count / 1000:.1f} kB" for name, after in hold.items())


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=60)
    parser.add_argument("--database", default="")
    parser.add_argument("--folder", type=Path, default=Path("build/bench/growth"))
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    app = create_app(settings(options.folder.resolve(), options.database))
    app.logger.setLevel("WARNING")
    with app.app_context():
        flask_migrate.upgrade()
        load_fictional_content(app)
    for line in told(app, options.applications):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
