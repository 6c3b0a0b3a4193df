"""Every address says who may call it, and means it: the whole matrix of URL rules and roles."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from s2group.core.permissions import RIGHTS, Action, Role
from tests.support.addresses import addresses_of, rules
from tests.support.staff import sign_in

STRANGER = "stranger"
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


@pytest.mark.parametrize("visitor", [STRANGER, *Role])
def test_each_role_gets_what_the_table_grants_and_nothing_else(
    app: Flask, addresses: dict[str, str], visitor: str
) -> None:
    client = app.test_client()
    if visitor != STRANGER:
        sign_in(client, Role(visitor))
    for rule, method in [(rule, method) for rule in rules(app) for method in _methods(rule)]:  # noqa: B020
        is_refused = _is_refused(_access(app, rule), visitor)
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
