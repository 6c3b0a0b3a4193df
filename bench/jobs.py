"""What each job of the worker, the check and retention cost with many applications.

    python -m bench.jobs --keep FOLDER [--applications 100000] [--database URL] [--declined] [--only NAME ...]

Works on a kept season, as `bench.find --keep` writes it, and changes it: give it a copy. Adds a quarter as many links
that ended and uploads that nobody sent. Everything runs once, four days after the last application came, so that every
file is to be read again; retention 400 days after it. With `--declined` everybody is declined before. Each has a
process of its own; printed are its seconds, by how many MiB that process grew, its longest transaction that writes, and
the end of what it says.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from resource import RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any, cast

import time_machine
from sqlalchemy import Connection, Table, event, func, insert, select, update

from bench.kept import portal_with
from bench.season import END, reference_of
from s2group.admissions.models import Application, ApplicationFacts
from s2group.cli.worker import JOBS
from s2group.core.database import WRITES, transaction
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.links.models import Link
from s2group.privacy import retention

LATER, MUCH_LATER = END + timedelta(days=4), END + timedelta(days=400)
AT_ONCE = 5000


def job(name: str, act: Callable[[], object]) -> None:
    """Print how long it takes in a process of its own, by how much that grows, its longest write, and what it says."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if not child:
        with longest_write() as longest:
            before, began = _most_resident(), perf_counter()
            told = str(act())
            taken, grown = perf_counter() - began, _most_resident() - before
        figures = f"{taken:9.2f} s  {grown:7.1f} MiB  {max(longest) * 1000:8.1f} ms"
        sys.stdout.write(f"  {name:28}{figures}  {told[-90:]}\n")
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError(name)


@contextmanager
def longest_write() -> Iterator[list[float]]:
    """The seconds of the longest transaction that writes within the block: until its connection is free again."""
    longest, began = [0.0], dict[int, float]()

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            began[id(connection.connection.dbapi_connection)] = perf_counter()

    def end(dbapi_connection: Any, _record: object) -> None:
        if at := began.pop(id(dbapi_connection), None):
            longest[0] = max(longest[0], perf_counter() - at)

    event.listen(db.engine, "begin", begin)
    event.listen(db.engine, "checkin", end)
    yield longest
    event.remove(db.engine, "begin", begin)
    event.remove(db.engine, "checkin", end)


def _most_resident() -> float:
    """MiB that this process had in memory at most."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def _leave(count: int) -> None:
    """Write so many links that have ended, and uploads of files that others sent, too."""
    sha256, size = db.session.execute(select(Document.sha256, Document.size).limit(1)).one()
    # A season says its ids itself, and PostgreSQL does not know the next one.
    first = (db.session.scalar(select(func.max(Document.id))) or 0) + 1
    for begin in range(0, count, AT_ONCE):
        numbers = range(begin, min(begin + AT_ONCE, count))
        links = [
            {
                "token_hash": f"{number:064}", "purpose": "manage", "subject": reference_of(number + 1),
                "created_at": END - timedelta(days=30), "expires_at": END,
            }
            for number in numbers
        ]  # fmt: skip
        uploads: list[dict[str, Any]] = [
            {
                "id": first + number, "token": f"left-{number}", "sha256": sha256, "size": size,
                "original_name": "left.pdf", "inspection": "checked", "findings": [],
                "stored_at": END - timedelta(days=2), "verified_at": LATER,
            }
            for number in numbers
        ]  # fmt: skip
        with transaction() as session:
            session.execute(insert(cast("Table", Link.__table__)), links)
            session.execute(insert(cast("Table", Document.__table__)), uploads)


def _decline_all() -> None:
    last = db.session.scalar(select(func.max(Application.id))) or 0
    for begin in range(0, last, AT_ONCE):
        with transaction() as session:
            for column, table in ((Application.id, Application), (ApplicationFacts.application_id, ApplicationFacts)):
                some = update(table).where(column > begin, column <= begin + AT_ONCE)
                session.execute(some.values(state="declined", shown_state="declined"))


def _work(wanted: argparse.Namespace) -> None:
    jobs: list[tuple[str, datetime, Callable[[datetime], object]]] = [
        *((each.name, LATER, each.run) for each in JOBS),
        ("retention, dry run", MUCH_LATER, lambda now: retention.due(now=now)),
        ("retention", MUCH_LATER, lambda now: retention.run(now=now)),
    ]
    for name, now, run in jobs:
        if not wanted.only or name in wanted.only:
            with time_machine.travel(now, tick=True):
                job(name, partial(run, now))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What jobs cost with many applications.")
    parser.add_argument("--applications", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--keep", default="", help="the folder of the season, which is changed")
    parser.add_argument("--declined", action="store_true", help="decline everybody before")
    parser.add_argument("--only", nargs="+", default=[], help="the names of the jobs to run")
    wanted = parser.parse_args()
    with portal_with(wanted.applications, events=0, database=wanted.database, folder=wanted.keep):
        if wanted.declined:
            _decline_all()
        _leave(wanted.applications // 4)
        _work(wanted)


if __name__ == "__main__":
    main()
