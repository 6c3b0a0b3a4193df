"""What pages and jobs cost with few and with many applications.

    python -m bench.scale [--applications 200 20000 100000] [--database URL] [--rounds 15] [--retention]

Works in a folder that is removed, over SQLite, or over the empty database at URL (one number then).
Prints the quickest answer of each page in milliseconds, and of each job its seconds and by how much its process grew.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import flask_migrate
import time_machine
from flask import Flask

from bench.kept import analyse
from bench.season import END, reference_of, write_season
from s2group import create_app
from s2group.core.permissions import Role
from s2group.custody.reconciliation import check
from s2group.extensions import db
from s2group.mail.queries import free_at
from s2group.privacy import retention
from tests.support.applying import load_fictional_content
from tests.support.databases import settings
from tests.support.staff import sign_in


def milliseconds(act: Callable[[], object], rounds: int) -> float:
    """The quickest of some rounds, after two that do not count: what else a machine does only adds to it."""
    times = []
    for _ in range(rounds + 2):
        began = perf_counter()
        act()
        times.append((perf_counter() - began) * 1000)
    return min(times[2:])


def job(name: str, act: Callable[[], object]) -> None:
    """Print how long it takes in a process of its own, and by how much that process grows meanwhile."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if not child:
        before, began = _most_resident(), perf_counter()
        act()
        taken, grown = perf_counter() - began, _most_resident() - before
        sys.stdout.write(f"  {name:28} {taken:8.2f} s  {grown:8.1f} MiB\n")
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError(name)


def _most_resident() -> float:
    """MiB that this process had in memory at most."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def measure(app: Flask, count: int, rounds: int, *, with_run: bool) -> None:
    """Write a season, ask for each page, and run the jobs."""
    load_fictional_content(app)
    began = perf_counter()
    write_season(count)
    analyse()
    sys.stdout.write(f"{count} applications, written in {perf_counter() - began:.1f} s\n")
    visitor, staff = app.test_client(), app.test_client()
    with time_machine.travel(END + timedelta(hours=1), tick=True):
        sign_in(staff, Role.PI)
        middle = reference_of(count // 2)
        for client, path in (
            (visitor, "/admissions/"), (visitor, "/apply/"), (staff, "/review/"), (staff, "/review/applications/"),
            (staff, f"/review/applications/?after={middle}"),
            (staff, f"/review/{middle}/"), (staff, "/review/mail/"),
        ):  # fmt: skip
            if client.get(path).status_code != 200:
                raise RuntimeError(path)
            taken = milliseconds(partial(client.get, path), rounds)
            sys.stdout.write(f"  {path.replace(middle, '…'):28} {taken:8.1f} ms\n")
        address = f"applicant{count // 2}@example.org"
        sys.stdout.write(f"  {'mail limit':28} {milliseconds(lambda: free_at(address, now=END), rounds):8.2f} ms\n")
    job("hourly check", lambda: check(now=END, reread=False))
    much_later = END + timedelta(days=400)
    job("retention, dry run", lambda: retention.due(now=much_later))
    if with_run:
        job("retention", lambda: retention.run(now=much_later))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What pages and jobs cost with few and with many applications.")
    parser.add_argument("--applications", type=int, nargs="+", default=[200, 20_000, 100_000])
    parser.add_argument("--database", default="")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--retention", action="store_true", help="also run it, not only dry")
    wanted = parser.parse_args()
    for count in wanted.applications:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            database = wanted.database or f"sqlite:///{data / 'portal.sqlite3'}"
            with create_app(settings(data, database)).app_context():
                flask_migrate.upgrade()
                measure(app=_current(), count=count, rounds=wanted.rounds, with_run=wanted.retention)
                db.session.remove()
                db.engine.dispose()


def _current() -> Flask:
    from flask import current_app

    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


if __name__ == "__main__":
    main()
