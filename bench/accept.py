"""How fast a résumé of 500 kB is accepted, beside the least that 'kept' can mean on the same disk.

    python -m bench.accept [--rounds 100] [--folder build/bench]

Four ways of keeping a file take turns, so that whatever else the machine does meets them alike:

    bare        write the file, fsync it, commit a row to SQLite; nothing else
    stored      what the portal keeps an upload by: hash, file, rename, folders, row; without the look inside
    inspected   the same with the look inside, in a forked process: what `take_upload` does
    applied     the whole application: the form posted to the app with its file, up to the redirect to the receipt
"""

import argparse
import os
import shutil
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import flask_migrate
from flask import Flask

from s2group import create_app
from s2group.core.clock import now
from s2group.documents import inspection
from s2group.documents.services import take_upload
from tests.support.applying import load_fictional_content, opened_form, pdf, send
from tests.support.databases import settings
from tests.support.pdf import padded_pdf

SIZE = 500_000
CLIENTS = 4
BLOCKS = 5
# What is timed, and what makes it ready.
Act = Callable[[], None]
Way = Callable[[], Act]
PADDED = padded_pdf(SIZE)
eyes = threading.local()
look_inside = inspection.glance


def new_file() -> bytes:
    """A sound PDF of that size that was never seen before."""
    mark = uuid4().hex.encode()
    return PADDED.replace(b"." * len(mark), mark, 1)


class Bare:
    """A file and a row, flushed, and nothing else."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.kept = folder, threading.local()
        self._connection().execute("CREATE TABLE file (name TEXT PRIMARY KEY, size INTEGER)")

    def file_and_row(self) -> Act:
        """Keep one file."""
        data, name = new_file(), uuid4().hex

        def act() -> None:
            with (self.folder / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with self._connection() as connection:
                connection.execute("INSERT INTO file VALUES (?, ?)", (name, len(data)))

        return act

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self.kept, "connection"):
            self.kept.connection = sqlite3.connect(self.folder / "rows.sqlite3", timeout=30)
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                self.kept.connection.execute(f"PRAGMA {pragma}")
        connection: sqlite3.Connection = self.kept.connection
        return connection


class Portal:
    """The portal, over a database and files of its own."""

    def __init__(self, folder: Path) -> None:
        self.app: Flask = create_app(settings(folder))
        with self.app.app_context():
            flask_migrate.upgrade()
            load_fictional_content(self.app)

    def upload(self) -> Act:
        """Keep one file as an upload is kept."""
        data = new_file()

        def act() -> None:
            with self.app.app_context():
                take_upload(stream=BytesIO(data), original_name="cv.pdf", now=now())

        return act

    def upload_uninspected(self) -> Act:
        """The same without the look inside."""
        act = self.upload()

        def act_uninspected() -> None:
            eyes.shut = True
            try:
                act()
            finally:
                eyes.shut = False

        return act_uninspected

    def application(self) -> Act:
        """Take a whole application, whose form is already open."""
        client, file = self.app.test_client(), pdf(new_file())
        hidden = opened_form(client)

        def act() -> None:
            if send(client, hidden, resume=file).status_code != 303:
                raise RuntimeError("no receipt")

        return act


def look(path: Path) -> inspection.Inspection:
    """Look inside, unless this thread has its eyes shut."""
    return inspection.Inspection() if getattr(eyes, "shut", False) else look_inside(path)


def one_by_one(ways: dict[str, Way], rounds: int) -> dict[str, list[float]]:
    """The seconds that each way took in each round, one act at a time."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            act = way()
            started = time.perf_counter()
            act()
            seconds[name].append(time.perf_counter() - started)
    return seconds


def several_at_once(ways: dict[str, Way], rounds: int) -> dict[str, float]:
    """How many acts a second each way gets through with CLIENTS at work at once."""
    seconds = dict.fromkeys(ways, 0.0)
    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in range(BLOCKS):
            for name, way in ways.items():
                acts = [way() for _ in range(rounds // BLOCKS)]
                started = time.perf_counter()
                for done in [pool.submit(act) for act in acts]:
                    done.result()
                seconds[name] += time.perf_counter() - started
    return {name: rounds // BLOCKS * BLOCKS / spent for name, spent in seconds.items()}


def table(serial: dict[str, list[float]], parallel: dict[str, float]) -> Iterator[str]:
    """What was measured, a line for each way."""
    medians = {name: statistics.median(each) for name, each in serial.items()}
    yield f"{'':10} {'median':>9} {'rate':>8} {'of bare':>8}   {CLIENTS} at once: rate {'of bare':>8}"
    for name, median in medians.items():
        share, share_at_once = medians["bare"] / median, parallel[name] / parallel["bare"]
        yield (
            f"{name:10} {median * 1000:6.1f} ms {1 / median:6.1f}/s {share:8.0%} {parallel[name]:17.1f}/s"
            f" {share_at_once:8.0%}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast a résumé of 500 kB is accepted.")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="on the disk to be measured")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    inspection.glance = look
    portal = Portal(folder / "portal")
    ways: dict[str, Way] = {
        "bare": Bare(folder / "bare").file_and_row,
        "stored": portal.upload_uninspected,
        "inspected": portal.upload,
        "applied": portal.application,
    }
    for line in table(one_by_one(ways, arguments.rounds), several_at_once(ways, arguments.rounds)):
        sys.stdout.write(line + "\n")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
