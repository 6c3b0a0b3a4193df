"""The log of a whole journey: found again by the request's id, and nothing in it about anybody."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group import create_app
from tests.support.applying import REQUIRED, RESUME
from tests.support.databases import PRODUCTION, SqliteDatabases, settings
from tests.support.server import Portal, running_portal
from tests.support.staff import PASSWORD
from tests.support.visitor import Visitor

ID = re.compile(r"[0-9a-f]{16}")
TYPED = {
    **REQUIRED,
    "name": "测试甲",
    "email": "someone.typed@example.org",
    "university": "Typed University",
    "college": "Typed College",
    "major": "Typed Studies",
    "statement": ("A typed statement. " * 20).strip(),
    "cet4": "611",
}
# Too short or too common to be looked for.
COMMON = {"has", "y", "611"}

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def portal(tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    folder = tmp_path / "data"
    environ = settings(folder, sqlite_databases.fresh(folder)) | {"S2_LOG_FORMAT": "json"}
    with running_portal(environ) as portal:
        yield portal


def _lines(portal: Portal) -> list[dict[str, Any]]:
    return [json.loads(line) for line in portal.log.splitlines()]


def _journey(portal: Portal) -> str:
    """Apply with an error, apply, look at receipt and status, fail to sign in; the application's reference."""
    visitor = Visitor(portal.url)
    visitor.get("/members/?name=typed-into-the-address")
    visitor.get("/en/apply/received/AAAA-BBBB-CCCC-DDDD/")
    hidden = visitor.opened_form("/en/apply/")
    assert visitor.send("/en/apply/", {**TYPED, **hidden, "email": "no address"}, RESUME).status == 422
    page = visitor.send("/en/apply/", {**TYPED, **hidden}, RESUME)
    assert page.status == 200
    reference = page.url.rstrip("/").rpartition("/")[2]
    assert visitor.get(f"/apply/status/{reference}/").status == 200
    sign_in = visitor.opened_form("/en/account/login")
    visitor.send("/en/account/login", {**sign_in, "email": "typed.staff@example.org", "password": PASSWORD}, b"")
    return reference


def test_nothing_that_was_typed_and_no_reference_is_in_the_log_of_a_journey(portal: Portal) -> None:
    reference = _journey(portal)
    portal.stop()
    log = portal.log
    for typed in {*TYPED.values(), PASSWORD, reference, "typed", "no address", "cv.pdf", "127.0.0.1:"} - COMMON:
        shown = [line for line in log.splitlines() if typed in line and "Listening at" not in line]
        assert shown == [], typed


def test_every_line_is_an_object_with_the_same_names(portal: Portal) -> None:
    _journey(portal)
    portal.stop()
    lines = _lines(portal)
    assert {tuple(line) for line in lines} == {("time", "level", "logger", "request_id", "message", "fields")}
    assert {"gunicorn.error", "gunicorn.access"} <= {line["logger"] for line in lines}
    [receipt] = [line for line in lines if line["message"].startswith('"GET /en/apply/received/***/" 200')]
    assert ID.fullmatch(receipt["request_id"])
    assert receipt["fields"]["method"] == "GET"
    assert receipt["fields"]["path"] == "/en/apply/received/***/"


def test_the_worker_tells_by_the_mails_own_id_what_became_of_it(portal: Portal) -> None:
    _journey(portal)
    portal.stop()
    told = [line["message"] for line in _lines(portal) if line["logger"] == "s2group"]
    assert all(re.fullmatch(r"mail <[0-9a-f]{32}@127\.0\.0\.1>: written \(None\)", words) for words in told), told


@only_sqlite
def test_an_answer_tells_the_id_of_its_request(client: FlaskClient) -> None:
    ids = [client.get(path).headers["X-Request-ID"] for path in ("/healthz", "/healthz", "/no-such-page")]
    assert all(ID.fullmatch(each) for each in ids)
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        ("1", "from-the-proxy-0001", True),
        ("0", "from-the-proxy-0001", False),
        ("1", "short", False),
        ("1", "a" * 65, False),
        ("1", 'forged-"line', False),
    ],
)
@only_sqlite
def test_only_a_trusted_proxy_names_a_request(environ: dict[str, str], proxies: str, given: str, taken: bool) -> None:
    client = create_app(environ | {"S2_TRUSTED_PROXIES": proxies}).test_client()
    assert (client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given) is taken


@only_sqlite
def test_a_fault_is_logged_under_the_id_that_its_visitor_was_told(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(environ | {"S2_LOG_FORMAT": "json"})
    _add_fault(app)
    response = app.test_client().get("/fault?name=secret")
    assert response.status_code == 500
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert line["level"] == "error"
    assert line["message"].startswith("failed: GET /fault: ZeroDivisionError")
    assert "secret" not in str(line)


def _add_fault(app: Flask) -> None:
    app.testing = False
    app.add_url_rule("/fault", view_func=lambda: str(1 // 0))


@only_sqlite
def test_production_logs_json_and_people_at_work_read_text(environ: dict[str, str]) -> None:
    assert create_app(environ | PRODUCTION).config["LOG_FORMAT"] == "json"
    assert create_app(environ | {"S2_ENV": "development"}).config["LOG_FORMAT"] == "text"
    assert create_app(environ).config["LOG_FORMAT"] == "text"
