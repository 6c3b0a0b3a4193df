"""What finding and paging cost among many applications, beside a minimal Flask list over the same rows.

    python -m bench.find [--applications 100000] [--database URL] [--rounds 15]

Works in a folder that is removed, over SQLite, or over the empty database at URL. Prints the quickest of some rounds in
milliseconds and its ratio to the minimal list: of the statements that find a page of 50, and of the whole page. SQLite
is given the time of the processor, which other work on the machine does not lengthen, and PostgreSQL that of the clock.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from urllib.parse import urlencode

import flask_migrate
import time_machine
from flask import Flask, current_app, render_template_string
from sqlalchemy import select, text

from bench.season import COMMON_WORD, END, RARE_WORD, write_season
from s2group import create_app
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.permissions import Role
from s2group.evaluation import search
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.databases import settings
from tests.support.staff import sign_in

MINIMAL = (
    """<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""
)
NOW = END + timedelta(hours=1)
SEARCHES = (
    "", "status:new", "route:推免", "cet4:>=550", "cet4:<405", "rank:<=2%", "unmet:required", "met:cet4", "has:paper",
    "submitted:<1w", "due:<3d", f"{COMMON_WORD}", f"{RARE_WORD}", f"{COMMON_WORD} cet4:>=550", f"-{COMMON_WORD}",
    f"({RARE_WORD} OR cet4:<405) status:new",
)  # fmt: skip
SORTS = ("submitted_at", "cet4", "rank_percent", "university_key")


def milliseconds(act: Callable[[], object], rounds: int) -> float:
    """The quickest of some rounds, after two that do not count."""
    now = process_time if db.engine.dialect.name == "sqlite" else perf_counter
    times = []
    for _ in range(rounds + 2):
        began = now()
        act()
        times.append((now() - began) * 1000)
    return min(times[2:])


def minimal_list() -> str:
    """What a Flask view needs for a table of 50: one statement, one template, no account, no layout."""
    columns = (Application.name, Application.reference, ApplicationFacts.university, ApplicationFacts.cet4,
               ApplicationFacts.state, ApplicationFacts.submitted_at)  # fmt: skip
    rows = select(*columns).join(ApplicationFacts.application).order_by(ApplicationFacts.submitted_at.desc()).limit(50)
    return render_template_string(MINIMAL, rows=db.session.execute(rows).all())


def page(user: User, typed: str, sort: str = "submitted_at", after: tuple[object, int] | None = None) -> list[int]:
    """Read a search and find the first 50 ids in this order, as the list does."""
    expression = search.read(typed, user, NOW)
    assert isinstance(expression, search.Expression), typed  # noqa: S101
    column, ids = getattr(ApplicationFacts, sort), ApplicationFacts.application_id
    found = search.found(user, expression).with_only_columns(ids).order_by(column.desc(), ids.desc())
    if after:
        found = found.where((column < after[0]) | ((column == after[0]) & (ids < after[1])))
    db.session.rollback()
    return list(db.session.scalars(found.limit(51)))


def tell(what: str, taken: float, beside: float) -> None:
    """A line with the ratio to the minimal list."""
    sys.stdout.write(f"  {what:44} {taken:8.2f} ms  {taken / beside:6.2f}\n")
    sys.stdout.flush()


def measure(app: Flask, count: int, rounds: int) -> None:
    """Write a season and ask for each page."""
    load_fictional_content(app)
    began = perf_counter()
    write_season(count)
    with db.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    sys.stdout.write(f"{count} applications on {db.engine.dialect.name}, written in {perf_counter() - began:.0f} s\n")
    app.add_url_rule("/minimal", "minimal", minimal_list)
    minimal, client = app.test_client(), app.test_client()
    with time_machine.travel(NOW, tick=True):
        sign_in(client, Role.PI)
        user = user_by_email("pi@example.org")
        assert user  # noqa: S101
        beside = milliseconds(partial(minimal.get, "/minimal"), rounds)
        tell("minimal list", beside, beside)
        for typed in SEARCHES:
            tell(f"statements: {typed}", milliseconds(partial(page, user, typed), rounds), beside)
        for sort in SORTS:
            act: Callable[[], object] = partial(page, user, "status:new", sort)
            tell(f"statements: status:new by {sort}", milliseconds(act, rounds), beside)
        deepest = page(user, "", "submitted_at", (END - timedelta(days=699), count))
        tell(f"statements: deepest page ({len(deepest)})", milliseconds(
            partial(page, user, "", "submitted_at", (END - timedelta(days=699), count)), rounds), beside)  # fmt: skip
        for typed in SEARCHES:
            address = f"/review/applications/?{urlencode({'q': typed})}"
            tell(f"page: {typed}", milliseconds(partial(client.get, address), rounds), beside)
        tell("minimal list again", milliseconds(partial(minimal.get, "/minimal"), rounds), beside)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What finding costs among many applications.")
    parser.add_argument("--applications", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--rounds", type=int, default=15)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database = wanted.database or f"sqlite:///{data / 'portal.sqlite3'}"
        with create_app(settings(data, database)).app_context():
            flask_migrate.upgrade()
            measure(current_app._get_current_object(), wanted.applications, wanted.rounds)  # type: ignore[attr-defined]
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
