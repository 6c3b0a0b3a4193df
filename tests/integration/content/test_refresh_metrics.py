from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import config
from s2group.content.metrics import Outcome, configured, refresh
from s2group.content.metrics.models import Metric
from s2group.content.metrics.queries import metrics_of
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.publications.models import Publication
from s2group.content.releases.models import Release
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.core.outgoing import Client
from s2group.extensions import db
from tests.support.answering import Answer
from tests.support.applying import load_fictional_content
from tests.support.counting import CountingService, counting_service
from tests.support.queries import recorded_statements
from tests.support.record import publication
from tests.support.sample import NOW

THEN = datetime(2026, 2, 1, 8, tzinfo=UTC)
A, B, ARXIV = "doi:10.5555/a", "doi:10.5555/b", "arxiv:2105.02446"


@pytest.fixture
def service() -> Iterator[CountingService]:
    with counting_service() as service:
        yield service


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have slept, each time."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    return slept


@pytest.fixture
def environ(environ: dict[str, str], service: CountingService, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return environ | service.environ | {"S2_CITATIONS_SOURCE": "openalex"}


@pytest.fixture
def record(app: Flask, waits: list[float]) -> None:
    """Two papers with a DOI, the second a preprint as well."""
    with transaction() as session:
        session.add(publication("a", doi="10.5555/A"))
        session.add(publication("b", doi="10.5555/b", arxiv="2105.02446"))


def counted(app: Flask, **settings: object) -> Outcome:
    """What became of the one service that is turned on."""
    [outcome] = refresh(configured({**app.config, **settings}), now=NOW)
    return outcome


def kept() -> dict[str, tuple[int, str, datetime]]:
    db.session.rollback()
    return {row.subject: (row.value, row.source, row.counted_at) for row in db.session.scalars(select(Metric))}


def keep(subject: str, value: int) -> None:
    with transaction() as session:
        session.add(Metric(subject=subject, value=value, source="OpenAlex", counted_at=THEN))


def test_openalex_counts_by_doi_and_by_the_doi_of_a_preprint(
    app: Flask, record: None, service: CountingService
) -> None:
    service.counts = {A: 12, ARXIV: 3}
    outcome = counted(app, CITATIONS_KEY="a-key", COUNTS_EMAIL="lab@example.org")
    assert str(outcome) == "OpenAlex: 2 counted, 1 unknown, 0 failed"
    assert outcome.lines == []
    assert kept() == {A: (12, "OpenAlex", NOW), ARXIV: (3, "OpenAlex", NOW)}
    [question] = service.questions
    assert question.query == {
        "filter": "doi:10.48550/arxiv.2105.02446|10.5555/a|10.5555/b",
        "select": "doi,cited_by_count",
        "per-page": "50",
        "api_key": "a-key",
    }
    agent = f"s2group-portal (+{app.config['PUBLIC_URL']}; mailto:lab@example.org)"
    assert question.headers["user-agent"] == agent


def test_semantic_scholar_counts_in_one_question(app: Flask, record: None, service: CountingService) -> None:
    service.counts = {A: 12, ARXIV: 3}
    outcome = counted(app, CITATIONS_SOURCE="semanticscholar", CITATIONS_KEY="a-key")
    assert str(outcome) == "Semantic Scholar: 2 counted, 1 unknown, 0 failed"
    assert kept() == {A: (12, "Semantic Scholar", NOW), ARXIV: (3, "Semantic Scholar", NOW)}
    [question] = service.questions
    assert question.body == {"ids": ["ARXIV:2105.02446", "DOI:10.5555/a", "DOI:10.5555/b"]}
    assert question.query == {"fields": "citationCount"}
    assert question.headers["x-api-key"] == "a-key"


def test_semantic_scholar_knows_none_of_them(app: Flask, record: None, service: CountingService) -> None:
    outcome = counted(app, CITATIONS_SOURCE="semanticscholar")
    assert (str(outcome), outcome.lines) == ("Semantic Scholar: 0 counted, 3 unknown, 0 failed", [])
    assert not outcome.wholly_failed


def test_stars_of_papers_releases_and_members(app: Flask, waits: list[float], service: CountingService) -> None:
    load_fictional_content(app)
    words = LocalizedText(zh="词", en="Words")
    with transaction() as session:
        session.add(publication("a", repository="Test-Owner/paper"))
        session.add(release("code", repository="test-owner/code", url="https://example.org"))
        session.add(release("demo", repository="", url="https://github.com/test-owner/demo"))
        member = session.scalars(select(Member)).first()
        assert member is not None
        tool = "https://github.com/test-owner/tool.git"
        member.entries.append(
            ProfileEntry(kind="software", position=90, period="", text=words, url=tool, source="homepage")
        )
    service.counts = {"test-owner/paper": 5, "test-owner/code": 0, "test-owner/tool": 7}
    outcome = counted(app, CITATIONS_SOURCE="off", STARS=True, GITHUB_TOKEN="a-token")
    assert str(outcome) == "GitHub: 3 counted, 2 unknown, 0 failed"
    assert {subject: number for subject, (number, _, _) in kept().items()} == {
        "github:test-owner/paper": 5,
        "github:test-owner/code": 0,
        "github:test-owner/tool": 7,
    }
    assert {question.headers["authorization"] for question in service.questions} == {"Bearer a-token"}
    assert waits == [1, 1, 1, 1]


def release(key: str, **values: object) -> Release:
    words = LocalizedText(zh="词", en="Words")
    return Release(key=key, position=9, kind="code", title=words, summary=words, licence="", year=None, **values)


def test_a_second_run_renews_the_numbers_and_forgets_what_is_gone(
    app: Flask, record: None, service: CountingService
) -> None:
    keep(A, 7)
    keep("doi:10.5555/gone", 7)
    service.counts = {A: 8}
    counted(app)
    assert kept() == {A: (8, "OpenAlex", NOW)}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=500), "HTTP 500"),
        (Answer(status=404), "HTTP 404"),
        (Answer(raw=b"<html>"), "its answer is not JSON"),
        (Answer(raw=b"[" * 200_000), "its answer is not JSON"),
        (Answer(raw=b"\xff\xfe\xfd"), "its answer is not JSON"),
        (Answer([]), "its answer is not a list of works"),
        (Answer({"results": None}), "its answer is not a list of works"),
        (Answer({"results": [{"doi": "10.5555/a"}]}), "its answer is not a list of works"),
        (Answer(raw=b" " * 5_000_000), "its answer is longer than 4194304 bytes"),
        (Answer(status=302, headers={"Location": "http://localhost:9/"}), "it leads to another host"),
        (Answer(status=302, headers={"Location": "file:///etc/hostname"}), "HTTP 302"),
        (Answer(status=429), "HTTP 429; gave up"),
        (Answer(status=401), "HTTP 401; gave up"),
        (Answer(status=429, headers={"Retry-After": "3600"}), "HTTP 429, and a wait of 3600 s; gave up"),
        (Answer(status=403, headers={"X-RateLimit-Remaining": "0"}), "HTTP 403; gave up"),
    ],
)
def test_the_last_number_stays_when_the_answer_is_useless(
    app: Flask, record: None, service: CountingService, answer: Answer, why: str
) -> None:
    keep(A, 7)
    service.answers = [answer]
    outcome = counted(app)
    assert outcome.lines == [f"OpenAlex: {ARXIV} and 2 more: {why}"]
    assert str(outcome) == "OpenAlex: 0 counted, 0 unknown, 3 failed"
    assert outcome.wholly_failed
    assert kept() == {A: (7, "OpenAlex", THEN)}


