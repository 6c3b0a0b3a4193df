"""Passkeys: one of them is password and second factor at once."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.accounts.models import Passkey
from s2group.accounts.queries import user_by_email
from s2group.accounts.second_factor import reset_second_factor
from s2group.accounts.services import set_active
from s2group.audit.models import Event
from s2group.audit.rules import Kind, SecondFactorAdded, SecondFactorRemoved
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.headings import text_of
from tests.support.second_factor import (
    CODE,
    FACTOR,
    RECOVERY,
    RECOVERY_CODE,
    Device,
    give_code,
    give_password,
    set_up_app,
)
from tests.support.staff import MORNING, form_token, sign_in

ADD, REMOVE, ENTER = f"{FACTOR}passkey/", f"{FACTOR}passkey/remove/", "/en/account/passkey/"
EDITOR, NEWS = "editor@example.org", "/en/editor/news/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def device(client: FlaskClient) -> Device:
    """A device of the editor, who is signed in."""
    sign_in(client, Role.EDITOR)
    return Device()


def add(client: FlaskClient, device: Device, name: str = "blue key") -> TestResponse:
    page = client.get(ADD).text
    fields = {"csrf_token": form_token(page), "name": name, "credential": device.make(page)}
    return client.post(ADD, data=fields)


def enter(client: FlaskClient, device: Device, *, count: int = 0, flags: int = 0x05) -> TestResponse:
    page = client.get(ENTER).text
    answer = device.sign(page, count=count, flags=flags)
    return client.post(ENTER, data={"csrf_token": form_token(page), "credential": answer})


def kept() -> list[Passkey]:
    db.session.rollback()
    return list(db.session.scalars(select(Passkey)))


def test_a_passkey_signs_in_alone_and_is_asked_for_after_a_password(
    app: Flask, client: FlaskClient, device: Device, clock: time_machine.Traveller
) -> None:
    added = add(client, device)
    codes = RECOVERY_CODE.findall(added.text)
    assert (added.status_code, len(codes), added.headers["Cache-Control"]) == (200, 8, "no-store")
    assert "blue key never used" in text_of(client.get(FACTOR).text)
    clock.shift(timedelta(hours=1))
    other = app.test_client()
    entered = enter(other, device, count=1)
    assert (entered.status_code, entered.location, other.get(NEWS).status_code) == (303, "/en/account/", 200)
    clock.shift(timedelta(minutes=7))
    assert "blue key last used 7 minutes ago" in text_of(other.get(FACTOR).text)
    # After the password it, or a recovery code, is asked for.
    third = app.test_client()
    assert give_password(third, EDITOR).location == ENTER
    assert third.get(NEWS).status_code == 302
    assert f'href="{RECOVERY}"' in third.get(ENTER).text
    assert give_code(third, "123456").status_code == 422
    assert give_code(third, codes[0], page=RECOVERY).status_code == 302
    assert third.get(NEWS).status_code == 200
    # With an app as well, its code is asked for.
    set_up_app(third)
    assert urlsplit(give_password(app.test_client(), EDITOR).location).path == CODE


def test_nothing_else_signs_in(app: Flask, client: FlaskClient, device: Device) -> None:
    add(client, device)
    other = app.test_client()
    page = other.get(ENTER).text
    token, answer = form_token(page), device.sign(page)

    def send(credential: str) -> int:
        return other.post(ENTER, data={"csrf_token": token, "credential": credential}).status_code

    # A challenge is taken once, and only that of the last page.
    assert send("{}") == 422
    assert send(answer) == 422
    wrong = ("", "[]", "null", '"x"', '{"id": 1}', "\x00", '{"id":"x","rawId":"x","type":"public-key","response":{}}')
    assert [send(each) for each in wrong] == [422] * 7
    # Nor does one whose holder was not verified, another device, another portal's page, or a copy that counts less.
    assert enter(other, device, flags=0x01).status_code == 422
    assert enter(other, Device()).status_code == 422
    device.origin = "https://evil.example"
    assert enter(other, device).status_code == 422
    device.origin = "http://localhost"
    assert [enter(other, device, count=count).status_code for count in (5, 4)] == [303, 422]
    set_active(email=EDITOR, active=False, now=MORNING)
    assert enter(other, device, count=6).status_code == 422
    assert [each.sign_count for each in kept()] == [5]


def test_what_is_no_passkey_is_not_kept(client: FlaskClient, device: Device) -> None:
    page = client.get(ADD).text
    token = form_token(page)
    for credential in ("", "{}", "null", device.make(page).replace("none", "packed"), device.make(page)):
        fields = {"csrf_token": token, "name": "blue key", "credential": credential}
        assert client.post(ADD, data=fields).status_code == 422  # the last: its challenge is gone
    nameless = client.get(ADD).text
    credential = device.make(nameless)
    assert client.post(ADD, data={"csrf_token": token, "name": " ", "credential": credential}).status_code == 422
    assert kept() == []
    assert [add(client, device).status_code for _ in range(2)] == [200, 422]  # the same one once


def test_passkeys_are_removed_by_their_owner_or_with_a_reset(
    app: Flask, client: FlaskClient, device: Device, clock: time_machine.Traveller
) -> None:
    add(client, device)
    colleague = app.test_client()
    sign_in(colleague, Role.PI)
    for browser, left in ((colleague, 1), (client, 0), (client, 0)):  # the last time there is nothing to do
        token = form_token(browser.get(FACTOR).text)
        browser.post(REMOVE, data={"csrf_token": token, "passkey": "1"})
        assert len(kept()) == left
    user = user_by_email(EDITOR)
    assert user
    assert user.mf_recovery_codes is None
    assert enter(app.test_client(), device).status_code == 422
    assert [add(client, each).status_code for each in (device, Device())] == [200, 303]
    reset_second_factor(email=EDITOR, actor=None, mailer=lambda *_: None, now=MORNING)
    assert kept() == []
    assert give_password(app.test_client(), EDITOR).location == "/en/account/"
    kinds = (Kind.SECOND_FACTOR_ADDED, Kind.SECOND_FACTOR_REMOVED)
    told = db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id).limit(2))
    assert [each.details for each in told] == [
        SecondFactorAdded("passkey", "blue key"),
        SecondFactorRemoved("passkey", "blue key"),
    ]
    mails = db.session.scalars(select(OutboxMail).where(OutboxMail.message == "second_factor")).all()
    assert [mail.recipient for mail in mails] == [EDITOR] * 4
    clock.shift(timedelta(minutes=61))
    give = client.get(ADD)
    assert give.location and "/account/" in give.location
