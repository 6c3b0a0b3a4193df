"""Every address says who may call it, and means it: the whole matrix of URL rules and roles."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from s2group.accounts.services import set_role
from s2group.admissions.queries import routes_of_all_calls
from s2group.core.permissions import ON_APPLICATIONS, RIGHTS, ROLES_OF_ROUTES, Action, Role
from tests.support.addresses import addresses_of, rules
from tests.support.staff import MORNING, PASSWORD, add_staff, sign_in, submit

STRANGER = "stranger"
# The first administrator ends the link that makes one.
VISITORS = [STRANGER, *(role for role in Role if role != Role.ADMIN), Role.ADMIN]
# What a role may do stands in a table of the code. Of whose route an application is, each database is asked.
ONE_DATABASE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]
# Whose role holds for one route: that of the application in the addresses, or another.
HERE, ELSEWHERE = "recommended-exemption-master", "national-exam-master"
# What is about one application, mail or route, and what of it there is of another route in the addresses.
OF_ONE = (
    "reference",
    "mail_key",
    "route_key",
    "round_key",
    "release_key",
    "extension_id",
)
OF_ANOTHER_ROUTE = "review.letter"
# What is somebody's own: here a colleague's, so that nobody else hears of it.
OF_ANOTHER_PERSON = "run_key"
ANSWERED = (200, 302, 303, 308)
# Without a token of the form; 403 where it is about an application of somebody else.
STOPPED = (400, 403, 422)


def _access(app: Flask, rule: Rule) -> object:
    return getattr(app.view_functions[rule.endpoint], "access", None)


@pytest.fixture
def addresses(app: Flask, client: FlaskClient) -> dict[str, str]:
    return addresses_of(app, client)


def test_every_view_declares_who_may_call_it(app: Flask) -> None:
    assert [rule.endpoint for rule in rules(app) if _access(app, rule) is None] == []


def _asks_to_sign_in(response: TestResponse) -> bool:
    """With 401 whoever wants to sign out without having signed in."""
    is_led = response.status_code == 302 and "/account/login" in response.headers["Location"]
    return is_led or response.status_code == 401


def _is_refused(access: object, visitor: str) -> bool:
    if visitor == STRANGER:
        return access != "public"
    return isinstance(access, Action) and access not in RIGHTS[Role(visitor)]


def _methods(rule: Rule) -> list[str]:
    """All but OPTIONS, which Flask answers by itself: it names the others."""
    return sorted((rule.methods or set()) - {"OPTIONS"})


@pytest.mark.parametrize("databases", ONE_DATABASE, indirect=True)
def test_each_role_gets_what_the_table_grants_and_nothing_else(app: Flask, addresses: dict[str, str]) -> None:
    for visitor in VISITORS:
        app.config["WTF_CSRF_ENABLED"] = True
        client = app.test_client()
        if visitor != STRANGER:
            sign_in(client, Role(visitor))
        _gets_what_the_table_grants(app, client, addresses, visitor)


def _gets_what_the_table_grants(app: Flask, client: FlaskClient, addresses: dict[str, str], visitor: str) -> None:
    for rule, method in [(rule, method) for rule in rules(app) for method in _methods(rule)]:  # noqa: B020
        is_refused = _is_refused(_access(app, rule), visitor) or OF_ANOTHER_PERSON in rule.arguments
        # A form's token opens nothing to whoever is refused; the lack of one stops whoever is not.
        app.config["WTF_CSRF_ENABLED"] = not is_refused
        response = client.open(addresses[rule.endpoint], method=method)
        response.close()
        where = f"{visitor}: {method} {rule.rule}: {response.status}"
        if is_refused and visitor == STRANGER:
            assert _asks_to_sign_in(response), where
        elif is_refused:
            assert response.status_code == 404, where
        elif rule.endpoint == "editor.setup" and visitor == Role.ADMIN and method != "POST":
            assert response.status_code == 404, "the link for the first administrator outlived its purpose"
        else:
            assert response.status_code in (STOPPED if method == "POST" else ANSWERED), where
            assert not _asks_to_sign_in(response), where


def test_a_role_of_one_route_gets_what_is_of_that_route_and_nothing_else(app: Flask, addresses: dict[str, str]) -> None:
    for role in ROLES_OF_ROUTES:
        client, email = app.test_client(), add_staff(role)
        for route in (HERE, ELSEWHERE):
            route_id = next(each.id for each in routes_of_all_calls() if each.key == route)
            set_role(email=email, role=role, route_id=route_id, now=MORNING)
            app.config["WTF_CSRF_ENABLED"] = True
            submit(client, "/en/account/login", email=email, password=PASSWORD)
            _gets_what_is_of_that_route(app, client, addresses, role, route)


def _gets_what_is_of_that_route(
    app: Flask, client: FlaskClient, addresses: dict[str, str], role: Role, route: str
) -> None:
    for rule, method in [(rule, method) for rule in rules(app) for method in _methods(rule)]:  # noqa: B020
        access = _access(app, rule)
        if not isinstance(access, Action):
            continue
        there = (
            access in RIGHTS[role] & ON_APPLICATIONS
            and ((rule.endpoint != OF_ANOTHER_ROUTE and route == HERE) or not set(OF_ONE) & rule.arguments)
            and OF_ANOTHER_PERSON not in rule.arguments
        )
        app.config["WTF_CSRF_ENABLED"] = there
        response = client.open(addresses[rule.endpoint], method=method)
        response.close()
        where = f"{role} of {route}: {method} {rule.rule}: {response.status}"
        expected = (STOPPED if method == "POST" else ANSWERED) if there else (404,)
        assert response.status_code in expected, where
