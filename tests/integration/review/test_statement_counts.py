"""A page asks the database as often with one application as with thirty."""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bench.season import reference_of, write_season
from s2group.accounts.queries import user_by_email
from s2group.admissions.facts.queries import wrong_facts
from s2group.core.permissions import Role
from s2group.evaluation.tags.rules import Colour
from s2group.evaluation.tags.services import make_tag
from tests.support.applying import MORNING, load_fictional_content
from tests.support.queries import recorded_statements
from tests.support.staff import sign_in

ONE = f"/review/{reference_of(1)}/"
ASKED = {"/review/applications/": 25, ONE: 34, "/review/mail/": 14, "/admissions/": 7, "/apply/": 8}


def statements_of(client: FlaskClient, path: str) -> int:
    client.get(path)  # the first look is written down
    with recorded_statements() as statements:
        assert client.get(path).status_code == 200
    return sum(statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) for statement in statements)


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_takes_as_many_statements_with_more_rows(app: Flask, count: int) -> None:
    load_fictional_content(app)
    write_season(count)
    assert wrong_facts() == Counter()
    staff, visitor = app.test_client(), app.test_client()
    sign_in(staff, Role.PI)
    pi = user_by_email("pi@example.org")
    assert pi
    make_tag(name="新", colour=Colour.BLUE, shared=True, query="submitted:>2026-01-01", actor=pi, now=MORNING)
    found = {path: statements_of(staff if "review" in path else visitor, path) for path in ASKED}
    assert found == ASKED