@pytest.mark.parametrize("number", [-1, "7", 1.5, None, True, 10**12])
def test_a_number_that_cannot_be_is_not_kept(
    app: Flask, record: None, service: CountingService, number: object
) -> None:
    keep(A, 7)
    service.counts = {A: number, B: 4}
    outcome = counted(app)
    assert outcome.lines == [f"OpenAlex: {A}: its answer is not a count"]
    assert str(outcome) == "OpenAlex: 1 counted, 1 unknown, 1 failed"
    assert not outcome.wholly_failed
    assert kept() == {A: (7, "OpenAlex", THEN), B: (4, "OpenAlex", NOW)}


def test_semantic_scholar_tells_fewer_papers_than_were_asked_for(
    app: Flask, record: None, service: CountingService
) -> None:
    service.answers = [Answer([{"citationCount": 4}])]
    outcome = counted(app, CITATIONS_SOURCE="semanticscholar")
    assert outcome.lines == [
        f"Semantic Scholar: {ARXIV} and 2 more: its answer is not one paper for each that was asked for"
    ]


@pytest.mark.parametrize("status", [429, 503, 403])
def test_a_short_wait_is_kept(
    app: Flask, record: None, service: CountingService, waits: list[float], status: int
) -> None:
    service.counts = {A: 12}
    service.answers = [Answer(status=status, headers={"Retry-After": "7"})]
    assert str(counted(app)) == "OpenAlex: 1 counted, 2 unknown, 0 failed"
    assert waits == [7]


