"""Roles are grants, everywhere or for one route; the last administrator stays."""

import threading
from collections.abc import Callable
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from s2group.accounts import services
from s2group.accounts.models import RoleGrant, User
from s2group.accounts.queries import administrators_emails, user_by_email
from s2group.accounts.services import AccountError, grant_role, revoke_role, set_active, set_role
from s2group.accounts.sessions import end_sessions
from s2group.admissions.models import AdmissionRoute
from s2group.core.database import transaction
from s2group.core.i18n import in_language
from s2group.core.permissions import Action, Role, authorize
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.staff import MORNING, PASSWORD, add_staff

BEFORE = "0018"
REVIEWER, ADMIN, PI = "reviewer@example.org", "admin@example.org", "pi@example.org"
A_MOMENT, PATIENCE = 0.7, 20
LAST = "This is the last administrator. Make somebody else one first"


@pytest.fixture
def routes(app: Flask) -> list[AdmissionRoute]:
    load_fictional_content(app)
    return list(db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.position)))


def grants(email: str) -> list[tuple[str, int | None]]:
    db.session.rollback()
    user = user_by_email(email)
    assert user
    return [(grant.role, grant.route_id) for grant in user.grants]


def refusal(change: Callable[[], None]) -> str:
    with pytest.raises(AccountError) as error:
        change()
    with in_language("en"):
        return str(error.value)


def test_a_role_is_granted_everywhere_or_for_a_route(routes: list[AdmissionRoute]) -> None:
    add_staff(Role.EDITOR)
    first, second = routes[0], routes[1]
    grant_role(email="editor@example.org", role=Role.REVIEWER, route_id=first.id, now=MORNING)
    grant_role(email="editor@example.org", role=Role.REVIEWER, route_id=first.id, now=MORNING)
    user = user_by_email("editor@example.org")
    assert user
    assert grants(user.email) == [("editor", None), ("reviewer", first.id)]
    can = [authorize(user, Action.READ_APPLICATIONS, thing) for thing in (None, first, second)]
    assert can == [True, True, False]
    assert authorize(user, Action.EDIT_CONTENT)
    assert not authorize(user, Action.DECIDE_APPLICATIONS)
    # Flask-Security knows no routes, and may not take this for a reviewer.
    assert (user.has_role("editor"), user.has_role("reviewer")) == (True, False)
    revoke_role(email=user.email, role=Role.REVIEWER, route_id=first.id, now=MORNING)
    assert grants(user.email) == [("editor", None)]


def test_a_pi_of_one_route_edits_no_news(routes: list[AdmissionRoute]) -> None:
    add_staff(Role.PI)
    set_role(email=PI, role=Role.PI, route_id=routes[0].id, now=MORNING)
    user = user_by_email(PI)
    assert user
    assert {action for action in Action if authorize(user, action)} == {
        Action.READ_APPLICATIONS,
        Action.REVIEW_APPLICATIONS,
        Action.DECIDE_APPLICATIONS,
        Action.EXPORT_APPLICATIONS,
        Action.MANAGE_MAIL,
        Action.READ_AUDIT,
    }


def test_what_cannot_be_granted_or_taken_back_is_said(routes: list[AdmissionRoute]) -> None:
    add_staff(Role.REVIEWER)
    no_route = "This role cannot be limited to a route"
    for role in (Role.ADMIN, Role.EDITOR):
        assert refusal(lambda: grant_role(email=REVIEWER, role=role, route_id=routes[0].id, now=MORNING)) == no_route  # noqa: B023
    not_had = "This account does not have this role"
    assert refusal(lambda: revoke_role(email=REVIEWER, role=Role.PI, now=MORNING)) == not_had
    assert refusal(lambda: revoke_role(email=REVIEWER, role=Role.REVIEWER, route_id=routes[0].id, now=MORNING)) == (
        not_had
    )
    assert grants(REVIEWER) == [("reviewer", None)]


@pytest.mark.parametrize("role", ["admin", "editor"])
def test_the_database_takes_no_route_for_these_roles(routes: list[AdmissionRoute], role: str) -> None:
    add_staff(Role.REVIEWER)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(RoleGrant(user_id=1, role=role, route_id=routes[0].id))


def test_the_database_takes_a_grant_once(routes: list[AdmissionRoute]) -> None:
    add_staff(Role.REVIEWER)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(RoleGrant(user_id=1, role="reviewer"))
    for route_id in (routes[0].id, routes[1].id):
        grant_role(email=REVIEWER, role=Role.REVIEWER, route_id=route_id, now=MORNING)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(RoleGrant(user_id=1, role="reviewer", route_id=routes[0].id))


