"""Asking where the content leads, over a real line: politely, never inside, and told after two days."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.outgoing_links.asking import Asker
from s2group.content.outgoing_links.models import FailingLink
from s2group.content.outgoing_links.queries import broken_links, published_links
from s2group.content.outgoing_links.rules import Failure, LinkFault
from s2group.content.outgoing_links.services import ask_all, check_links
from s2group.content.people.models import Member
from s2group.core.database import transaction
from s2group.core.i18n import in_language
from s2group.core.permissions import Role
from s2group.editor.wording import LINK_FAULTS, link_fault
from s2group.extensions import db
from tests.support.answering import Answer, Question, Service, answering
from tests.support.sample import SAMPLE
from tests.support.staff import MORNING, sign_in

A_DAY = timedelta(days=1)


@dataclass
class Pages(Service):
    """Pages by their paths; `most` of them were asked at a time."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asking: int = 0
    most: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def known(self, question: Question) -> Answer:
        with self.guard:
            self.asking += 1
            self.most = max(self.most, self.asking)
        time.sleep(0.01)
        with self.guard:
            self.asking -= 1
        found = self.pages.get(f"{question.method} {question.path}") or self.pages.get(question.path)
        return found or Answer(status=404)


@pytest.fixture
def pages() -> Iterator[Pages]:
    with answering(Pages()) as service:
        yield service


def asker(*, pause: float = 0) -> Asker:
    """One that may ask this machine, and waits for no longer than a test may last."""
    headers = {"User-Agent": "portal-of-tests"}
    return Asker(headers, may_ask=lambda address: address == "127.0.0.1", pause=pause, timeout=0.3, deadline=0.6)


def test_what_answers_is_told_from_what_does_not(pages: Pages) -> None:
    pages.pages = {
        "/there": Answer(),
        "/guarded": Answer(status=403),
        "HEAD /no-head": Answer(status=405),
        "GET /no-head": Answer(raw=b"x" * 5_000_000),
        "HEAD /says-gone": Answer(status=404),
        "GET /says-gone": Answer(),
        "/gone": Answer(status=410),
        "/moved": Answer(status=301, headers={"Location": "/there"}),
        "/to-gone": Answer(status=302, headers={"Location": f"{pages.url}/gone"}),
        "/app": Answer(status=302, headers={"Location": "weixin://dl"}),
        "/loop": Answer(status=302, headers={"Location": "/loop"}),
        "/inside": Answer(status=302, headers={"Location": "http://127.0.0.2/"}),
        "/a b/文": Answer(),
    }
    paths = {address.removeprefix("HEAD ").removeprefix("GET ") for address in pages.pages} | {"/nothing"}
    told = {path: asker().ask(pages.url + path) for path in paths}
    assert told == {
        "/there": None, "/guarded": None, "/no-head": None, "/says-gone": None, "/moved": None, "/app": None,
        "/a b/文": None,
        "/gone": Failure(LinkFault.STATUS, 410),
        "/to-gone": Failure(LinkFault.STATUS, 410),
        "/nothing": Failure(LinkFault.STATUS, 404),
        "/loop": Failure(LinkFault.REDIRECTS),
        "/inside": Failure(LinkFault.NOT_PUBLIC),
    }  # fmt: skip
    assert {question.headers["user-agent"] for question in pages.questions} == {"portal-of-tests"}


def test_nobody_inside_is_asked_by_whatever_name(pages: Pages) -> None:
    port = pages.url.rpartition(":")[2]
    hosts = ("127.0.0.1", "localhost", "0.0.0.0", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]")
    told = {host: Asker({}, pause=0).ask(f"http://{host}:{port}/") for host in hosts}
    assert {failure.fault for failure in told.values() if failure} <= {LinkFault.NOT_PUBLIC, LinkFault.NO_SUCH_HOST}
    assert (len([failure for failure in told.values() if failure]), pages.questions) == (len(hosts), [])


@contextmanager
def dripping() -> Iterator[str]:
    """A server whose answer comes byte by byte, without end."""
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not ended.wait(0.05):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        ended.set()
        thread.join()