def test_a_wait_until_a_moment(app: Flask, record: None, service: CountingService, waits: list[float]) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    service.answers = [Answer(status=429, headers={"Retry-After": moment})]
    counted(app)
    [waited] = waits
    assert 10 < waited <= 20


def test_it_waits_twice_and_no_more(app: Flask, record: None, service: CountingService, waits: list[float]) -> None:
    service.answers = [Answer(status=429, headers={"Retry-After": "7"})] * 3
    assert counted(app).lines == [f"OpenAlex: {ARXIV} and 2 more: HTTP 429 after 2 waits; gave up"]
    assert waits == [7, 7]


def quick(counters: Any) -> Any:
    """The same without patience."""
    for counter, _ in counters:
        counter.client.timeout, counter.client.deadline = 0.2, 0.2
    return counters


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(raw=b"", hangs=True), "timed out"),
        (Answer(raw=b'{"results": [', headers={"Content-Length": "1000"}, hangs=True), "timed out"),
    ],
)
def test_a_service_that_hangs(app: Flask, record: None, service: CountingService, answer: Answer, why: str) -> None:
    service.answers = [answer]
    [outcome] = refresh(quick(configured(app.config)), now=NOW)
    assert outcome.lines == [f"OpenAlex: {ARXIV} and 2 more: {why}"]


def test_a_service_that_is_down(app: Flask, record: None) -> None:
    outcome = counted(app, CITATIONS_URL="http://127.0.0.1:9")
    assert outcome.lines == [f"OpenAlex: {ARXIV} and 2 more: [Errno 111] Connection refused"]


def test_an_answer_that_is_cut_off(app: Flask, record: None, service: CountingService) -> None:
    service.answers = [Answer(raw=b"{}", headers={"Content-Length": "1000"})]
    assert counted(app).lines == [f"OpenAlex: {ARXIV} and 2 more: its answer is not a list of works"]


def repositories(*names: str) -> None:
    with transaction() as session:
        session.add_all(publication(name, repository=f"test/{name}") for name in names)


def test_three_failures_in_a_row_end_it(app: Flask, waits: list[float], service: CountingService) -> None:
    repositories("a", "b", "c", "d", "e")
    service.answers = [Answer(status=500)] * 5
    outcome = counted(app, CITATIONS_SOURCE="off", STARS=True)
    assert outcome.lines == [
        "GitHub: github:test/a: HTTP 500",
        "GitHub: github:test/b: HTTP 500",
        "GitHub: github:test/c and 2 more: HTTP 500; gave up",
    ]
    assert str(outcome) == "GitHub: 0 counted, 0 unknown, 5 failed"
    assert len(service.questions) == 3


def test_what_was_counted_longest_ago_comes_first(app: Flask, waits: list[float], service: CountingService) -> None:
    repositories("a", "b", "c")
    keep("github:test/a", 1)
    service.counts = {"test/b": 2, "test/c": 3}
    service.answers = [Answer({"stargazers_count": 2}), Answer({"stargazers_count": 3}), Answer(status=429)]
    outcome = counted(app, CITATIONS_SOURCE="off", STARS=True)
    assert [question.path for question in service.questions] == [f"/repos/test/{name}" for name in "bca"]
    assert outcome.lines == ["GitHub: github:test/a: HTTP 429; gave up"]
    assert {subject: number for subject, (number, _, _) in kept().items()} == {
        "github:test/a": 1, "github:test/b": 2, "github:test/c": 3,
    }  # fmt: skip


def test_a_renamed_repository_is_followed(app: Flask, waits: list[float], service: CountingService) -> None:
    repositories("old")
    service.answers = [Answer(status=301, headers={"Location": f"{service.url}/repositories/7"})]
    service.answers.append(Answer({"stargazers_count": 9}))
    assert str(counted(app, CITATIONS_SOURCE="off", STARS=True)) == "GitHub: 1 counted, 0 unknown, 0 failed"


