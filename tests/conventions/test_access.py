"""Every address says who may call it, and means it: the whole matrix of URL rules and roles."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from s2group.core.permissions import GRANTS, Action, Role
from tests.support.people import PASSWORD, add_staff, sign_in
from tests.support.scene import Scene

STRANGER = "stranger"
VISITORS = [STRANGER, *Role]
# Flask's own address for files that everybody may have.
STATIC = "static"


def _access(app: Flask, rule: Rule) -> object:
    return getattr(app.view_functions[rule.endpoint], "access", None)


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != STATIC]


def test_every_view_declares_who_may_call_it(app: Flask) -> None:
    undeclared = [rule.endpoint for rule in _rules(app) if _access(app, rule) is None]
    assert undeclared == []


@dataclass
class Answer:
    status: int
    location: str

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 302 and "/account/login" in self.location


def _visit(client: FlaskClient, app: Flask, rule: Rule, scene: Scene) -> Answer:
    values = {name: scene.values[name] for name in rule.arguments}
    with app.test_request_context():
        address = app.url_map.bind("localhost").build(rule.endpoint, values)
    method = "GET" if rule.methods and "GET" in rule.methods else "POST"
    response = client.open(address, method=method)
    return Answer(response.status_code, response.headers.get("Location", ""))


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_role_gets_what_the_table_grants_and_nothing_else(app: Flask, scene: Scene, visitor: str) -> None:
    for rule in _rules(app):
        client = app.test_client()
        if visitor != STRANGER:
            sign_in(client, visitor)
        access, answer = _access(app, rule), _visit(client, app, rule, scene)
        where = f"{visitor} at {rule.rule}: {answer}"
        if isinstance(access, Action) and visitor == STRANGER:
            assert answer.asks_to_sign_in, where
        elif isinstance(access, Action) and Role(visitor) not in GRANTS[access]:
            assert answer.status == 404, where
        else:
            assert answer.status not in (401, 403, 404, 500), where
            assert not answer.asks_to_sign_in, where