def test_a_host_that_does_not_answer_is_given_up(pages: Pages) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, dripping() as endless:
        began = time.monotonic()
        for url in (f"http://127.0.0.1:{silent.getsockname()[1]}/", endless):
            assert asker().ask(url) == Failure(LinkFault.SLOW), url
        assert time.monotonic() - began < 3
    others = {
        "http://127.0.0.1:1/": LinkFault.NO_CONNECTION,
        "http://nobody.invalid/": LinkFault.NO_SUCH_HOST,
        pages.url.replace("http", "https"): LinkFault.CERTIFICATE,
        "http://127.0.0.1:99999/": LinkFault.NO_ANSWER,
        "http://[x/": LinkFault.NO_ANSWER,
    }
    assert {url: failure.fault for url in others if (failure := asker().ask(url))} == others
    many = [f"http://127.0.0.1:1/{number}" for number in range(50)]
    assert set(ask_all(asker(), many).values()) == {Failure(LinkFault.NO_CONNECTION)}


def test_a_host_is_asked_one_question_at_a_time_with_pauses(pages: Pages) -> None:
    links = [f"{pages.url}/{number}" for number in range(4)]
    began = time.monotonic()
    ask_all(asker(pause=0.05), [*links, *(link.replace("127.0.0.1", "localhost") for link in links)])
    assert (pages.most, time.monotonic() - began > 0.3) == (2, True)
    assert len(pages.questions) == 16


@pytest.fixture
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name of the sample content is looked up."""
    look_up = socket.getaddrinfo

    def here_alone(host: str, *more: Any, **named: Any) -> Any:
        if host != "127.0.0.1":
            raise socket.gaierror(host)
        return look_up(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here_alone)


@pytest.mark.usefixtures("nobody_else")
def test_a_link_is_broken_on_its_second_day_and_well_when_it_answers(app: Flask, pages: Pages) -> None:
    load_content(SAMPLE, now=MORNING)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    link = f"{pages.url}/away"
    with transaction() as session:
        session.scalars(select(Member).where(Member.slug == "test-jia")).one().links = [
            {"kind": "homepage", "url": link}
        ]
    links = published_links(db.session(), MORNING)
    assert [(kind, row.slug) for kind, row in links[link]] == [("member", "test-jia")]
    assert {"https://example.org/papers/first.pdf", "https://example.org/demo"} <= links.keys()

    for days in (0, 0.2):
        check_links(asker(), now=MORNING + days * A_DAY)
        assert broken_links(db.session(), MORNING + A_DAY) == []
    check_links(asker(), now=MORNING + A_DAY)
    found = {each.failing.url: each for each in broken_links(db.session(), MORNING + A_DAY)}
    assert (found[link].since, found[link].failing.status) == (MORNING.date(), 404)
    page = client.get("/en/editor/health/").text
    assert [
        word in page for word in (link, "There is nothing any more (answer 404)", "/en/editor/member/test-jia/")
    ] == [True] * 3

    pages.pages = {"/away": Answer()}
    check_links(asker(), now=MORNING + 2 * A_DAY)
    assert link not in {each.failing.url for each in broken_links(db.session(), MORNING + 2 * A_DAY)}
    with transaction() as session:
        session.add(
            FailingLink(
                url="https://example.org/unnamed", fault="slow", status=0, failed_first=MORNING, failed_last=MORNING
            )
        )
    check_links(asker(), now=MORNING + 3 * A_DAY)
    assert "https://example.org/unnamed" not in set(db.session.scalars(select(FailingLink.url)))


def test_nobody_is_asked_until_the_operator_allows_it_and_all_faults_have_words(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["content", "check-links"])
    assert (result.exit_code, result.output) == (0, "Nobody is asked: S2_CHECK_LINKS is off.\n")
    assert set(LINK_FAULTS) == set(LinkFault)
    app.config["CHECK_LINKS"] = True
    assert app.test_cli_runner().invoke(args=["content", "check-links"]).output == "0 links asked, 0 failed\n"
    failing = FailingLink(fault="status", status=404)
    with app.test_request_context(), in_language("zh"):
        assert link_fault(failing) == "已经没有了（回答 404）"
