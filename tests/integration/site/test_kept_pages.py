"""What is kept in front of the app is what the app would answer, at every moment, and nobody's own."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select, text, update
from werkzeug.test import Client, TestResponse

from s2group.admissions.models import AdmissionRoute, ApplicationFacts, Call
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.core import clock, page_cache
from s2group.core.database import transaction
from s2group.extensions import Base, db
from s2group.site.kept_pages import keep_pages
from tests.support import applying
from tests.support.extent import chosen
from tests.support.moving import move_all
from tests.support.sample import NOW, load_sample

ADDRESSES = ("/en/", "/members/", "/news/", "/en/admissions/", "/sitemap.xml")
HOUR = timedelta(hours=1)


@dataclass
class Visitor:
    """Asks for pages through what is kept, and knows how often the app itself was asked."""

    app: Flask
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        inner = self.app.wsgi_app
        kept = keep_pages(self.app)

        def count(environ, start_response):  # type: ignore[no-untyped-def]
            self.made.append(environ["PATH_INFO"])
            return inner(environ, start_response)

        kept.app = count
        self.client, self.direct = Client(kept, use_cookies=False), Client(inner, use_cookies=False)

    def get(self, address: str, **headers: str) -> TestResponse:
        """The answer to a request that knows nothing of others."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Context().run(self.client.get, address, headers=named, buffered=True)

    def rendered(self, address: str) -> TestResponse:
        """What the app itself answers."""
        return Context().run(self.direct.get, address, buffered=True)


@pytest.fixture
def visitor(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    monkeypatch.setattr(page_cache, "SECONDS_BETWEEN_LOOKS", 0)
    with time_machine.travel(NOW, tick=False):
        load_sample()
        applying.load_fictional_content(app)
        yield Visitor(app)


def test_a_page_is_made_once_and_told_to_be_the_same(visitor: Visitor) -> None:
    first, again = visitor.get("/members/"), visitor.get("/members/")
    assert visitor.made == ["/members/"]
    assert again.data == first.data == visitor.rendered("/members/").data
    own = {"X-Request-ID"}
    assert {k: v for k, v in first.headers if k not in own} == {k: v for k, v in again.headers if k not in own}
    assert first.headers["X-Request-ID"] != again.headers["X-Request-ID"]
    known = visitor.get("/members/", If_None_Match=first.headers["ETag"])
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert "Content-Length" not in known.headers
    other = visitor.get("/members/", If_None_Match='"another"')
    assert (other.status_code, other.data) == (200, first.data)
    head = Context().run(visitor.client.head, "/members/")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(first.data)))
    assert visitor.made == ["/members/"]


def test_each_encoding_and_language_has_its_own(visitor: Visitor) -> None:
    answers = {
        (address, encoding): visitor.get(address, Accept_Encoding=encoding)
        for address in ("/news/", "/en/news/")
        for encoding in ("gzip, br", "gzip", "br;q=0, gzip;q=0.5", "")
    }
    encodings = [answer.headers.get("Content-Encoding") for answer in answers.values()]
    assert encodings == ["br", "gzip", "gzip", None] * 2
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in answers.values())
    assert len({answer.headers["ETag"] for answer in answers.values()}) == 6
    assert len(visitor.made) == 6


def test_nothing_of_anybodys_own_is_kept(visitor: Visitor) -> None:
    for address in ("/en/apply/", "/en/account/login", "/healthz", "/en/no-such-page", "/members/?year=x\0"):
        answers = [visitor.get(address) for _ in range(2)]
        assert len(visitor.made) == 2, address
        assert not any(answer.headers.get("ETag") for answer in answers), address
        visitor.made.clear()
    for header in ({"Cookie": "session=somebody"}, {"Range": "bytes=0-3"}, {"Authorization": "Bearer it"}):
        for _ in range(2):
            assert visitor.get("/en/", **header).status_code in (200, 206)
        assert len(visitor.made) == 2, header
        visitor.made.clear()


def rename_a_member(number: int) -> None:
    with transaction() as session:
        member = session.scalars(select(Member).order_by(Member.id).limit(1)).one()
        member.position = 1000 + number


def plan_news(number: int) -> None:
    with transaction() as session:
        item = session.scalars(select(NewsItem).order_by(NewsItem.id).limit(1)).one()
        item.published_at = clock.now() + number * HOUR


def take_back_news(_number: int) -> None:
    with transaction() as session:
        session.execute(update(NewsItem).values(published_at=None))


def close_the_calls(number: int) -> None:
    with transaction() as session:
        now = clock.now()
        session.execute(update(Call).values(opens_at=now - HOUR, closes_at=now + number * HOUR))


def open_the_calls_later(number: int) -> None:
    with transaction() as session:
        session.execute(update(Call).values(opens_at=clock.now() + number * HOUR, closes_at=None))


def fill_the_routes(number: int) -> None:
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(filled=number % 2 == 0))


def count_days_elsewhere(number: int) -> None:
    with transaction() as session:
        zone = ("Pacific/Auckland", "America/St_Johns", "Asia/Shanghai")[number % 3]
        session.execute(update(Call).values(timezone=zone, closes_at=clock.now() + (100 + number) * HOUR))


CHANGES: list[Callable[[int], None]] = [
    rename_a_member, plan_news, take_back_news, close_the_calls, open_the_calls_later, fill_the_routes,
    count_days_elsewhere,
]  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from([None, *CHANGES]), st.integers(1, 40)), min_size=1, max_size=6)


