"""What finding, paging and the pages of the desk cost among many applications, beside a minimal Flask list.

    python -m bench.find [--applications 100000] [--database URL] [--rounds 15] [--keep FOLDER]

Works in a folder that is removed, over SQLite, or over the empty database at URL; with --keep in a folder that is kept
with its database, and measured again the next time. Prints the quickest of some rounds in milliseconds and its ratio to
the minimal list over the same rows; last comes the same list within the layout of the desk, for a signed-in reader.
Each request begins anew, as on a server. SQLite is given the time of the processor, which other work on the machine
does not lengthen as much, and PostgreSQL that of the clock, because it works in processes of its own.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from time import perf_counter, process_time
from urllib.parse import urlencode

import time_machine
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.kept import portal_with
from bench.season import COMMON_WORD, END, RARE_WORD, reference_of
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.admissions.models import Application, ApplicationFacts
from s2group.evaluation import search
from s2group.evaluation.desk.columns import SORTABLE, Order
from s2group.evaluation.desk.paging import page_of_hits
from s2group.extensions import db
from tests.support.client import Browser
from tests.support.staff import PASSWORD, submit

MINIMAL = (
    """<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""
)
IN_LAYOUT = f"""{{% extends "layouts/staff.html" %}}{{% block main %}}{MINIMAL}{{% endblock %}}"""
NOW = END + timedelta(hours=1)
SEARCHES = (
    "", "status:new", "status:declined", "route:推免", "cet4:>=550", "cet4:<405", "rank:<=2%", "unmet:required",
    "met:cet4", "has:paper", "new:me", "reviewed:me", "score:>4", "submitted:<1w", "due:<3d",
)  # fmt: skip
WORDS = (
    COMMON_WORD,
    RARE_WORD,
    f"{COMMON_WORD} cet4:>=550",
    f"-{COMMON_WORD}",
    f"({RARE_WORD} OR cet4:<405) status:new",
)
Act = Callable[[], object]


def milliseconds(act: Act, rounds: int) -> float:
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
    return _listed(MINIMAL)


def list_in_layout() -> str:
    """The same where a reader has signed in, with the navigation and its numbers around it."""
    return _listed(IN_LAYOUT)


def _listed(template: str) -> str:
    columns = (Application.name, Application.reference, ApplicationFacts.university, ApplicationFacts.cet4,
               ApplicationFacts.state, ApplicationFacts.submitted_at)  # fmt: skip
    rows = select(*columns).join(ApplicationFacts.application).order_by(ApplicationFacts.submitted_at.desc()).limit(50)
    return render_template_string(template, rows=db.session.execute(rows).all())


def page(user: User, typed: str, order: Order, after: str | None = None) -> list[int]:
    """Read a search and find 50 ids in this order, as the list does."""
    expression = search.read(typed, user, NOW)
    if not isinstance(expression, search.Expression):
        raise TypeError(typed)
    db.session.rollback()
    return page_of_hits(user, search.hits_of(user, expression), order, after)[0]


def statements(user: User) -> Iterator[tuple[str, Act]]:
    """The pages of 50, without the pages around them."""
    newest = Order(SORTABLE["received"], is_descending=True)
    for typed in (*SEARCHES, *WORDS):
        yield f"ids: {typed}", partial(page, user, typed, newest)
    for column in SORTABLE.values():
        for typed in ("", "status:new", "status:declined"):
            yield f"ids: {typed} by {column.key}", partial(page, user, typed, Order(column, column.best_is_high))
    yield "ids: deepest page", partial(page, user, "", newest, reference_of(51))
    by_cet4 = Order(SORTABLE["cet4"], is_descending=True)
    yield "ids: status:new by cet4, far down", partial(page, user, "status:new", by_cet4, _far_down(user, by_cet4))


def _far_down(user: User, order: Order) -> str:
    """The applicant after nine of ten in this order."""
    column, ids = ApplicationFacts.cet4, ApplicationFacts.application_id
    found = search.read("status:new", user, NOW)
    if not isinstance(found, search.Expression) or not order.is_descending:
        raise TypeError
    statement = search.found(user, found).where(column < 420).order_by(column.desc(), ids.desc()).limit(1)
    return db.session.scalars(statement).one().application.reference


def pages(client: FlaskClient, count: int) -> Iterator[tuple[str, Act]]:
    """Whole pages, as a signed-in PI gets them."""
    listed, reference = "/review/applications/", reference_of(count // 2)
    for typed in ("", "status:new", "cet4:<405", *WORDS[:2]):
        yield f"page: list {typed}", partial(client.get, f"{listed}?{urlencode({'q': typed})}")
    yield "page: list status:new by CET-4", partial(client.get, f"{listed}?q=status:new&sort=-cet4")
    yield "page: list, deepest", partial(client.get, f"{listed}?after={reference_of(51)}")
    yield "page: home with charts", partial(client.get, "/review/")
    yield "page: one application", partial(client.get, f"/review/{reference}/")
    audit = "/review/audit/"
    yield "page: audit log", partial(client.get, audit)
    yield "page: audit log, deepest", partial(client.get, f"{audit}?after=60")
    for asked in ("actor=2", "kind=rated", "kind=exported", f"reference={reference}", "until=2025-01-01"):
        yield f"page: audit log, {asked.partition('=')[0]}", partial(client.get, f"{audit}?{asked}")


def tell(what: str, taken: float, beside: float) -> None:
    """A line with the ratio to the minimal list."""
    sys.stdout.write(f"  {what:44} {taken:8.2f} ms  {taken / beside:6.2f}\n")
    sys.stdout.flush()


def measure(app: Flask, count: int, rounds: int) -> None:
    """Ask for each page."""
    app.add_url_rule("/minimal", "minimal", minimal_list)
    app.add_url_rule("/in-layout", "in-layout", list_in_layout)
    app.test_client_class = Browser
    minimal, client = app.test_client(), app.test_client()
    sys.stdout.write(f"{count} applications on {db.engine.dialect.name}\n")
    with time_machine.travel(NOW, tick=True):
        submit(client, "/en/account/login", email="pi@example.org", password=PASSWORD)
        user = user_by_email("pi@example.org")
        if user is None:
            raise LookupError("pi@example.org")
        beside = milliseconds(partial(minimal.get, "/minimal"), rounds)
        tell("minimal list", beside, beside)
        for what, act in (*statements(user), *pages(client, count)):
            tell(what, milliseconds(act, rounds), beside)
        tell("minimal list in the layout", milliseconds(partial(client.get, "/in-layout"), rounds), beside)
        tell("minimal list again", milliseconds(partial(minimal.get, "/minimal"), rounds), beside)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What finding costs among many applications.")
    parser.add_argument("--applications", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--keep", default="", help="the folder in which all is kept")
    wanted = parser.parse_args()
    count = wanted.applications
    with portal_with(count, events=10 * count, database=wanted.database, folder=wanted.keep) as app:
        measure(app, count, wanted.rounds)


if __name__ == "__main__":
    main()
