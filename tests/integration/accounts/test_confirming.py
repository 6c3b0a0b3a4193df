"""Who changes an account gives the password once more, where it was given longer ago."""

from datetime import timedelta
from urllib.parse import urlsplit

import time_machine
from flask.testing import FlaskClient
from flask_security import auth_required

from s2group import create_app
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import hidden_fields
from tests.support.client import Browser
from tests.support.headings import headings
from tests.support.staff import MORNING, PASSWORD, form_token, sign_in, submit

LOGIN, VERIFY = "/en/account/login", "/en/account/verify"


def test_what_was_confirmed_long_ago_is_confirmed_again(environ: dict[str, str]) -> None:
    app = create_app(environ)
    app.test_client_class = Browser

    @app.get("/changes-an-account/")
    @auth_required("session", within=30, grace=0)
    def changes_an_account() -> str:
        return "changed"

    with app.app_context(), time_machine.travel(MORNING, tick=False) as clock:
        client = app.test_client()
        sign_in(client, Role.EDITOR)
        assert client.get("/en/changes-an-account/").text == "changed"
        clock.shift(timedelta(minutes=31))
        asked = client.get("/en/changes-an-account/")
        assert (asked.status_code, urlsplit(asked.location).path) == (302, VERIFY)
        page = client.get(asked.location)
        assert (page.status_code, headings(page.text, "h1")) == (200, ["Your password once more"])
        wrong = client.post(asked.location, data=hidden_fields(page.text) | {"password": "not the right password"})
        assert (wrong.status_code, "The password is wrong" in wrong.text) == (422, True)
        assert client.get("/en/changes-an-account/").status_code == 302
        former = client.get_cookie("session")
        right = client.post(asked.location, data=hidden_fields(page.text) | {"password": PASSWORD})
        assert (right.status_code, right.location) == (302, "/en/changes-an-account/")
        assert client.get("/en/changes-an-account/").text == "changed"
        # A copy of the cookie from before is worth nothing.
        copy = app.test_client()
        copy.set_cookie("session", former.value if former else "")
        assert urlsplit(copy.get("/en/changes-an-account/").location).path == LOGIN
        db.session.remove()
        db.engine.dispose()


def test_a_password_is_asked_again_in_words_of_ours_and_of_who_is_signed_in_only(client: FlaskClient) -> None:
    stranger = client.get(VERIFY)
    assert (stranger.status_code, urlsplit(stranger.location).path) == (302, LOGIN)
    sign_in(client, Role.EDITOR)
    assert headings(client.get("/account/verify").text, "h1") == ["再输一次密码"]
    empty = submit(client, VERIFY, password="")
    assert (empty.status_code, "Enter your password" in empty.text) == (422, True)


def test_wrong_passwords_hold_up_the_confirmation_as_they_do_the_sign_in(environ: dict[str, str]) -> None:
    app = create_app({**environ, "S2_RATE_LIMITS": "on"})
    app.test_client_class = Browser
    with app.app_context():
        client = app.test_client()
        sign_in(client, Role.EDITOR)
        token = form_token(client.get(VERIFY).text)

        def tries(number: int) -> int:
            fields, where = {"csrf_token": token, "password": "wrong"}, {"REMOTE_ADDR": f"198.51.100.{number}"}
            return client.post(VERIFY, data=fields, environ_overrides=where).status_code

        assert [tries(number) for number in range(6)] == [422] * 5 + [429]
        db.session.remove()
        db.engine.dispose()
