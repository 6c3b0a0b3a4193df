"""How long the group's whole record takes to load, and how fast its longest page is made.

python -m bench.load [--rounds 7] [--folder build/bench]

load            content/ into an empty database: what `content load` does, without starting Python
again           the same a second time, when nothing has changed
with photos     into an empty database, with a photo of 1200 × 1600 pixels for everybody
/publications/  one page after the other, as Flask's test client asks for them; with 200 papers
"""

import argparse
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from flask import Flask

from s2group import create_app
from s2group.admissions.services.call_files import load_calls
from s2group.content.loading import load_content
from s2group.core.clock import now
from s2group.extensions import db
from tests.support.databases import settings
from tests.support.real import copy_content

PAPERS = 200


@contextmanager
def empty_portal(folder: Path) -> Iterator[Flask]:
    """A portal whose database is migrated and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    app = create_app(settings(folder))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def seconds(act: Callable[[], object]) -> float:
    """How long one act takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def load(content: Path) -> None:
    """What `content load` does."""
    load_content(content, now=now())
    load_calls(content / "calls", now=now())


def first_and_second(folder: Path, content: Path) -> tuple[float, float]:
    """How long it takes into an empty database, and once more."""
    with empty_portal(folder / "portal"):
        return seconds(lambda: load(content)), seconds(lambda: load(content))


def pages(folder: Path, content: Path, rounds: int) -> list[float]:
    """How long each of some pages of /publications/ takes, once everything has been asked for once."""
    with empty_portal(folder / "portal") as app:
        load(content)
        client = app.test_client()
        client.get("/publications/")
        return [seconds(lambda: client.get("/publications/")) for _ in range(5 * rounds)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long the group's record takes to load.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="on the disk to be measured")
    arguments = parser.parse_args()
    folder, rounds = arguments.folder.resolve(), range(arguments.rounds)
    shutil.rmtree(folder, ignore_errors=True)
    plain = copy_content(folder / "plain")
    with_photos = copy_content(folder / "with-photos", photos=True)
    many = copy_content(folder / "many", papers=PAPERS)
    first, again = zip(*(first_and_second(folder, plain) for _ in rounds), strict=True)
    photos = [first_and_second(folder, with_photos)[0] for _ in rounds]
    page = pages(folder, many, arguments.rounds)
    for name, measured in (("load", first), ("again", again), ("with photos", photos), ("/publications/", page)):
        median = statistics.median(measured)
        sys.stdout.write(f"{name:15} {median * 1000:8.1f} ms   slowest {max(measured) * 1000:8.1f} ms\n")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
