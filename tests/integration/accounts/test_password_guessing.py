"""Guessing passwords gets slower and slower, from wherever it is done, and holds up nobody but the guesser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from s2group import create_app
from s2group.accounts.models import KnownDevice, SignInTries
from s2group.accounts.rules import DEVICE_LIFE, wait_after
from s2group.accounts.services import normal_email, sign_out_everywhere
from s2group.accounts.throttle import begin_try, forget_old_tries
from s2group.core.permissions import Role
from s2group.extensions import client_network, db
from tests.support.client import Browser
from tests.support.staff import MORNING, PASSWORD, add_staff, form_token

LOGIN = "/en/account/login"
EDITOR = "editor@example.org"


@pytest.fixture
def limited(environ: dict[str, str]) -> Iterator[Flask]:
    """A portal that counts."""
    app = create_app({**environ, "S2_RATE_LIMITS": "on"})
    app.test_client_class = Browser
    with app.app_context():
        add_staff(Role.EDITOR)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def guess(
    client: FlaskClient, number: int, password: str = "not the right password", email: str = EDITOR
) -> TestResponse:
    """A try from an address of its own."""
    where = {"REMOTE_ADDR": f"198.51.{number // 250}.{number % 250}"}
    token = form_token(client.get(LOGIN, environ_overrides=where).text)
    fields = {"csrf_token": token, "email": email, "password": password}
    return client.post(LOGIN, data=fields, environ_overrides=where)


def test_sixty_guesses_from_as_many_addresses_get_five_looks(limited: Flask, clock: time_machine.Traveller) -> None:
    client = limited.test_client()
    assert [guess(client, number).status_code for number in range(60)] == [422] * 5 + [429] * 55
    assert guess(client, 61, PASSWORD).status_code == 429


def test_each_wrong_password_doubles_the_wait_up_to_an_hour(limited: Flask, clock: time_machine.Traveller) -> None:
    client, waits = limited.test_client(), []
    for number in range(14):
        assert guess(client, 2 * number).status_code == 422
        refused = guess(client, 2 * number + 1) if number > 3 else None
        if refused:
            assert refused.status_code == 429
            waits.append(int(refused.headers["Retry-After"]))
            clock.shift(timedelta(seconds=waits[-1]))
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert [wait_after(tries).total_seconds() for tries in (0, 4, 5, 6, 1000)] == [0, 0, 30, 60, 3600]


def test_a_right_password_and_a_quiet_day_forget_the_wrong_ones(limited: Flask, clock: time_machine.Traveller) -> None:
    client = limited.test_client()
    for number in range(4):
        guess(client, number)
    assert guess(limited.test_client(), 5, PASSWORD).status_code == 302
    assert [guess(client, 10 + number).status_code for number in range(6)] == [422] * 5 + [429]
    clock.shift(timedelta(days=1))
    assert [guess(client, 20 + number).status_code for number in range(6)] == [422] * 5 + [429]


def test_the_owner_is_let_in_where_they_have_signed_in_before(limited: Flask, clock: time_machine.Traveller) -> None:
    owner, guesser = limited.test_client(), limited.test_client()
    assert guess(owner, 1, PASSWORD).status_code == 302
    owner.delete_cookie("session")
    for number in range(20):
        guess(guesser, 100 + number)
    assert guess(owner, 2, PASSWORD).status_code == 302
    owner.delete_cookie("session")
    # Their own mistakes count, there and only there.
    assert [guess(owner, 10 + number).status_code for number in range(6)] == [422] * 5 + [429]
    # The device is this account's: it helps with no other one.
    assert {guess(owner, 20 + number, email="admin@example.org").status_code for number in range(5)} == {422}
    assert guess(owner, 30, email="admin@example.org").status_code == 429


def test_each_sign_in_makes_the_known_device_known_for_longer(limited: Flask, clock: time_machine.Traveller) -> None:
    client, tokens = limited.test_client(), list[str]()
    for number in range(3):
        assert guess(client, number, PASSWORD).status_code == 302
        client.delete_cookie("session")
        cookie = client.get_cookie("device")
        assert cookie
        tokens.append(cookie.value)
        clock.shift(DEVICE_LIFE - timedelta(days=1))
    assert len(set(tokens)) == 3
    db.session.rollback()
    [device] = db.session.scalars(select(KnownDevice))
    assert device.ends_at == MORNING + 2 * (DEVICE_LIFE - timedelta(days=1)) + DEVICE_LIFE


def test_who_is_signed_out_everywhere_has_no_known_device(limited: Flask, clock: time_machine.Traveller) -> None:
    client = limited.test_client()
    guess(client, 1, PASSWORD)
    assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 1
    sign_out_everywhere(email=EDITOR, now=MORNING)
    assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 0


@pytest.mark.parametrize("email", ["nobody@example.org", "no address", "nul\x00@example.org"])
def test_an_address_without_an_account_is_held_up_alike(
    limited: Flask, clock: time_machine.Traveller, email: str
) -> None:
    client = limited.test_client()
    with_account = [guess(client, number) for number in range(6)]
    without = [guess(client, 10 + number, email=email) for number in range(6)]
    assert [each.status_code for each in without] == [each.status_code for each in with_account]
    assert without[-1].headers["Retry-After"] == with_account[-1].headers["Retry-After"] == "30"
    words = "There were too many wrong passwords for this e-mail address. Try again in 1 minute."
    assert (words in without[-1].text, words in with_account[-1].text) == (True, True)


def test_capitals_and_blanks_are_no_other_address(limited: Flask, clock: time_machine.Traveller) -> None:
    client = limited.test_client()
    spellings = (EDITOR, EDITOR.upper(), f" {EDITOR}", f"{EDITOR} ", "Editor@Example.org", EDITOR)
    answers = [guess(client, number, email=email).status_code for number, email in enumerate(spellings)]
    assert answers == [422] * 5 + [429]


def test_no_address_is_kept_and_what_no_longer_counts_is_removed(app: Flask) -> None:
    begin_try("0" * 64, now=MORNING)
    assert forget_old_tries(now=MORNING + timedelta(hours=23)) == 0
    assert forget_old_tries(now=MORNING + timedelta(days=1)) == 1
    assert db.session.scalar(select(func.count()).select_from(SignInTries)) == 0


@pytest.mark.parametrize(
    ("shown", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", "127.0.0.1"),
        ("unix:", "unix:"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_rate_limits_count_a_network_of_ipv6_as_one(app: Flask, shown: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": shown}):
        assert client_network() == counted


def test_guesses_from_one_network_of_ipv6_are_refused_with_the_time_to_wait(
    limited: Flask, clock: time_machine.Traveller
) -> None:
    client = limited.test_client()
    answers = []
    for number in range(7):
        where = {"REMOTE_ADDR": f"2001:db8:1:2::{number}"}
        token = form_token(client.get(LOGIN, environ_overrides=where).text)
        fields = {"csrf_token": token, "email": f"test{number}@example.org", "password": "x" * 12}
        answers.append(client.post(LOGIN, data=fields, environ_overrides=where))
    assert [each.status_code for each in answers] == [422] * 5 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61


def test_an_address_without_end_is_none() -> None:
    assert normal_email(" " * 1000 + "someone@example.org") is None
