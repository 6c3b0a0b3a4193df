"""Every address says who may call it, and means it: the whole matrix of URL rules and roles."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from s2group.core.permissions import GRANTS, Action, Role
from tests.support.addresses import addresses_of, method_of, rules
from tests.support.staff import sign_in

STRANGER = "stranger"


def _access(app: Flask, rule: Rule) -> object:
    return getattr(app.view_functions[rule.endpoint], "access", None)


@pytest.fixture
def addresses(app: Flask, client: FlaskClient) -> dict[str, str]:
    return addresses_of(app, client)


def test_every_view_declares_who_may_call_it(app: Flask) -> None:
    assert [rule.endpoint for rule in rules(app) if _access(app, rule) is None] == []


def _asks_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 302 and "/account/login" in response.headers["Location"]


@pytest.mark.parametrize("visitor", [STRANGER, *Role])
def test_each_role_gets_what_the_table_grants_and_nothing_else(
    app: Flask, addresses: dict[str, str], visitor: str
) -> None:
    client = app.test_client()
    if visitor != STRANGER:
        sign_in(client, Role(visitor))
    for rule in rules(app):
        access = _access(app, rule)
        response = client.open(addresses[rule.endpoint], method=method_of(rule))
        response.close()
        where = f"{visitor} at {rule.rule}: {response.status}"
        if isinstance(access, Action) and visitor == STRANGER:
            assert _asks_to_sign_in(response), where
        elif isinstance(access, Action) and Role(visitor) not in GRANTS[access]:
            assert response.status_code == 404, where
        elif rule.endpoint == "editor.setup" and visitor == Role.ADMIN:
            assert response.status_code == 404, "the link for the first administrator outlived its purpose"
        else:
            assert response.status_code in (200, 302, 303, 308, 400), where
            assert access != "public" or not _asks_to_sign_in(response), where
