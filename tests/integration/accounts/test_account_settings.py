"""What the owner of an account chooses on the page of it."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.core.permissions import Role
from s2group.mail.models import OutboxMail
from tests.support.changing import mails
from tests.support.sample import load_sample
from tests.support.signing_in import address_token
from tests.support.staff import MORNING, form_token, sign_in, submit

PAGE = "/en/account/settings/"
CHOSEN = {"name": "测试·小林", "locale": "en", "notify": "daily", "notify_email": "Other@Example.org", "keys_on": "y"}


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    load_sample()
    sign_in(client, Role.REVIEWER)
    return client


def owner() -> User:
    found = user_by_email("reviewer@example.org")
    assert found
    return found


def link_in(mail: OutboxMail) -> str:
    return next(line for line in mail.text.splitlines() if "/account/settings/address/" in line).removeprefix(
        "http://localhost"
    )


def test_a_choice_is_kept_and_shown(staff: FlaskClient) -> None:
    assert submit(staff, PAGE, **{**CHOSEN, "notify_email": ""}).status_code == 303
    page = staff.get(PAGE).text
    assert "Saved." in page
    assert 'value="测试·小林"' in page
    user = owner()
    assert (user.shown_name, user.locale, user.notify, user.keys_on) == ("测试·小林", "en", "daily", True)
    assert (user.notify_address, user.notify_email_asked, mails("notify_address")) == (user.email, None, [])


def test_another_address_is_used_when_its_link_has_been_followed(staff: FlaskClient, app: Flask) -> None:
    for _ in range(2):
        submit(staff, PAGE, **CHOSEN)
    [mail] = mails("notify_address")
    assert (mail.recipient, owner().notify_address) == ("other@example.org", "reviewer@example.org")
    assert "A mail with a link has gone to other@example.org" in staff.get(PAGE).text
    link, elsewhere = link_in(mail), app.test_client()
    assert [elsewhere.head(link).status_code, elsewhere.get(link).status_code] == [200, 200]
    assert owner().notify_address == "reviewer@example.org"
    answer = submit(elsewhere, link)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (owner().notify_address, owner().notify_email_asked) == ("other@example.org", None)
    assert elsewhere.get(link).status_code == 410
    submit(staff, PAGE, **{**CHOSEN, "notify_email": ""})
    assert owner().notify_address == "reviewer@example.org"


def test_a_link_ends_with_another_choice_and_with_time(staff: FlaskClient, app: Flask) -> None:
    submit(staff, PAGE, **CHOSEN)
    [first] = mails("notify_address")
    submit(staff, PAGE, **{**CHOSEN, "notify_email": "third@example.org"})
    second = mails("notify_address")[-1]
    elsewhere = app.test_client()
    assert [elsewhere.get(link_in(each)).status_code for each in (first, second)] == [410, 200]
    submit(staff, PAGE, **{**CHOSEN, "notify_email": ""})
    assert elsewhere.get(link_in(second)).status_code == 410


def test_a_link_works_for_three_days(app: Flask) -> None:
    load_sample()
    with time_machine.travel(MORNING, tick=False):
        token = address_token()
    for days, status in ((2, 200), (3, 410)):
        with time_machine.travel(MORNING + timedelta(days=days), tick=False):
            assert app.test_client().get(f"/en/account/settings/address/{token}/").status_code == status


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("notify_email", "no address", "Write an address such as name@example.org"),
        ("name", "x" * 41, "Use at most 40 characters"),
        ("notify", "hourly", "There is 1 thing to correct"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(
    staff: FlaskClient, field: str, typed: str, words: str
) -> None:
    answer = submit(staff, PAGE, **{**CHOSEN, field: typed})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert field == "notify" or f'value="{typed}"' in answer.text
    assert owner().notify == "at_once"


@pytest.mark.parametrize(
    ("back", "place"),
    [
        ("/en/review/?q=a", "/en/review/?q=a"),
        ("//example.org/", "/en/account/"),
        ("https://example.org/", "/en/account/"),
        ("/\\example.org/", "/en/account/"),
    ],
)
def test_keys_are_switched_from_any_page(staff: FlaskClient, back: str, place: str) -> None:
    page = staff.get("/en/review/").text
    assert ("desk.js" in page, "Switch keys off" in page) == (True, True)
    answer = staff.post("/en/account/keys/", data={"csrf_token": form_token(page), "on": "no", "back": back})
    assert (answer.status_code, answer.location) == (303, place)
    page = staff.get("/en/review/").text
    assert ("desk.js" in page, "Switch keys on" in page) == (False, True)