@settings(
    deadline=None, max_examples=chosen(short=3, long=40), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
@example([(count_days_elsewhere, 3), *((None, 1) for _ in range(24))])
def test_what_is_kept_is_what_would_be_made(
    visitor: Visitor, steps: list[tuple[Callable[[int], None] | None, int]]
) -> None:
    now, visitor = clock.now(), Visitor(visitor.app)  # the time of an example begins anew
    for change, number in steps:
        if change is None:
            now += number * HOUR
        with time_machine.travel(now, tick=False):
            if change:
                change(number)
            for address in ADDRESSES:
                assert visitor.get(address).data == visitor.rendered(address).data, (change, number, address)


def test_a_place_that_is_taken_is_told_at_once(visitor: Visitor) -> None:
    client = visitor.app.test_client()
    visitor.get("/en/admissions/")
    applying.apply(client)
    visitor.get("/en/admissions/")
    assert visitor.made == ["/en/admissions/"], "an application alone changes nothing that everybody sees"
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(places=1))
    for state in ("screening", "interview", "offer"):
        move_all(state)
    page = visitor.get("/en/admissions/")
    assert page.data == visitor.rendered("/en/admissions/").data
    with transaction() as session:
        session.execute(delete(ApplicationFacts))
    assert visitor.get("/en/admissions/").data == visitor.rendered("/en/admissions/").data != page.data


def test_memory_is_bounded_and_the_oldest_gives_way(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(visitor.get("/members/").data)
    monkeypatch.setattr(page_cache, "MOST_BYTES", size * 3 + 100)
    for name in "abc":
        visitor.get(f"/members/?{name}")
        visitor.get("/members/")
    visitor.made.clear()
    for query in ("", "?c", "?b", "?a"):
        visitor.get(f"/members/{query}")
    assert len(visitor.made) == 1
    monkeypatch.setattr(page_cache, "LARGEST_PAGE", size - 1)
    visitor.made.clear()
    assert [visitor.get("/members/?d").data for _ in range(2)] == [visitor.rendered("/members/?d").data] * 2
    assert len(visitor.made) == 2


def test_a_page_that_was_made_while_something_changed_is_not_kept(visitor: Visitor) -> None:
    inner = visitor.app.wsgi_app

    def change_meanwhile(environ, start_response):  # type: ignore[no-untyped-def]
        answer = inner(environ, start_response)
        Context().run(_in_context, visitor.app)
        return answer

    kept = keep_pages(visitor.app)
    kept.app = change_meanwhile
    client = Client(kept)
    Context().run(client.get, "/members/")
    kept.app = inner
    assert Context().run(client.get, "/members/").data == visitor.rendered("/members/").data


def _in_context(app: Flask) -> None:
    with app.app_context():
        rename_a_member(77)


def test_without_the_database_the_app_is_asked(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.get("/members/")
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE content_generation RENAME TO elsewhere"))
    visitor.get("/members/")
    assert visitor.made == ["/members/"] * 2


def test_nobody_is_shown_an_old_page_while_another_one_looks() -> None:
    answers, looking = iter(["before", "after"]), threading.Event()

    def generation() -> str:
        looking.set()
        time.sleep(0.2)
        return next(answers)

    periods = page_cache.Periods(generation, lambda now: now + HOUR)
    assert (first := periods.current()) and first.generation == "before"
    periods.looked_at -= 2
    looking.clear()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(periods.current)
        assert looking.wait(10)
        assert (second := periods.current()) and second.generation == "after"
        # One that is never answered is waited for, and then asked past.
        periods.looked_at -= 2
        with periods.lock:
            assert periods.current() is second
            periods.looked_at -= 3
            assert periods.current() is None


def test_every_table_that_a_public_page_reads_renews_the_generation(visitor: Visitor) -> None:
    """Also after a later migration has rebuilt one on SQLite, which drops its triggers."""
    read: set[str] = set()
    event.listen(db.engine, "before_cursor_execute", lambda _c, _d, statement, *_: read.update(_tables(statement)))
    seen: set[str] = set()
    waiting = ["/", "/en/", "/sitemap.xml", "/publications.bib", "/search/?q=a"]
    while waiting:
        address = waiting.pop()
        page = visitor.rendered(address)
        if page.mimetype == "text/html" and page.headers["Cache-Control"] != "no-store":
            found = {link.replace("&amp;", "&") for link in re.findall(r'(?:href|src)="(/[^"#]*)"', page.text)}
            new = {each for each in found if "review" not in each and "poster" not in each and "?" not in each} - seen
            seen |= new
            waiting += sorted(new)
    assert len(seen) > 60
    assert {"member", "publication", "call", "news_item"} < read
    assert read - _renewing() - {"content_generation"} == set()


def _tables(statement: str) -> set[str]:
    return set(re.findall(r'(?:FROM|JOIN) "?(\w+)"?', statement)) & set(Base.metadata.tables)


def _renewing() -> set[str]:
    """The tables with all three triggers."""
    sqlite = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%renews_content'"
    postgresql = "SELECT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE '%renews_content'"
    rows = list(db.session.scalars(text(sqlite if db.engine.dialect.name == "sqlite" else postgresql)))
    return {name for name in rows if rows.count(name) == 3}
