"""Making accounts, and the link that makes the first of them."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group import create_app
from s2group.accounts.models import User
from s2group.accounts.queries import admin_exists, user_by_email
from s2group.accounts.services import (
    AccountError,
    LinkError,
    add_account,
    create_first_admin,
    issue_first_admin_link,
    set_password,
)
from s2group.accounts.sign_in import SETTINGS
from s2group.core.clock import now
from s2group.core.database import transaction
from s2group.core.i18n import in_language
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.links.models import Link
from tests.support.quick_passwords import COST, OF_A_PORTAL
from tests.support.staff import MORNING, PASSWORD, add_staff, form_token, submit

EMAIL = "test.admin@example.org"


def link() -> str:
    token = issue_first_admin_link(now=now())
    assert token
    return f"/en/account/setup/{token}/"


def accounts() -> list[tuple[str, str]]:
    return [(user.email, user.grants[0].role) for user in db.session.scalars(select(User).order_by(User.id))]


def test_an_account_is_kept_by_its_normal_address_and_a_hash(app: Flask) -> None:
    user = add_account(email="  Test.PI@Example.ORG ", role=Role.PI, password=PASSWORD, now=MORNING)
    assert (user.email, user.active, user.created_at) == ("test.pi@example.org", True, MORNING)
    assert [(grant.role, grant.route_id) for grant in user.grants] == [("pi", None)]
    assert user.password.startswith("$argon2id$v=19$")


def test_a_password_costs_whoever_guesses_it(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS, COST, OF_A_PORTAL)
    with create_app(environ).app_context():
        user = add_account(email=EMAIL, role=Role.PI, password=PASSWORD, now=MORNING)
        assert user.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("email", "password", "field", "words"),
    [
        ("no address", PASSWORD, "email", "Enter an e-mail address such as name@example.org"),
        ("EDITOR@example.org", PASSWORD, "email", "There is already an account with this e-mail address"),
        (EMAIL, "elevenchars", "password", "Use at least 12 characters"),
        (EMAIL, "x y z w v " * 13, "password", "Use at most 128 characters"),
        (EMAIL, "qwertyuiop123", "password", "Many people use this password. Choose another one"),
        (EMAIL, EMAIL.upper(), "password", "Choose a password that is not your e-mail address"),
    ],
)
def test_what_cannot_be_an_account_is_refused_in_words(
    app: Flask, email: str, password: str, field: str, words: str
) -> None:
    add_staff(Role.EDITOR)
    with pytest.raises(AccountError) as refusal:
        add_account(email=email, role=Role.EDITOR, password=password, now=MORNING)
    with in_language("en"):
        assert (refusal.value.field, str(refusal.value)) == (field, words)
    assert accounts() == [("editor@example.org", "editor")]


def test_a_password_is_set_for_an_account_that_exists_only(app: Flask) -> None:
    with pytest.raises(AccountError) as refusal:
        set_password(email=EMAIL, password=PASSWORD, now=MORNING)
    with in_language("en"):
        assert str(refusal.value) == "There is no account with this e-mail address"


def test_only_the_hash_of_a_link_is_kept(app: Flask) -> None:
    token = issue_first_admin_link(now=MORNING)
    kept = db.session.scalars(select(Link)).one()
    assert token
    assert len(token) == 32
    assert token not in (kept.token_hash, kept.purpose)
    assert (kept.purpose, kept.expires_at, kept.used_at) == ("first_admin", MORNING + timedelta(hours=24), None)


def test_the_link_makes_an_administrator_who_is_signed_in(client: FlaskClient) -> None:
    response = submit(client, link(), email="Test.Admin@example.org", password=PASSWORD, again=PASSWORD)
    assert (response.status_code, response.headers["Location"]) == (302, "/en/editor/")
    assert client.get("/en/editor/").status_code == 200
    assert accounts() == [(EMAIL, "admin")]
    assert issue_first_admin_link(now=now()) is None


def test_looking_at_the_link_does_not_use_it_up(client: FlaskClient) -> None:
    path = link()
    assert [client.head(path).status_code, client.get(path).status_code, client.get(path).status_code] == [200] * 3
    assert submit(client, path, email=EMAIL, password=PASSWORD, again=PASSWORD).status_code == 302


def test_the_link_works_once(app: Flask) -> None:
    path, first, second = link(), app.test_client(), app.test_client()
    token = form_token(second.get(path).text)
    assert submit(first, path, email=EMAIL, password=PASSWORD, again=PASSWORD).status_code == 302
    late = {"csrf_token": token, "email": "late@example.org", "password": PASSWORD, "again": PASSWORD}
    assert second.post(path, data=late).status_code == 404
    assert second.get(path).status_code == 404
    assert accounts() == [(EMAIL, "admin")]


def test_a_used_link_stays_used_when_its_administrator_has_gone(app: Flask) -> None:
    token = issue_first_admin_link(now=MORNING) or ""
    first = create_first_admin(token=token, email=EMAIL, password=PASSWORD, now=MORNING)
    with transaction():
        first.active = False
    with pytest.raises(LinkError):
        create_first_admin(token=token, email="late@example.org", password=PASSWORD, now=MORNING)


def test_a_newer_link_replaces_an_older_one(client: FlaskClient) -> None:
    older, newer = link(), link()
    assert [client.get(older).status_code, client.get(newer).status_code] == [404, 200]


def test_a_link_lives_for_a_day(app: Flask) -> None:
    token = issue_first_admin_link(now=MORNING) or ""
    with pytest.raises(LinkError):
        create_first_admin(token=token, email=EMAIL, password=PASSWORD, now=MORNING + timedelta(hours=24))
    create_first_admin(token=token, email=EMAIL, password=PASSWORD, now=MORNING + timedelta(hours=23, minutes=59))
    assert accounts() == [(EMAIL, "admin")]


def test_a_link_is_worth_nothing_once_there_is_an_administrator(client: FlaskClient) -> None:
    path = link()
    add_staff(Role.ADMIN)
    assert client.get(path).status_code == 404
    with pytest.raises(LinkError):
        create_first_admin(token=path.split("/")[-2], email=EMAIL, password=PASSWORD, now=now())
    assert accounts() == [("admin@example.org", "admin")]


@pytest.mark.parametrize("token", ["wrong", "x" * 5000, "%00", "刘"])
def test_a_made_up_link_is_a_page_that_does_not_exist(client: FlaskClient, token: str) -> None:
    link()
    assert client.get(f"/en/account/setup/{token}/").status_code == 404


def test_a_refused_form_leaves_the_link_alone(client: FlaskClient) -> None:
    path = link()
    short = submit(client, path, email=EMAIL, password="elevenchars", again="elevenchars")
    assert short.status_code == 422
    assert '<a href="#password">Use at least 12 characters</a>' in short.text
    differs = submit(client, path, email=EMAIL, password=PASSWORD, again=PASSWORD + ".")
    assert differs.status_code == 422
    assert '<a href="#again">The passwords differ</a>' in differs.text
    assert client.post(path, data={"email": EMAIL, "password": PASSWORD, "again": PASSWORD}).status_code == 400
    assert not admin_exists()
    assert submit(client, path, email=EMAIL, password=PASSWORD, again=PASSWORD).status_code == 302


def test_two_who_open_the_link_at_once_make_one_administrator(app: Flask) -> None:
    token = issue_first_admin_link(now=MORNING) or ""
    db.session.remove()
    start, outcomes = threading.Barrier(4), []

    def open_link(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                create_first_admin(token=token, email=f"test{number}@example.org", password=PASSWORD, now=MORNING)
                outcomes.append("made")
            except LinkError:
                outcomes.append("refused")

    threads = [threading.Thread(target=open_link, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused", "refused", "refused"]
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_an_account_is_found_by_its_address(app: Flask) -> None:
    add_staff(Role.REVIEWER)
    user = user_by_email("reviewer@example.org")
    assert user
    assert user.has_role("reviewer")
    assert not user.has_role("editor")
    assert user_by_email("nobody@example.org") is None
