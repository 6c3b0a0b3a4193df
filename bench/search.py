"""How long a search takes among 2,000 entries, and how long the index takes to make.

    python -m bench.search [--database URL] [--entries 2000] [--rounds 100]

Works in a database of its own: a SQLite file in a folder that is removed, or the one at URL, which must be empty.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate

from s2group import create_app
from s2group.content.search.models import SearchEntry
from s2group.content.search.queries import found_entries
from s2group.content.search.rules import searchable, terms
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.databases import settings

WORDS = (
    "speech",
    "synthesis",
    "emotion",
    "dialogue",
    "语音",
    "合成",
    "情感",
    "蒙古语",
    "鉴伪",
    "配音",
    "model",
    "data",
)
QUERIES = ("speech", "语音合成", "emotion 蒙古语", '"speech synthesis"', "nothing", "s")
# Characters of an abstract.
LENGTH = 1200


def entry(number: int, chance: random.Random) -> SearchEntry:
    """A paper of made-up words."""
    title = " ".join(chance.choices(WORDS, k=8))
    text = " ".join(chance.choices(WORDS, k=LENGTH // 6))
    shown = LocalizedText(title, title)
    return SearchEntry(
        kind=("publication", "news", "member")[number % 3], slug=f"entry-{number}", title=shown, summary=shown,
        title_words=searchable(title), words=searchable(f"{title} {text}"),
    )  # fmt: skip


def main() -> None:
    """Fill the table, and search it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="")
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=100)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database = wanted.database or f"sqlite:///{data / 'portal.sqlite3'}"
        if not wanted.database:
            (data / "portal.sqlite3").touch()
        with create_app(settings(data, database)).app_context():
            flask_migrate.upgrade()
            measure(wanted.entries, wanted.rounds)
            db.session.remove()
            db.engine.dispose()


def measure(entries: int, rounds: int) -> None:
    """Print the median and the slowest of each query, in milliseconds."""
    chance = random.Random(1)  # noqa: S311 - words, not secrets
    began = time.perf_counter()
    with transaction() as session:
        session.add_all(entry(number, chance) for number in range(entries))
    sys.stdout.write(f"{entries} entries stored in {time.perf_counter() - began:.2f} s\n")
    for query in QUERIES:
        times = [timed(query) for _ in range(rounds)]
        sys.stdout.write(f"{query:24} median {statistics.median(times):6.1f} ms, slowest {max(times):6.1f} ms\n")


def timed(query: str) -> float:
    """Milliseconds for one search."""
    began = time.perf_counter()
    found_entries(terms(query), now=datetime.now(UTC), most=5)
    db.session.rollback()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
