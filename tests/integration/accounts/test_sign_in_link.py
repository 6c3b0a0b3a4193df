"""A mailed link signs its owner in where somebody else's wrong passwords hold the account up."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group import create_app
from s2group.accounts.models import KnownDevice
from s2group.accounts.services import LinkError, set_active, set_password, sign_out_everywhere
from s2group.accounts.sign_in_links import sign_in_link_works, use_sign_in_link
from s2group.core import timing
from s2group.core.identifiers import token_hash
from s2group.core.permissions import Role
from s2group.editor.views.sign_in_links import SECONDS
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.services import forget_expired
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mail_by_key, staff_mails
from tests.support.applying import hidden_fields
from tests.support.client import Browser
from tests.support.headings import text_of
from tests.support.staff import MORNING, PASSWORD, add_staff, form_token, submit

LOGIN, ASK = "/en/account/login", "/en/account/sign-in-link/"
EDITOR = "editor@example.org"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/en/account/sign-in-link/([\w-]{32})/)")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr(timing, "sleep", lambda _seconds: None)
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor(app: Flask) -> str:
    return add_staff(Role.EDITOR)


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def ask(client: FlaskClient, email: str = EDITOR) -> TestResponse:
    return submit(client, ASK, email=email)


def mailed(client: FlaskClient) -> tuple[str, str]:
    """Ask for a link; its path and its token."""
    assert ask(client).status_code == 200
    found = LINK.search(mails()[-1].text)
    assert found
    return found[1], found[2]


def follow(client: FlaskClient, path: str) -> TestResponse:
    return client.post(path, data=hidden_fields(client.get(path).text))


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/en/editor/news/").status_code == 200


def test_the_owner_of_an_account_that_is_held_up_gets_in_by_mail(environ: dict[str, str]) -> None:
    app = create_app({**environ, "S2_RATE_LIMITS": "on"})
    app.test_client_class = Browser
    with app.app_context():
        add_staff(Role.EDITOR)
        owner = app.test_client()

        def tries(number: int, password: str) -> TestResponse:
            where = {"REMOTE_ADDR": f"198.51.100.{number}"}
            token = form_token(owner.get(LOGIN, environ_overrides=where).text)
            fields = {"csrf_token": token, "email": EDITOR, "password": password}
            return owner.post(LOGIN, data=fields, environ_overrides=where)

        assert [tries(number, "not the right password").status_code for number in range(6)] == [422] * 5 + [429]
        page = tries(7, PASSWORD)
        assert (page.status_code, "Was it not you?" in page.text) == (429, True)
        offered = page.text[page.text.index(f'action="{ASK}"') :]
        assert f'name="email" value="{EDITOR}"' in offered
        sent = owner.post(ASK, data={"csrf_token": form_token(offered), "email": EDITOR})
        assert sent.status_code == 200
        found = LINK.search(mails()[-1].text)
        assert found
        assert follow(owner, found[1]).location == "/en/account/"
        assert is_signed_in(owner)
        # From then on the browser is known: the wait of the others is not its own.
        owner.delete_cookie("session")
        assert tries(8, PASSWORD).status_code == 302
        db.session.remove()
        db.engine.dispose()


def test_the_mail_says_until_when_and_nobody_else_can_read_it(client: FlaskClient, editor: str) -> None:
    path, token = mailed(client)
    [mail] = mails()
    assert (mail.recipient, mail.message, mail.subject) == (EDITOR, "sign_in_link", "Your link to sign in")
    assert "It works once, until 2 September 2026, 01:40 (UTC+0)" in mail.text
    assert path in mail.html
    assert mail_by_key(staff_mails(), mail.key) is None
    kept = db.session.scalars(select(Link)).one()
    assert kept.token_hash == token_hash(token)
    assert token not in str(vars(kept))


def test_a_program_that_opens_the_link_does_not_use_it_up(client: FlaskClient, app: Flask, editor: str) -> None:
    path, _ = mailed(client)
    scanner = app.test_client()
    for method in ("GET", "HEAD", "GET"):
        looked = scanner.open(path, method=method)
        assert (looked.status_code, looked.headers["Cache-Control"]) == (200, "no-store")
    assert not is_signed_in(scanner)
    assert db.session.scalars(select(KnownDevice)).all() == []
    # Nor does one that sends the form without the page's token.
    assert scanner.post(path).status_code == 422
    assert follow(client, path).status_code == 303
    assert is_signed_in(client)


def test_the_link_works_once_and_takes_the_others_with_it(client: FlaskClient, app: Flask, editor: str) -> None:
    (earlier, _), (path, token) = mailed(client), mailed(client)
    other = app.test_client()
    open_form = hidden_fields(other.get(path).text)
    assert follow(client, path).status_code == 303
    assert other.post(path, data=open_form).status_code == 410
    assert [other.get(each).status_code for each in (path, earlier)] == [410, 410]
    assert not is_signed_in(other)
    with pytest.raises(LinkError):
        use_sign_in_link(token=token, now=MORNING)


def test_the_link_works_for_ten_minutes(client: FlaskClient, editor: str, clock: time_machine.Traveller) -> None:
    path, token = mailed(client)
    open_form = hidden_fields(client.get(path).text)
    clock.shift(timedelta(minutes=10) - timedelta(seconds=1))
    assert client.get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert (client.get(path).status_code, client.post(path, data=open_form).status_code) == (410, 410)
    assert not sign_in_link_works(token, now=MORNING + timedelta(minutes=10))
    assert forget_expired(now=MORNING + timedelta(minutes=10)) == 1


@pytest.mark.parametrize("ending", ["closed", "password", "signed out", "all signed out"])
def test_a_link_ends_with_what_it_was_given_for(client: FlaskClient, editor: str, ending: str) -> None:
    path, _ = mailed(client)
    open_form = hidden_fields(client.get(path).text)
    if ending == "closed":
        set_active(email=editor, active=False, now=MORNING)
    elif ending == "password":
        set_password(email=editor, password="four other words together", now=MORNING)
    else:
        sign_out_everywhere(email=editor if ending == "signed out" else None, now=MORNING)
    assert client.get(path).status_code == 410
    assert client.post(path, data=open_form).status_code == 410
    assert not is_signed_in(client)


def test_the_answer_is_the_same_whoever_asks_and_as_slow(
    client: FlaskClient, editor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = list[float]()
    monkeypatch.setattr(timing, "perf_counter", lambda: 0.0)
    monkeypatch.setattr(timing, "sleep", pauses.append)
    closed = add_staff(Role.REVIEWER)
    set_active(email=closed, active=False, now=MORNING)
    addresses = [EDITOR, closed, "nobody@example.org", "no address", "nul\x00@example.org"]
    answers = [ask(client, address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * 5
    pages = [
        text_of(page.text).replace(name.replace("\x00", ""), "…") for page, name in zip(answers, addresses, strict=True)
    ]
    assert len(set(pages)) == 1
    assert pauses == [SECONDS] * 5
    assert [mail.recipient for mail in mails()] == [EDITOR]


def test_an_address_gets_so_many_a_day_and_the_page_says_how_many(client: FlaskClient, editor: str) -> None:
    pages = [text_of(ask(client, " Editor@Example.ORG ").text) for _ in range(13)]
    assert len(mails()) == 12
    assert len(set(pages)) == 1
    words = (
        "An address gets at most 12 such mails within 24 hours; after that nothing is sent until 24 hours have passed"
    )
    assert words in pages[0]


def test_whoever_has_forgotten_the_password_finds_the_way(client: FlaskClient) -> None:
    assert f'href="{ASK}"' in client.get(LOGIN).text


def test_a_form_without_an_address_comes_back(client: FlaskClient) -> None:
    answer = ask(client, " ")
    assert (answer.status_code, "Enter your e-mail address" in answer.text) == (422, True)
