"""Sessions are rows: what ends one ends it everywhere, and a page that needs none asks for none."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from errno import ENOSPC
from threading import Timer
from time import perf_counter

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, func, select
from werkzeug.test import TestResponse

from s2group import create_app
from s2group.accounts import sessions
from s2group.accounts.models import BrowserSession
from s2group.accounts.services import set_active, set_password, set_role
from s2group.accounts.sessions import forget_ended_sessions
from s2group.core.database import own_transaction, transaction
from s2group.core.identifiers import token_hash
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import apply, hidden_fields, load_fictional_content, the_application
from tests.support.backups import refusal, run
from tests.support.changing import change
from tests.support.headings import headings
from tests.support.owning import let_change
from tests.support.staff import MORNING, PASSWORD, add_staff, form_token, sign_in, submit

NEWS = "/en/editor/news/"
LOGIN = "/en/account/login"
EDITOR = "editor@example.org"


def rows() -> list[BrowserSession]:
    db.session.rollback()
    return list(db.session.scalars(select(BrowserSession).order_by(BrowserSession.id)))


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found
    return found.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """Another browser that shows a copied cookie."""
    client = app.test_client()
    client.set_cookie("session", value)
    return client


def sign_out(client: FlaskClient) -> TestResponse:
    return client.post("/en/account/logout", data={"csrf_token": form_token(client.get(NEWS).text)})


@contextmanager
def statements() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_copied_cookie_is_worth_nothing_after_the_sign_out(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.EDITOR)
    thief = with_cookie(app, cookie(client))
    assert thief.get(NEWS).status_code == 200
    response = sign_out(client)
    assert "session=;" in response.headers["Set-Cookie"]
    assert thief.get(NEWS).status_code == 302
    assert [bool(row.ended_at) for row in rows()] == [True]


def test_only_the_hash_of_a_cookie_is_kept(client: FlaskClient) -> None:
    sign_in(client, Role.EDITOR)
    (row,) = rows()
    assert (row.token_hash, len(cookie(client))) == (token_hash(cookie(client)), 32)
    assert cookie(client) not in str(row.data)


def test_signing_in_makes_the_former_cookie_worthless(app: Flask, client: FlaskClient) -> None:
    client.get(LOGIN)
    planted = with_cookie(app, cookie(client))
    sign_in(client, Role.EDITOR)
    assert cookie(client) != cookie(planted)
    assert planted.get(NEWS).status_code == 302


def test_a_session_in_use_ends_after_seven_days_all_the_same(client: FlaskClient) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, Role.EDITOR)
        answers = []
        for _ in range(15):
            clock.shift(timedelta(hours=12))
            answers.append(client.get(NEWS).status_code)
    assert answers == [200] * 13 + [302] * 2


def test_looking_writes_at_most_once_in_five_minutes(client: FlaskClient) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, Role.EDITOR)
        writes = []
        for minutes in (1, 3, 1, 1, 3, 1):
            clock.shift(timedelta(minutes=minutes))
            with statements() as found:
                assert client.get(NEWS).status_code == 200
            writes.append(len([each for each in found if each.startswith("UPDATE")]))
        assert writes == [0, 0, 1, 0, 0, 1]
        assert rows()[0].seen_at == MORNING + timedelta(minutes=10)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_looking_waits_for_nobody_who_writes(client: FlaskClient) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, Role.EDITOR)
        clock.shift(timedelta(minutes=6))
        with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun = perf_counter()
            assert client.get(NEWS).status_code == 200
            assert client.get("/en/apply/").status_code == 200
            assert perf_counter() - begun < 5
            other.execute("ROLLBACK")
        assert rows()[0].seen_at == MORNING
        assert client.get(NEWS).status_code == 200
        assert rows()[0].seen_at == MORNING + timedelta(minutes=6)
    with own_transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


@contextmanager
def writing_for(seconds: float) -> Iterator[None]:
    """Somebody else writes to SQLite, so long that no page comes in between."""
    with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        end = Timer(seconds, other.execute, ["ROLLBACK"])
        end.start()
        yield
        end.join()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_message_is_shown_once_though_somebody_writes_for_a_moment(client: FlaskClient) -> None:
    sign_in(client, Role.REVIEWER)
    settings = "/en/account/settings/"
    chosen = {"name": "Fictional Reviewer", "locale": "en", "notify": "daily", "notify_email": ""}
    assert submit(client, settings, **chosen).status_code == 303
    with writing_for(0.2):
        assert "Saved." in client.get(settings).text
    assert "Saved." not in client.get(settings).text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("page", "key"), [("passkey", "passkey_challenge"), ("app", "app_key")])
def test_what_a_page_leans_on_is_kept_though_somebody_writes_for_long(client: FlaskClient, page: str, key: str) -> None:
    sign_in(client, Role.EDITOR)
    with writing_for(1):
        assert client.get(f"/en/account/second-factor/{page}/").status_code == 200
    assert key in rows()[0].data


def test_a_form_alone_needs_no_row(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    page = client.get("/en/apply/status/")
    assert (page.headers["Vary"], page.headers["Cache-Control"]) == ("Cookie", "no-store")
    token = form_token(page.text)
    assert client.post("/en/apply/status/", data={"csrf_token": token}).status_code == 422
    assert "HttpOnly; Path=/; SameSite=Lax" in page.headers["Set-Cookie"]
    assert token != form_token(app.test_client().get("/en/apply/status/").text)
    other = app.test_client().post("/en/apply/status/", data={"csrf_token": token})
    assert "Your session had ended" in other.text
    assert client.get(LOGIN).status_code == 200
    assert rows() == []


def test_whoever_applies_keeps_the_forms_that_lie_open(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    token = form_token(client.get("/en/apply/status/").text)
    before = cookie(client)
    apply(client)
    assert (len(rows()), cookie(client) == before) == (1, False)
    again = client.post("/en/apply/status/", data={"csrf_token": token, "reference": the_application().reference})
    assert again.status_code == 303


def test_a_sign_in_that_cannot_be_written_signs_nobody_in(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_fictional_content(app)
    add_staff(Role.EDITOR)
    apply(client)
    before = cookie(client)
    page = hidden_fields(client.get(LOGIN).text)
    writes = iter([OSError(ENOSPC, "No space left on device")])

    @contextmanager
    def full_once(**how: bool) -> Iterator[Connection]:
        for error in writes:
            raise error
        with own_transaction(**how) as connection:
            yield connection

    monkeypatch.setattr(sessions, "own_transaction", full_once)
    assert client.post(LOGIN, data=page | {"email": EDITOR, "password": PASSWORD}).status_code == 507
    [row] = rows()
    assert (cookie(client), row.user_id, "_user_id" in row.data) == (before, None, False)
    assert client.get(NEWS).status_code == 302
    assert client.post(LOGIN, data=page | {"email": EDITOR, "password": PASSWORD}).status_code == 302
    assert client.get(NEWS).status_code == 200


def test_a_page_of_the_staff_varies_by_cookie(client: FlaskClient) -> None:
    sign_in(client, Role.EDITOR)
    response = client.get(NEWS)
    assert (response.headers["Vary"], response.headers["Cache-Control"]) == ("Cookie", "no-store")


def test_under_https_the_cookie_is_bound_to_the_host(environ: dict[str, str]) -> None:
    app = create_app({**environ, "S2_PUBLIC_URL": "https://lab.example.org"})
    with app.app_context():
        sent = app.test_client().get(LOGIN, base_url="https://lab.example.org").headers["Set-Cookie"]
        name, _, rest = sent.partition("=")
        assert (name, rest.split("; ")[1:]) == ("__Host-session", ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"])
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("change_it", ["password", "role", "closed", "opened again"])
def test_what_changes_of_an_account_ends_its_sessions_and_no_others(
    app: Flask, client: FlaskClient, change_it: str
) -> None:
    sign_in(client, Role.EDITOR)
    other = app.test_client()
    sign_in(other, Role.PI)
    if change_it == "password":
        set_password(email=EDITOR, password="another four plain words", now=MORNING)
    elif change_it == "role":
        set_role(email=EDITOR, role=Role.ADMIN, now=MORNING)
    else:
        set_active(email=EDITOR, active=False, now=MORNING)
    if change_it == "opened again":
        set_active(email=EDITOR, active=True, now=MORNING)
    assert (client.get(NEWS).status_code, other.get(NEWS).status_code) == (302, 200)
    assert [row.ended_at for row in rows()] == [MORNING, None]


def test_the_operator_ends_sessions(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.EDITOR)
    other = app.test_client()
    sign_in(other, Role.PI)
    assert run(app, "accounts", "sessions", "end", "--email", "Editor@example.org") == "Ended sessions: 1\n"
    assert (client.get(NEWS).status_code, other.get(NEWS).status_code) == (302, 200)
    assert run(app, "accounts", "sessions", "end", "--all") == "Ended sessions: 1\n"
    assert other.get(NEWS).status_code == 302
    unknown = refusal(app, "accounts", "sessions", "end", "--email", "nobody@example.org")
    assert unknown == "Error: There is no account with this e-mail address"
    assert app.test_cli_runner().invoke(args=["accounts", "sessions", "end"]).exit_code == 2


def test_the_operator_closes_an_account_and_changes_its_role(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.EDITOR)
    run(app, "accounts", "role", "--email", EDITOR, "--role", "reviewer")
    assert client.get(NEWS).status_code == 302
    assert submit(client, LOGIN, email=EDITOR, password=PASSWORD).status_code == 302
    assert (client.get(NEWS).status_code, client.get("/en/review/").status_code) == (404, 200)
    run(app, "accounts", "disable", "--email", EDITOR)
    assert client.get("/en/review/").status_code == 302
    assert submit(client, LOGIN, email=EDITOR, password=PASSWORD).status_code == 422
    run(app, "accounts", "enable", "--email", EDITOR)
    assert submit(client, LOGIN, email=EDITOR, password=PASSWORD).status_code == 302


def test_sessions_that_are_over_are_removed(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    with time_machine.travel(MORNING, tick=False):
        apply(app.test_client())
        sign_in(client, Role.EDITOR)
        ended = app.test_client()
        submit(ended, LOGIN, email=EDITOR, password=PASSWORD)
        sign_out(ended)
    kept = []
    for later in (timedelta(), timedelta(hours=12), timedelta(hours=12, seconds=1), timedelta(days=7, seconds=1)):
        forget_ended_sessions(now=MORNING + later)
        kept.append(len(rows()))
    assert kept == [2, 2, 1, 0]


def test_a_session_is_not_written_while_a_transaction_is_open(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError, match="a transaction is open"), own_transaction():
        pass
    with own_transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(BrowserSession)) == 0


@pytest.mark.parametrize("value", ["", "x", "刘", "x" * 3000, "%00"])
def test_a_made_up_cookie_is_nobodys(app: Flask, value: str) -> None:
    client = with_cookie(app, value)
    assert client.get(NEWS).status_code == 302
    assert submit(client, LOGIN, email="", password="").status_code == 422


def test_a_changed_address_ends_what_the_reader_of_the_former_one_had(app: Flask) -> None:
    load_fictional_content(app)
    owner, reader = app.test_client(), app.test_client()
    apply(owner)
    application = the_application()
    status = f"/en/apply/status/{application.reference}/"
    let_change(reader, application)
    with reader.get(status + "data.zip") as download:
        assert download.mimetype == "application/zip"
    change(application, {"email": "new@example.org"})
    application = the_application()
    for browser in (reader, app.test_client()):
        for path in ("", "data.zip", "delete/", "withdraw/"):
            page = browser.get(status + path)
            assert headings(page.text, "h1") == ["A link to your e-mail address"], path
            assert "new@example.org" not in page.text
        receipt = browser.get(f"/en/apply/received/{application.reference}/")
        assert headings(receipt.text, "h1") == ["A link to your e-mail address"]
        assert "The e-mail address of this application was changed." in receipt.text
    let_change(reader, application)
    assert headings(reader.get(status).text, "h1") == ["Received, waiting to be read"]


def test_the_browser_that_changes_the_address_goes_on(app: Flask) -> None:
    load_fictional_content(app)
    owner, other = app.test_client(), app.test_client()
    apply(owner)
    application = the_application()
    status = f"/en/apply/status/{application.reference}/"
    let_change(other, application)
    draft = owner.post(f"{status}edit/", data={"csrf_token": form_token(owner.get(status).text)}).location
    about = owner.get(f"{draft}about/").text
    changed = {"name": application.name, "email": "new@example.org", "phone": "13800000000"}
    assert owner.post(f"{draft}about/", data={**hidden_fields(about), **changed}).status_code == 303
    check = hidden_fields(owner.get(f"{draft}check/").text)
    assert owner.post(f"{draft}check/", data={**check, "consent": "y"}).status_code == 303
    assert the_application().email == "new@example.org"
    assert headings(owner.get(f"{status}delete/").text, "h1") != ["A link to your e-mail address"]
    assert headings(other.get(f"{status}delete/").text, "h1") == ["A link to your e-mail address"]
    answer = other.post(f"{status}link/", data={"csrf_token": form_token(other.get(status).text)})
    assert answer.status_code == 303
    assert "A link goes to the e-mail address of this application." in other.get(status).text


def test_a_change_of_anything_else_ends_no_access(app: Flask) -> None:
    load_fictional_content(app)
    owner = app.test_client()
    apply(owner)
    change(the_application(), {"email": "Applicant@Example.org", "name": "Test Other"})
    application = the_application()
    assert (application.version, application.access_version) == (2, 1)
    assert "Change the application" in owner.get(f"/en/apply/status/{application.reference}/").text