def test_the_last_administrator_stays(app: Flask) -> None:
    add_staff(Role.ADMIN)
    add_staff(Role.PI)
    assert refusal(lambda: revoke_role(email=ADMIN, role=Role.ADMIN, now=MORNING)) == LAST
    assert refusal(lambda: set_role(email=ADMIN, role=Role.PI, now=MORNING)) == LAST
    assert refusal(lambda: set_active(email=ADMIN, active=False, now=MORNING)) == LAST
    assert (grants(ADMIN), administrators_emails()) == ([("admin", None)], [ADMIN])
    # One who cannot sign in is no other.
    grant_role(email=PI, role=Role.ADMIN, now=MORNING)
    set_active(email=PI, active=False, now=MORNING)
    assert refusal(lambda: set_active(email=ADMIN, active=False, now=MORNING)) == LAST
    set_active(email=PI, active=True, now=MORNING)
    revoke_role(email=ADMIN, role=Role.ADMIN, now=MORNING)
    assert administrators_emails() == [PI]


def test_two_administrators_who_go_at_once_do_not_both_go(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first has made its change and not committed it, and has to wait for that."""
    add_staff(Role.ADMIN)
    add_staff(Role.PI)
    grant_role(email=PI, role=Role.ADMIN, now=MORNING)
    db.session.remove()
    changed, through = threading.Event(), threading.Event()
    outcomes = list[str]()

    def held_up(*arguments: Any, **named: Any) -> int:
        ended = end_sessions(*arguments, **named)
        if not changed.is_set():
            changed.set()
            through.wait(A_MOMENT)
        return ended

    monkeypatch.setattr(services, "end_sessions", held_up)

    def first() -> None:
        with app.app_context():
            set_active(email=ADMIN, active=False, now=MORNING)
            outcomes.append("first has gone")

    def second() -> None:
        assert changed.wait(PATIENCE)
        with app.app_context():
            outcomes.append(refusal(lambda: revoke_role(email=PI, role=Role.ADMIN, now=MORNING)))
        through.set()

    threads = [threading.Thread(target=go) for go in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), administrators_emails()) == ([LAST, "first has gone"], [PI])


def run(app: Flask, *arguments: str, password: str = "") -> str:
    return app.test_cli_runner().invoke(args=["accounts", *arguments], input=password).output


def test_the_operator_grants_and_revokes(app: Flask, routes: list[AdmissionRoute]) -> None:
    to = ("--email", REVIEWER, "--role", "reviewer")
    key = f"fictional-call/{routes[1].key}"
    added = run(app, "add", *to, "--route", routes[0].key, password=PASSWORD)
    assert added == f"Added {REVIEWER} (reviewer for {routes[0].key})\n"
    assert run(app, "grant", *to, "--route", key) == f"Granted: reviewer for {key}\n"
    assert grants(REVIEWER) == [("reviewer", routes[0].id), ("reviewer", routes[1].id)]
    assert run(app, "list") == f"{REVIEWER}  reviewer for fictional-call/{routes[0].key}, reviewer for {key}\n"
    assert run(app, "revoke", *to) == "Error: This account does not have this role\n"
    assert run(app, "revoke", *to, "--route", key) == f"Revoked: reviewer for {key}\n"
    assert run(app, "grant", *to, "--route", "nowhere") == "Error: There is no route nowhere.\n"
    assert run(app, "role", *to) == "The role is reviewer now\n"
    assert grants(REVIEWER) == [("reviewer", None)]
    run(app, "revoke", *to)
    assert run(app, "list") == f"{REVIEWER}  no role\n"
    run(app, "disable", "--email", REVIEWER)
    assert run(app, "list") == f"{REVIEWER}  no role  closed\n"


def accounts_then() -> list[tuple[str, str, bool]]:
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT email, role, active FROM user_account ORDER BY id"))
        return [(email, role, bool(active)) for email, role, active in rows]


def test_the_roles_of_the_day_before_become_grants_and_back(app: Flask, routes: list[AdmissionRoute]) -> None:
    for role in Role:
        add_staff(role)
    grant_role(email="editor@example.org", role=Role.REVIEWER, now=MORNING)
    set_role(email=REVIEWER, role=Role.REVIEWER, route_id=routes[0].id, now=MORNING)
    db.session.remove()
    flask_migrate.downgrade(revision=BEFORE)
    # Whose role held for one route only may not see everything now.
    assert accounts_then() == [
        (ADMIN, "admin", True),
        (PI, "pi", True),
        (REVIEWER, "reviewer", False),
        ("editor@example.org", "reviewer", True),
    ]
    flask_migrate.upgrade()
    found = {user.email: grants(user.email) for user in db.session.scalars(select(User))}
    assert found == {
        ADMIN: [("admin", None)],
        PI: [("pi", None)],
        REVIEWER: [("reviewer", None)],
        "editor@example.org": [("reviewer", None)],
    }
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(RoleGrant(user_id=1, role="boss"))
