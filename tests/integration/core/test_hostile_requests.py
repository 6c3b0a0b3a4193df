"""Whatever is sent to any address: no failure of ours, always our headers, always the reader's language."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from s2group import create_app
from s2group.admissions.models import Application
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support import applying
from tests.support.addresses import addresses_of, rules
from tests.support.databases import PRODUCTION, SqliteDatabases, settings
from tests.support.extent import share
from tests.support.forms import as_shown
from tests.support.owning import own_values
from tests.support.server import Portal, running_portal
from tests.support.staff import form_token, sign_in

HEADERS = (
    "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
    "Permissions-Policy", "Cache-Control", "X-Request-ID",
)  # fmt: skip
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
BOUNDARY = "b0undary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
PAIRS = "application/x-www-form-urlencoded"
# Names that pages add by a script, or that come with a file.
MORE_NAMES = ("action", "remove", "resume", "resume_token", "seen", "autosave", "rows", "papers-0-title", "next", "")
# It ends the session.
LAST = "security.logout"


def multipart(*parts: tuple[bytes, bytes], end: bytes = b"--") -> bytes:
    """Parts by what follows `form-data` in their header, and their content."""
    lines = b"".join(
        b"--%b\r\nContent-Disposition: form-data%b\r\n\r\n%b\r\n" % (BOUNDARY.encode(), about, content)
        for about, content in parts
    )
    return lines + b"--%b%b\r\n" % (BOUNDARY.encode(), end)


def named(name: str, content: bytes, filename: bytes | None = None) -> tuple[bytes, bytes]:
    """A part under that name; a file where it has a name of one."""
    file = b"" if filename is None else b'; filename="%b"' % filename
    return b'; name="%b"%b' % (name.encode(), file), content


def bodies(names: list[str], token: str) -> Iterator[tuple[str, bytes, str]]:
    """What is sent, in words; the body; its type. The token is right, so that the view itself has to cope."""
    proof = named("csrf_token", token.encode())

    def every(content: bytes, filename: bytes | None = None) -> bytes:
        return multipart(proof, *(named(name, content, filename) for name in names if name != "csrf_token"))

    for what, content in {
        "words": b"typed",
        "NUL": b"a\0b",
        "no UTF-8": "张三".encode("gbk"),
        "half a surrogate": b"\xed\xa0\x80",
        "much": b"1" * 20_000,
        "signs": "\u202e=?utf-8?q?x?=\ufffe\U0010ffff%s{{7*7}}'\"".encode(),
        "empty": b"",
    }.items():
        yield f"every field is {what}", every(content), FORM
        yield f"every field is a file of {what}", every(content, b"a"), FORM
    yield "files named in GBK", every(b"x", "简历.pdf".encode("gbk")), FORM
    yield "files named in nothing", every(b"x", b"\xff\xfe\0"), FORM
    yield "parts without a name", multipart(proof, (b"", b"typed"), (b'; filename="a"', b"typed")), FORM
    yield "parts without an end", every(b"typed")[:-20], FORM
    yield "no parts", b"", FORM
    yield "no boundary", multipart(proof), "multipart/form-data"
    yield "a boundary of letters", multipart(proof), "multipart/form-data; boundary=边界"
    yield "pairs in GBK", f"csrf_token={token}&name=张三&email=%D5%C5".encode("gbk"), PAIRS
    yield "JSON", b'{"name": 1}', "application/json"
    yield "anything", b"\0\xff", "text/plain; charset=utf-16"


def check(response: TestResponse, where: str) -> None:
    """What holds of every answer."""
    assert response.status_code < 500, where
    missing = [name for name in HEADERS if name not in response.headers]
    assert missing == [], where
    if response.status_code == 405:
        assert response.headers.get("Allow"), where
    if response.status_code >= 400 and response.mimetype == "text/html" and response.text:
        assert f'<html lang="{"en" if "/en/" in where else "zh-CN"}"' in response.text, where


@pytest.fixture
def addresses(app: Flask, client: FlaskClient) -> dict[str, str]:
    """As far as an administrator who also applies gets."""
    found = addresses_of(app, client)
    sign_in(client, Role.ADMIN)
    for endpoint, values in own_values(client).items():
        found[endpoint] = app.url_map.bind("localhost").build(endpoint, values, method="POST")
    return found


@pytest.mark.parametrize(("place", "prefix"), [(0, ""), (1, "/en")])
def test_every_method_at_every_address(client: FlaskClient, addresses: dict[str, str], place: int, prefix: str) -> None:
    """In the short form each address is tried in one language."""
    for address in share(sorted(addresses.values()), place, 2):
        for method in METHODS:
            response = client.open(prefix + address, method=method)
            response.close()
            check(response, f"{method} {prefix}{address}: {response.status}")


def test_every_form_copes_with_everything(app: Flask, client: FlaskClient, addresses: dict[str, str]) -> None:
    posted = [rule for rule in rules(app) if "POST" in (rule.methods or ())]
    posted.sort(key=lambda rule: rule.endpoint == LAST)
    before = db.session.scalar(select(func.count()).select_from(Application))
    tried = 0
    # In the short form the bodies take turns: each form gets a third of them, and each of them a third of the forms.
    for place, rule in enumerate(posted):
        address = "/en" + addresses[rule.endpoint]
        page = client.get(address, follow_redirects=True)
        shown = as_shown(page.text) if page.mimetype == "text/html" else {}  # a file lies at some of them
        names = [*dict.fromkeys([*shown, *applying.REQUIRED, *MORE_NAMES])]
        token = form_token(client.get("/en/apply/").text)
        for what, body, kind in share(list(bodies(names, token)), place % 3, 3):
            response = client.post(address, data=body, content_type=kind)
            check(response, f"{what} to {address}: {response.status}")
            tried += 1
    assert tried > 20 * 20
    assert db.session.scalar(select(func.count()).select_from(Application)) == before


@pytest.mark.parametrize("query", ["after", "state", "route", "q", "year", "page", "next", "version"])
@pytest.mark.parametrize("value", ["%00", "%FF%FE", "%ED%A0%80", "1" * 3000, "%E2%80%AE", "-1", "1e9", "[]", "%25s"])
def test_every_page_copes_with_any_query(client: FlaskClient, query: str, value: str) -> None:
    for path in ("/en/", "/en/apply/", "/en/search/", "/en/publications/", "/en/members/", "/en/news/", "/en/review/"):
        check(client.get(f"{path}?{query}={value}"), f"{path}?{query}={value[:20]}")


def send(client: FlaskClient, *parts: tuple[bytes, bytes], end: bytes = b"--") -> TestResponse:
    """A whole application, of these parts."""
    hidden = applying.opened_form(client)
    fields = [named(name, value.encode()) for name, value in {**hidden, **applying.REQUIRED}.items()]
    return client.post("/en/apply/", data=multipart(*fields, *parts, end=end), content_type=FORM)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("简历.pdf".encode("gbk"), "简历.pdf"),
        ("简历.pdf".encode(), "简历.pdf"),
        ("𠮷.pdf".encode("gb18030"), "𠮷.pdf"),
        (b"cv\xff.pdf", "cv�.pdf"),
    ],
)
def test_a_file_may_be_named_in_any_encoding(app: Flask, client: FlaskClient, written: bytes, read: str) -> None:
    applying.load_fictional_content(app)
    assert send(client, named("resume", applying.RESUME, written)).status_code == 303
    [document] = [entry.document for entry in applying.the_application().documents]
    assert document.original_name == read


def test_what_came_without_its_name_is_given_back(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    page = send(client, named("resume", applying.RESUME, b"cv.pdf"), (b"", b"Written <b>by hand"))
    assert page.status_code == 422
    assert "Copy it to where it belongs: Written &lt;b&gt;by hand" in page.text
    assert 'value="Test Applicant"' in page.text
    assert applying.applications() == 0


def test_a_form_that_breaks_off_keeps_what_came(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    page = send(client, named("resume", applying.RESUME, b"cv.pdf"), named("cet4", b"425"), end=b"-")
    assert page.status_code == 422
    assert "Press the button again." in page.text
    assert 'value="Test Applicant"' in page.text
    assert applying.applications() == 0


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (multipart(*[named("x", b"")] * 1001), FORM, "more parts than any form here has"),
        (b"x=&" * 1001, PAIRS, "more parts than any form here has"),
        (multipart(named("statement", b"x" * 270_000)), FORM, "Shorten the longest text"),
        (b"statement=" + b"x" * 270_000, PAIRS, "Shorten the longest text"),
        (multipart(*[named("statement", b"x" * 100_000)] * 3), FORM, "Shorten the longest text"),
    ],
)
def test_too_much_says_of_what(client: FlaskClient, body: bytes, kind: str, says: str) -> None:
    refused = client.post("/en/apply/", data=body, content_type=kind)
    assert refused.status_code == 413
    assert says in refused.text
    assert "Choose a file" not in refused.text


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    refused = client.delete("/en/apply/")
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert '<html lang="en"' in refused.text


@pytest.fixture
def portal(tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    data = tmp_path / "served"
    with running_portal(settings(data, sqlite_databases.fresh(data)), light=True) as portal:
        yield portal


def test_what_never_reaches_the_app_is_answered_as_by_it(portal: Portal) -> None:
    for line, status in (
        (f"GET /{'x' * 5000} HTTP/1.1", "414 URI Too Long"),
        ("GET / HTTP/1.1\r\nX: " + "x" * 9000, "431 Request Header Fields Too Large"),
        ("no request", "400 Bad Request"),
    ):
        with socket.create_connection(("127.0.0.1", portal.port), timeout=30) as connection:
            connection.sendall(f"{line}\r\nHost: 127.0.0.1\r\n\r\n".encode())
            answer = connection.makefile("rb").read().decode()
        head, _, page = answer.partition("\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status}\r\n")
        assert [name for name in HEADERS[:-1] if f"\r\n{name}: " not in head] == []
        assert "这个请求无法处理" in page
        assert "This request cannot be answered" in page


def test_a_foreign_host_is_no_failure_of_ours(environ: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(environ | PRODUCTION | {"S2_HSTS_SUBDOMAINS": "on"})
    refused = app.test_client().get("/en/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert refused.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert [name for name in HEADERS if name not in refused.headers] == []
    assert caplog.records == []
    with app.app_context():
        db.engine.dispose()
