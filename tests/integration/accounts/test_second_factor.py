"""A second factor: codes of an app, recovery codes, and who must have one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security import verify_password
from passlib.exc import UsedTokenError
from sqlalchemy import select

from s2group import create_app
from s2group.accounts import second_factor
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.second_factor import use_code, use_recovery_code
from s2group.accounts.services import grant_role
from s2group.audit.models import Event
from s2group.audit.rules import (
    Kind,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorAdded,
    SecondFactorRemoved,
    SecondFactorReset,
)
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.client import Browser
from tests.support.headings import text_of
from tests.support.second_factor import (
    APP,
    CODE,
    CODES,
    FACTOR,
    LOGIN,
    RECOVERY,
    RECOVERY_CODE,
    give_code,
    give_password,
    set_up_app,
)
from tests.support.signing_in import sign_in_token
from tests.support.staff import MORNING, PASSWORD, add_staff, form_token, sign_in, submit

EDITOR, NEWS = "editor@example.org", "/en/editor/news/"
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(client: FlaskClient) -> User:
    sign_in(client, Role.EDITOR)
    found = user_by_email(EDITOR)
    assert found
    return found


def is_signed_in(client: FlaskClient) -> bool:
    return client.get(NEWS).status_code == 200


def events() -> list[object]:
    db.session.rollback()
    kinds = [
        each.kind
        for each in (SecondFactorAdded, SecondFactorRemoved, SecondFactorReset, RecoveryCodesMade, RecoveryCodeUsed)
    ]
    return [each.details for each in db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id))]


def mailed() -> list[str]:
    db.session.rollback()
    mails = db.session.scalars(select(OutboxMail).where(OutboxMail.message == "second_factor").order_by(OutboxMail.id))
    return [mail.recipient for mail in mails]


def later(app: Flask, clock: time_machine.Traveller) -> FlaskClient:
    """Another browser, when the app shows another code."""
    clock.shift(STEP)
    return app.test_client()


def test_signing_in_asks_for_a_code_that_is_taken_once(
    app: Flask, client: FlaskClient, owner: User, clock: time_machine.Traveller
) -> None:
    phone, codes = set_up_app(client)
    assert len(set(codes)) == 8
    assert "authenticator" not in client.get(FACTOR).text
    other = app.test_client()
    # The code that set the app up is used.
    asked = submit(other, LOGIN + "?next=" + NEWS, email=EDITOR, password=PASSWORD)
    assert (asked.status_code, asked.location) == (302, f"{CODE}?next={NEWS}")
    assert not is_signed_in(other)
    refused = give_code(other, phone.code(), page=asked.location)
    assert (refused.status_code, "This code is wrong, or was used before" in refused.text) == (422, True)
    clock.shift(STEP)
    accepted = give_code(other, f" {phone.code()[:3]} {phone.code()[3:]}", page=asked.location)
    assert (accepted.status_code, accepted.location) == (302, NEWS)
    assert is_signed_in(other)
    # Neither it nor an earlier one is taken again, in whatever browser.
    third = app.test_client()
    give_password(third, EDITOR)
    assert [give_code(third, phone.code(MORNING + STEP * step)).status_code for step in (0, 1)] == [422, 422]
    clock.shift(STEP)
    assert give_code(third, phone.code()).status_code == 302
    # A clock that is one step slow or fast is forgiven, two are not.
    clock.shift(STEP * 9)
    fourth = app.test_client()
    give_password(fourth, EDITOR)
    assert [give_code(fourth, phone.code(MORNING + STEP * (11 + off))).status_code for off in (-2, 2)] == [422, 422]
    assert give_code(fourth, phone.code(MORNING + STEP * 12)).status_code == 302
    assert events() == [SecondFactorAdded("app")]
    assert mailed() == [EDITOR]


def test_of_two_requests_at_once_the_second_finds_the_code_used(
    client: FlaskClient, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, codes = set_up_app(client)
    db.session.refresh(owner)
    counter = owner.totp_counter or 0
    with pytest.raises(UsedTokenError):
        use_code(owner, counter)
    use_code(owner, counter + 1)
    answers = list[bool]()

    def use(code: str) -> None:
        answers.append(use_recovery_code(user=owner, code=code, mailer=lambda *_: None, now=MORNING))

    def verify_while_another_request_does(typed: str, kept: str) -> bool:
        """Both have found the code before either has used it."""
        monkeypatch.setattr(second_factor, "verify_password", verify_password)
        use(typed)
        return verify_password(typed, kept)

    monkeypatch.setattr(second_factor, "verify_password", verify_while_another_request_does)
    use(codes[0])
    use(codes[1].upper().replace("-", " "))
    assert answers == [True, False, True]
    assert events()[1:] == [RecoveryCodeUsed(7), RecoveryCodeUsed(6)]


def test_nothing_of_the_codes_can_be_read_in_the_database(client: FlaskClient, owner: User) -> None:
    phone, codes = set_up_app(client)
    db.session.refresh(owner)
    kept = f"{owner.tf_totp_secret} {owner.mf_recovery_codes}"
    plain = phone.key.replace("-", "").replace(" ", "")
    assert not any(secret in kept for secret in (plain, *codes, *(each.replace("-", "") for each in codes)))
    assert all(each.startswith("$argon2") for each in owner.mf_recovery_codes or [])


def test_wrong_codes_hold_the_account_up_wherever_they_come_from(
    environ: dict[str, str], clock: time_machine.Traveller
) -> None:
    app = create_app({**environ, "S2_RATE_LIMITS": "on"})
    app.test_client_class = Browser
    with app.app_context():
        client = app.test_client()
        sign_in(client, Role.EDITOR)
        phone, codes = set_up_app(client)
        clock.shift(STEP)

        def tries(number: int, page: str, code: str) -> tuple[int, str | None]:
            stranger = app.test_client()
            stranger.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
            give_password(stranger, EDITOR)
            answer = give_code(stranger, code, page=page)
            return answer.status_code, answer.headers.get("Retry-After")

        pages = (CODE, CODE, CODE, RECOVERY, RECOVERY)
        assert [tries(at, page, "123456") for at, page in enumerate(pages)] == [(422, None)] * 5
        owner = user_by_email(EDITOR)
        assert owner
        noted = select(Event.subject_key).where(Event.kind == Kind.WRONG_CODE, Event.actor_id.is_(None))
        assert db.session.scalars(noted).all() == [str(owner.id)] * 5
        # Then the right ones are not looked at, either; in the owner's own browser they are.
        assert tries(9, CODE, phone.code()) == (429, "30")
        assert tries(10, RECOVERY, codes[0]) == (429, "30")
        client.delete_cookie("session")
        give_password(client, EDITOR)
        assert give_code(client, phone.code()).status_code == 302
        db.session.remove()
        db.engine.dispose()


def test_the_code_must_come_within_ten_minutes_of_the_password(
    app: Flask, client: FlaskClient, owner: User, clock: time_machine.Traveller
) -> None:
    phone, codes = set_up_app(client)
    other = later(app, clock)
    # Without the password nobody is asked.
    assert [other.get(page).location for page in (CODE, RECOVERY)] == ["/en/account/login"] * 2
    give_password(other, EDITOR)
    clock.shift(timedelta(minutes=10))
    for page, code in ((CODE, phone.code()), (RECOVERY, codes[0])):
        answer = give_code(other, code, page=page)
        assert (answer.status_code, "Begin with your password again" in answer.text) == (422, True)
    give_password(other, EDITOR)
    clock.shift(timedelta(minutes=10) - timedelta(seconds=1))
    assert give_code(other, phone.code()).status_code == 302
    # Who is signed in has no use for the pages, and is not signed out by them.
    assert [other.get(page).location for page in (CODE, RECOVERY)] == ["/en/account/"] * 2
    assert is_signed_in(other)


def test_recovery_codes_stand_in_for_the_phone_once_each(
    app: Flask, client: FlaskClient, owner: User, clock: time_machine.Traveller
) -> None:
    _, codes = set_up_app(client)
    for expected in (302, 422):
        other = later(app, clock)
        give_password(other, EDITOR)
        assert give_code(other, codes[0], page=RECOVERY).status_code == expected
        assert is_signed_in(other) == (expected == 302)
    assert "7 are left." in text_of(client.get(FACTOR).text)
    page = client.get(CODES)
    assert RECOVERY_CODE.findall(page.text) == []
    made = client.post(CODES, data={"csrf_token": form_token(page.text), "generate_new_codes": "yes"})
    new = RECOVERY_CODE.findall(made.text)
    assert (len(set(new)), set(new) & set(codes)) == (8, set())
    for code, expected in ((codes[1], 422), (new[1], 302)):
        other = later(app, clock)
        give_password(other, EDITOR)
        assert give_code(other, code, page=RECOVERY).status_code == expected
    assert events() == [SecondFactorAdded("app"), RecoveryCodeUsed(7), RecoveryCodesMade(), RecoveryCodeUsed(7)]
    assert mailed() == [EDITOR] * 4


@pytest.mark.parametrize("way", ["link", "password"])
def test_a_mailed_link_does_not_do_instead_of_the_code(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller, way: str
) -> None:
    token = sign_in_token(EDITOR)
    give_password(client, EDITOR)
    phone, _ = set_up_app(client)
    if way == "password":
        page = client.get("/en/account/settings/").text
        client.post("/en/account/password/", data={"csrf_token": form_token(page)})
        mail = db.session.scalars(select(OutboxMail).where(OutboxMail.message == "new_password")).one()
        path = next(line for line in mail.text.splitlines() if "/account/password/" in line).removeprefix(
            "http://127.0.0.1:8000"
        )
        fields = {"password": "four other words together", "again": "four other words together"}
    else:
        path, fields = f"/en/account/sign-in-link/{token}/", {}
    other = later(app, clock)
    assert submit(other, path, **fields).location == CODE.removeprefix("/en" if way == "password" else "")
    assert not is_signed_in(other)
    assert give_code(other, phone.code()).status_code == 302
    assert is_signed_in(other)


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_key(client: FlaskClient, owner: User) -> None:
    page = client.get(APP)
    assert page.headers["Cache-Control"] == "no-store"
    assert '<svg class="qr"' in page.text
    wrong = client.post(APP, data={"csrf_token": form_token(page.text), "code": "000000"})
    assert (wrong.status_code, "This is not the code that the app shows now" in wrong.text) == (422, True)
    assert page.text.partition("<code>")[2][:40] == wrong.text.partition("<code>")[2][:40]
    db.session.refresh(owner)
    assert (owner.has_second_factor, owner.mf_recovery_codes) == (False, None)


def test_another_app_takes_the_place_of_the_first_and_none_asks_for_no_codes(
    app: Flask, client: FlaskClient, owner: User, clock: time_machine.Traveller
) -> None:
    first, codes = set_up_app(client)
    clock.shift(STEP)
    second, none = set_up_app(client)
    assert (first.key != second.key, len(codes), none) == (True, 8, [])
    other = later(app, clock)
    give_password(other, EDITOR)
    assert [give_code(other, phone.code()).status_code for phone in (first, second)] == [422, 302]
    page = client.get(FACTOR).text
    for _ in range(2):  # the second time there is nothing to do
        client.post(f"{APP}remove/", data={"csrf_token": form_token(page)})
    assert give_password(app.test_client(), EDITOR).location == "/en/account/"
    db.session.refresh(owner)
    assert owner.mf_recovery_codes is None
    assert events() == [SecondFactorAdded("app"), SecondFactorAdded("app"), SecondFactorRemoved("app")]


def test_what_changes_the_second_factor_asks_for_the_password_again(
    client: FlaskClient, owner: User, clock: time_machine.Traveller
) -> None:
    set_up_app(client)
    token = form_token(client.get(FACTOR).text)
    clock.shift(timedelta(minutes=61))
    for answer in (
        client.get(APP), client.get(CODES), client.post(f"{APP}remove/", data={"csrf_token": token}),
        client.post(CODES, data={"csrf_token": token}), client.post(APP, data={"csrf_token": token}),
        client.post("/en/account/sessions/end/", data={"csrf_token": token}),
        client.post("/en/account/password/", data={"csrf_token": token}),
    ):  # fmt: skip
        assert answer.location and answer.location.startswith("/en/account/verify"), answer.location
    assert events() == [SecondFactorAdded("app")]
    # Whoever gives it then comes back to a page that exists.
    for path in ("sessions/end/", "password/", "second-factor/app/remove/"):
        submit(client, f"/en/account/verify?next=/en/account/{path}", password=PASSWORD)
        assert client.get(f"/en/account/{path}", follow_redirects=True).status_code == 200


def test_an_administrator_resets_what_was_lost(app: Flask, client: FlaskClient, clock: time_machine.Traveller) -> None:
    add_staff(Role.EDITOR)
    colleague = app.test_client()
    give_password(colleague, EDITOR)
    _, codes = set_up_app(colleague)
    sign_in(client, Role.ADMIN)
    user = user_by_email(EDITOR)
    assert user
    path = f"/en/editor/accounts/{user.id}/"
    page = client.get(path).text
    assert "Reset the second factor" in page
    done = client.post(path, data={"csrf_token": form_token(page), "action": "reset_factor"})
    assert (done.status_code, is_signed_in(colleague)) == (303, False)
    assert "Their second factor is reset" in text_of(client.get(path).text)
    assert give_password(app.test_client(), EDITOR).location == "/en/account/"
    db.session.refresh(user)
    assert (user.tf_totp_secret, user.mf_recovery_codes, len(codes)) == (None, None, 8)
    assert events() == [SecondFactorAdded("app"), SecondFactorReset()]
    assert mailed() == [EDITOR] * 2


def test_the_last_administrator_is_helped_by_a_command(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ADMIN)
    set_up_app(client)
    run = app.test_cli_runner().invoke
    done = run(args=["accounts", "reset-second-factor", "--email", "admin@example.org"])
    assert (done.exit_code, done.output[:27]) == (0, "The second factor is reset:")
    assert run(args=["accounts", "reset-second-factor", "--email", "nobody@example.org"]).exit_code == 1
    assert give_password(app.test_client(), "admin@example.org").location == "/en/account/"


def test_whoever_sees_applicants_sets_one_up_before_anything_else(
    environ: dict[str, str], clock: time_machine.Traveller
) -> None:
    app = create_app({**environ, "S2_REQUIRE_MFA": "1"})
    app.test_client_class = Browser
    with app.app_context():
        client = app.test_client()
        sign_in(client, Role.EDITOR)
        assert is_signed_in(client)
        grant_role(email=EDITOR, role=Role.REVIEWER, now=MORNING)
        give_password(client, EDITOR)
        for path in ("/en/account/", "/en/review/", NEWS, "/en/account/settings/", "/en/apply/", CODE):
            assert client.get(path).location == FACTOR, path
        assert client.get("/en/").status_code == 200
        page = client.get(FACTOR).text
        assert "Accounts that see applicants must have one" in page
        assert "/en/review/" not in page
        token = form_token(page)
        assert client.post("/en/account/keys/", data={"csrf_token": token, "on": "no"}).status_code == 403
        set_up_app(client)
        assert [client.get(path).status_code for path in ("/en/review/", NEWS)] == [200, 200]
        # Who takes it away is led back.
        client.post(f"{APP}remove/", data={"csrf_token": form_token(client.get(FACTOR).text)})
        assert client.get("/en/review/").location == FACTOR
        db.session.remove()
        db.engine.dispose()