def test_openalex_is_asked_for_fifty_at_a_time(app: Flask, waits: list[float], service: CountingService) -> None:
    with transaction() as session:
        session.add_all(publication(f"p{n}", doi=f"10.5555/{n}") for n in range(51))
        session.add(publication("odd", doi="10.5555/a|b,c"))
    service.counts = {f"doi:10.5555/{n}": n for n in range(51)}
    assert str(counted(app)) == "OpenAlex: 51 counted, 1 unknown, 0 failed"
    assert len(service.questions) == 2
    assert waits == [1]


def test_the_command_tells_failures_and_the_sum(app: Flask, record: None, service: CountingService) -> None:
    app.config["STARS"] = True
    service.counts = {A: -1, B: 4}
    repositories("c")
    result = app.test_cli_runner().invoke(args=["content", "refresh-metrics"])
    assert result.stderr == f"OpenAlex: {A}: its answer is not a count\n"
    assert result.stdout == "OpenAlex: 1 counted, 1 unknown, 1 failed\nGitHub: 0 counted, 1 unknown, 0 failed\n"
    assert result.exit_code == 0


def test_the_command_fails_where_a_service_failed_wholly(app: Flask, record: None, service: CountingService) -> None:
    service.answers = [Answer(status=500)]
    result = app.test_cli_runner().invoke(args=["content", "refresh-metrics"])
    assert (result.exit_code, result.stdout) == (1, "OpenAlex: 0 counted, 0 unknown, 3 failed\n")


def test_nobody_is_asked_unless_told_so(app: Flask, record: None, service: CountingService) -> None:
    app.config["CITATIONS_SOURCE"] = "off"
    keep("doi:10.5555/gone", 7)
    result = app.test_cli_runner().invoke(args=["content", "refresh-metrics"])
    assert result.output == "Nobody is asked: S2_CITATIONS_SOURCE and S2_STARS are off.\n"
    assert result.exit_code == 0
    assert service.questions == []
    assert kept() == {"doi:10.5555/gone": (7, "OpenAlex", THEN)}


def test_the_numbers_are_read_in_one_statement(app: Flask, record: None) -> None:
    keep(A, 7)
    keep(B, 8)
    with recorded_statements() as statements:
        found = metrics_of([A, B, ARXIV])
    assert {subject: metric.value for subject, metric in found.items()} == {A: 7, B: 8}
    assert len([statement for statement in statements if statement != "BEGIN"]) == 1


@pytest.mark.parametrize(
    ("settings", "trouble"),
    [
        ({"S2_CITATIONS_SOURCE": "scholar"}, "it must be one of off, openalex, semanticscholar"),
        ({"S2_CITATIONS_SOURCE": "openalex", "S2_CITATIONS_URL": "http://example.org"}, "must begin with https://"),
        ({"S2_GITHUB_URL": "file:///etc"}, "must begin with https://"),
        ({"S2_STARS": "maybe"}, "it must be on or off"),
    ],
)
def test_settings_that_make_no_sense(tmp_path: Any, settings: dict[str, str], trouble: str) -> None:
    with pytest.raises(config.ConfigurationError, match=trouble):
        config.load({"S2_ENV": "test", "S2_DATA_DIR": str(tmp_path), **settings})


def test_a_key_is_never_told(app: Flask, record: None, service: CountingService) -> None:
    service.answers = [Answer(status=500)]
    assert "a-key" not in "".join(counted(app, CITATIONS_KEY="a-key").lines)


def test_certificates_are_verified() -> None:
    handlers: Any = Client("https://example.org", {})._opener.handlers  # type: ignore[attr-defined]
    [https] = [handler for handler in handlers if type(handler).__name__ == "HTTPSHandler"]
    assert https._context.check_hostname
    assert https._context.verify_mode.name == "CERT_REQUIRED"


def test_a_paper_that_left_while_the_services_were_asked(app: Flask, record: None, service: CountingService) -> None:
    counters = configured(app.config)
    with transaction() as session:
        session.delete(session.scalars(select(Publication).where(Publication.key == "a")).one())
    service.counts = {A: 1, B: 2}
    refresh(counters, now=NOW)
    assert kept() == {B: (2, "OpenAlex", NOW)}
