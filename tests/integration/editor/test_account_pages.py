"""Administrators invite colleagues, say what they may do, and close accounts, without a terminal."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.invitations import choose_password
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import LinkError
from s2group.admissions.models import AdmissionRoute
from s2group.audit.models import Event
from s2group.audit.rules import (
    AccountClosed,
    AccountInvited,
    AccountMade,
    AccountOpened,
    Details,
    InvitationWithdrawn,
    PasswordChanged,
    PasswordLinkSent,
    RoleGranted,
    RoleRevoked,
    SessionsEnded,
    SignedIn,
)
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import hidden_fields, load_fictional_content
from tests.support.changing import mails
from tests.support.headings import text_of
from tests.support.queries import recorded_statements
from tests.support.staff import MORNING, PASSWORD, add_staff, form_token, sign_in, submit

LIST, INVITE = "/en/editor/accounts/", "/en/editor/accounts/invite/"
NEW, OTHER = "new@example.org", "five other plain words here"
LINK = re.compile(r"http://[^/]+(/(?:en/)?account/password/[\w-]{32}/)")
LAST = "This is the last administrator. Make somebody else one first"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(app: Flask, client: FlaskClient) -> FlaskClient:
    load_fictional_content(app)
    sign_in(client, Role.ADMIN)
    return client


def account(email: str = NEW) -> User:
    db.session.rollback()
    found = user_by_email(email)
    assert found
    return found


def page_of(email: str) -> str:
    return f"{LIST}{account(email).id}/"


def press(client: FlaskClient, email: str, action: str, **fields: str) -> int:
    """Press a button on the page of an account."""
    token = form_token(client.get(page_of(email)).text)
    return client.post(page_of(email), data={"csrf_token": token, "action": action, **fields}).status_code


def invite(client: FlaskClient, email: str = NEW, role: str = "editor", route: str = "", locale: str = "en") -> int:
    return submit(client, INVITE, email=email, role=role, route=route, locale=locale).status_code


def mailed(message: str) -> str:
    """The path of the link in the last mail of this kind."""
    db.session.rollback()
    found = LINK.search(mails(message)[-1].text)
    assert found
    return found[1]


def choose(client: FlaskClient, path: str, password: str) -> int:
    return submit(client, path, password=password, again=password).status_code


def signs_in(app: Flask, email: str, password: str) -> FlaskClient | None:
    client = app.test_client()
    answer = submit(client, "/en/account/login", email=email, password=password)
    return client if answer.status_code == 302 else None


def told_of(email: str) -> list[tuple[Details, str | None]]:
    """What events tell of an account, each with the address of who did it."""
    names = {user.id: user.email for user in db.session.scalars(select(User))}
    own = select(Event).where(Event.subject_kind == "account", Event.subject_key == str(account(email).id))
    return [(each.details, names.get(each.actor_id or 0)) for each in db.session.scalars(own.order_by(Event.id))]


def route_id() -> int:
    found = db.session.scalars(select(AdmissionRoute.id).order_by(AdmissionRoute.position)).first()
    assert found
    return found


def test_the_list_says_who_has_an_account_as_what_and_asks_as_much_of_many_as_of_few(admin: FlaskClient) -> None:
    def asked() -> int:
        with recorded_statements() as statements:
            assert admin.get(LIST).status_code == 200
        return len(statements)

    few = asked()
    for role in (Role.PI, Role.EDITOR):
        add_staff(role)
    invite(admin, role="reviewer", route=str(route_id()))
    press(admin, "pi@example.org", "close")
    assert asked() == few
    rows = [text_of(row) for row in admin.get(LIST).text.split("<tr>")[2:]]
    route = db.session.get(AdmissionRoute, route_id())
    assert route
    for row, beginning, role_words, last_use in zip(
        rows,
        ["admin", "pi Disabled", "editor", "new Invited"],
        ["administrator", "principal investigator", "editor", f"reviewer {route.title['en']}"],
        ["0 minutes ago", "never", "never", "never"],
        strict=True,
    ):
        assert row.split()[: len(beginning.split())] == beginning.split()
        assert (role_words in " ".join(row.split()), last_use in row) == (True, True), row


def test_who_is_invited_chooses_a_password_and_is_in(app: Flask, admin: FlaskClient) -> None:
    assert invite(admin, email=" New@Example.org", role="reviewer", route=str(route_id()), locale="zh") == 303
    user, [mail] = account(), mails("invitation")
    assert (user.active, user.is_invited, user.locale) == (False, True, "zh")
    assert (mail.recipient, mail.subject) == (NEW, "邀请你使用研究组的门户")
    assert "admin 邀请你使用研究组的门户" in mail.text
    for password in ("", PASSWORD):
        assert signs_in(app, NEW, password) is None
    path, browser = mailed("invitation"), app.test_client()
    for method in ("GET", "HEAD", "GET"):
        looked = browser.open(path, method=method)
        assert (looked.status_code, looked.headers["Cache-Control"]) == (200, "no-store")
    form = hidden_fields(browser.get(path).text)
    assert browser.post(path, data={"password": OTHER, "again": OTHER}).status_code == 422
    assert browser.post(path, data={**form, "password": OTHER, "again": PASSWORD}).status_code == 422
    assert [choose(browser, path, bad) for bad in ("short", NEW, "a" * 12)] == [422] * 3
    assert account().is_invited
    assert choose(browser, path, OTHER) == 303
    assert (account().active, account().is_invited) == (True, False)
    assert browser.get("/en/review/applications/").status_code == 200
    assert signs_in(app, NEW, OTHER)
    again = app.test_client()
    assert [again.get(path).status_code, again.post(path, data=form).status_code] == [410, 410]
    assert told_of(NEW) == [
        (AccountMade(), "admin@example.org"),
        (RoleGranted("reviewer", route_id()), "admin@example.org"),
        (AccountInvited(), "admin@example.org"),
        (PasswordChanged(), NEW),
        (AccountOpened(), NEW),
        (SignedIn(), NEW),
        (SignedIn(), NEW),
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "Admin@example.org"}, "There is already an account with this e-mail address"),
        ({"email": "no address"}, "Write an address such as name@example.org"),
        ({"role": "boss"}, "There is 1 thing to correct"),
        ({"route": "first"}, "This role cannot be limited to a route"),
    ],
)
def test_who_cannot_be_invited_is_not_written_to(admin: FlaskClient, typed: dict[str, str], words: str) -> None:
    fields = {"email": NEW, "role": "editor", "route": "", "locale": "en"} | typed
    fields["route"] = str(route_id()) if fields["route"] else ""
    answer = submit(admin, INVITE, **fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    db.session.rollback()
    assert (user_by_email(NEW), mails("invitation")) == (None, [])


def test_an_invitation_lasts_through_other_roles_and_ends_with_another_or_its_withdrawal(
    app: Flask, admin: FlaskClient, clock: time_machine.Traveller
) -> None:
    invite(admin)
    first, browser = mailed("invitation"), app.test_client()
    assert press(admin, NEW, "grant", role="reviewer", route=str(route_id())) == 303
    assert press(admin, NEW, "revoke", role="editor", route="") == 303
    assert browser.get(first).status_code == 200
    assert press(admin, NEW, "open") == 422
    assert press(admin, NEW, "link") == 303
    second = mailed("invitation")
    assert [browser.get(path).status_code for path in (first, second)] == [410, 200]
    form = hidden_fields(browser.get(second).text)
    assert press(admin, NEW, "close") == 303
    assert browser.post(second, data={**form, "password": OTHER, "again": OTHER}).status_code == 410
    assert (account().active, account().is_invited) == (False, True)
    assert [details for details, _actor in told_of(NEW)] == [
        AccountMade(), RoleGranted("editor"), AccountInvited(), RoleGranted("reviewer", route_id()),
        RoleRevoked("editor"), AccountInvited(), InvitationWithdrawn(),
    ]  # fmt: skip
    press(admin, NEW, "link")
    third = mailed("invitation")
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    assert browser.get(third).status_code == 200
    clock.shift(timedelta(seconds=1))
    # The same page as for a link that nobody ever had.
    pages = [browser.get(path) for path in (third, f"/en/account/password/{'x' * 32}/")]
    assert [page.status_code for page in pages] == [410, 410]
    assert len({text_of(page.text) for page in pages}) == 1


def test_what_is_changed_of_a_colleague_counts_at_once_and_is_told(app: Flask, admin: FlaskClient) -> None:
    email = add_staff(Role.EDITOR)
    news, list_of_applications = "/en/editor/news/", "/en/review/applications/"

    def opened(password: str = PASSWORD) -> FlaskClient:
        browser = signs_in(app, email, password)
        assert browser
        assert browser.get(news).status_code == 200
        return browser

    browser = opened()
    assert press(admin, email, "grant", role="reviewer", route="") == 303
    assert browser.get(news).status_code == 302
    browser = opened()
    assert browser.get(list_of_applications).status_code == 200
    assert press(admin, email, "revoke", role="reviewer", route="") == 303
    browser = opened()
    assert browser.get(list_of_applications).status_code == 404
    assert press(admin, email, "end_sessions") == 303
    assert browser.get(news).status_code == 302
    browser = opened()
    assert press(admin, email, "link") == 303
    link = mailed("new_password")
    assert browser.get(news).status_code == 200
    assert choose(app.test_client(), link, OTHER) == 303
    assert (browser.get(news).status_code, signs_in(app, email, PASSWORD)) == (302, None)
    browser = opened(OTHER)
    assert press(admin, email, "close") == 303
    assert (browser.get(news).status_code, signs_in(app, email, OTHER)) == (302, None)
    assert press(admin, email, "link") == 422
    assert press(admin, email, "open") == 303
    opened(OTHER)
    done = [each for each in told_of(email) if each[0] != SignedIn()]
    by, own = "admin@example.org", email
    assert done == [
        (AccountMade(), None), (RoleGranted("editor"), None), (RoleGranted("reviewer"), by),
        (RoleRevoked("reviewer"), by), (SessionsEnded(1), by), (PasswordLinkSent(), by), (PasswordChanged(), own),
        (AccountClosed(), by), (AccountOpened(), by),
    ]  # fmt: skip


def test_a_link_for_a_new_password_ends_with_whatever_ends_the_sessions(app: Flask, admin: FlaskClient) -> None:
    email, browser = add_staff(Role.EDITOR), app.test_client()
    for action, more in (("end_sessions", {}), ("grant", {"role": "pi", "route": ""}), ("close", {})):
        press(admin, email, "link")
        assert press(admin, email, action, **more) == 303
        assert browser.get(mailed("new_password")).status_code == 410


def test_the_last_administrator_is_refused_in_words(admin: FlaskClient) -> None:
    email = "admin@example.org"
    for action, fields in (("revoke", {"role": "admin", "route": ""}), ("close", {})):
        answer = submit(admin, page_of(email), action=action, **fields)
        assert (answer.status_code, LAST in answer.text) == (422, True)
    assert (account(email).active, [grant.role for grant in account(email).grants]) == (True, ["admin"])
    assert press(admin, email, "revoke", role="pi", route="") == 422
    assert press(admin, email, "nonsense") == 400
    assert admin.get(f"{LIST}999/").status_code == 404


def test_whoever_signed_in_long_ago_is_asked_for_the_password(
    admin: FlaskClient, clock: time_machine.Traveller
) -> None:
    token = form_token(admin.get(INVITE).text)
    clock.shift(timedelta(minutes=31))
    assert admin.get(LIST).status_code == 200
    own = page_of("admin@example.org")
    answers = [admin.get(INVITE), admin.get(own), admin.post(own, data={"csrf_token": token, "action": "close"})]
    assert [(each.status_code, urlsplit(each.location).path) for each in answers] == [(302, "/en/account/verify")] * 3


def test_whoever_is_signed_in_has_a_link_mailed_to_choose_another_password(app: Flask, admin: FlaskClient) -> None:
    settings = "/en/account/settings/"
    token = form_token(admin.get(settings).text)
    asked = admin.post("/en/account/password/", data={"csrf_token": token})
    assert (asked.status_code, asked.location) == (303, settings)
    assert "A mail with the link is on its way to admin@example.org" in admin.get(settings).text
    assert [mail.recipient for mail in mails("new_password")] == ["admin@example.org"]
    assert choose(app.test_client(), mailed("new_password"), OTHER) == 303
    assert (admin.get(LIST).status_code, signs_in(app, "admin@example.org", PASSWORD)) == (302, None)
    assert told_of("admin@example.org")[-3:] == [
        (PasswordLinkSent(), "admin@example.org"),
        (PasswordChanged(), "admin@example.org"),
        (SignedIn(), "admin@example.org"),
    ]


def test_of_two_who_follow_a_link_at_once_one_chooses_the_password(app: Flask, admin: FlaskClient) -> None:
    invite(admin)
    token, start, outcomes = mailed("invitation").rstrip("/").rpartition("/")[2], threading.Barrier(2), dict[str, str]()
    db.session.remove()

    def follow(password: str) -> None:
        with app.app_context():
            start.wait(20)
            try:
                choose_password(token=token, password=password, now=MORNING)
            except LinkError:
                outcomes[password] = "too late"
            else:
                outcomes[password] = "chosen"

    threads = [threading.Thread(target=follow, args=(password,)) for password in (PASSWORD, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == ["chosen", "too late"]
    assert [bool(signs_in(app, NEW, each)) for each in outcomes] == [outcomes[each] == "chosen" for each in outcomes]
