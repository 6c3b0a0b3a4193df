"""The facts about an application say what its own row says, after every verb, and can be made anew."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions.facts import rules
from s2group.admissions.facts.queries import wrong_facts
from s2group.admissions.facts.services import rebuild_facts, refresh_facts
from s2group.admissions.models import Application, ApplicationFacts
from s2group.admissions.services import changes
from s2group.admissions.services.reevaluation import reevaluate
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody.reconciliation import check
from s2group.evaluation.queries import likely_duplicates
from s2group.extensions import db
from s2group.privacy.deletion import delete_application
from tests.support import moving
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import CHANGED_AT, change
from tests.support.refereeing import ANSWERS, FIRST, SECOND, apply_with_referees
from tests.support.rulings import LATER, exemption_route, three_applicants
from tests.support.rulings import change as change_requirements
from tests.support.staff import PASSWORD

Verb = Callable[[Application], object]


@pytest.fixture
def pi(app: Flask) -> User:
    return add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=MORNING)


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    figures = {"cet4": 480, "rank": 3, "cohort_size": 40}
    return apply_with_referees(answers=ANSWERS | figures | {"referees": [FIRST, SECOND]})


def facts() -> list[dict[str, Any]]:
    """All of them, as the database has them."""
    columns = ApplicationFacts.__table__.columns
    rows = db.session.execute(select(*columns).order_by(columns.application_id)).mappings().all()
    return [dict(row) for row in rows]


def withdraw_and_return(application: Application) -> None:
    changes.withdraw(application=application, now=CHANGED_AT)
    changes.take_back_withdrawal(application=application, now=CHANGED_AT)


VERBS: dict[str, tuple[Verb, dict[str, Any]]] = {
    "amend": (lambda it: change(it, {"cet4": 430, "university": "Ｏther　大学"}), {"cet4": 430}),
    "amend the address": (lambda it: change(it, {"email": "Other@example.org"}), {"email_key": "other@example.org"}),
    "move": (lambda it: moving.move(it, "offer", release=False), {"state": "offer", "shown_state": "submitted"}),
    "move and show": (lambda it: moving.move(it, "offer"), {"state": "offer", "shown_state": "offer"}),
    "withdraw": (lambda it: changes.withdraw(application=it, now=CHANGED_AT), {"state": "withdrawn"}),
    "withdraw and return": (withdraw_and_return, {"state": "submitted", "state_at": CHANGED_AT}),
}


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_writes_them(application: Application, name: str) -> None:
    verb, expected = VERBS[name]
    before = facts()[0]
    verb(application)
    [after] = facts()
    assert {column: after[column] for column in expected} == expected
    assert after != before
    assert wrong_facts() == {}


def test_what_was_sent_is_written_at_once(application: Application) -> None:
    [found] = facts()
    expected = {
        "state": "submitted", "shown_state": "submitted", "state_at": MORNING, "submitted_at": MORNING,
        "cet4": 480, "cet6": None, "ielts": None, "toefl": None, "rank_percent": 7.5, "gpa_percent": None,
        "papers": None, "university": "Test University", "name_key": "testapplicant", "phone_key": "13800138000",
        "university_key": "testuniversity", "email_key": "applicant@example.org",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert found["met"] + found["not_met"] + found["unknown"] == len(application.outcomes) > 0


def test_judging_again_writes_them(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    with time_machine.travel(MORNING, tick=False):
        three_applicants(client)
    before = [row["not_met"] for row in facts()]
    route = exemption_route()
    change_requirements(route)
    reevaluate(route=route, version=2, actor=None, now=LATER)
    assert [after - one for after, one in zip((row["not_met"] for row in facts()), before, strict=True)] == [0, 1, 0]
    assert wrong_facts() == {}


def test_they_go_with_their_application(application: Application) -> None:
    delete_application(reference=application.reference, reason="request", actor=None, now=CHANGED_AT)
    assert facts() == []


def test_the_check_counts_what_is_wrong_and_a_rebuild_mends_it(app: Flask, application: Application) -> None:
    apply_with_referees(key="another")
    third = apply_with_referees(key="third")
    before = facts()
    with transaction() as session:
        session.execute(update(ApplicationFacts).values(met=99))
        session.execute(delete(ApplicationFacts).where(ApplicationFacts.application_id == third.id))
    found = [str(each) for each in check(now=CHANGED_AT)]
    assert found == [
        "facts of applications: met: 2; `facts rebuild` mends it",
        "facts of applications: missing: 1; `facts rebuild` mends it",
    ]
    result = app.test_cli_runner().invoke(args=["facts", "rebuild"])
    assert result.output == "Facts that were missing or said something else: 3\n"
    assert facts() == before
    assert rebuild_facts() == 0
    assert check(now=CHANGED_AT) == []


def test_the_portal_of_the_day_before_gets_them(application: Application) -> None:
    change(application, {"university": "ﬃ 大学", "gpa": 3.5, "gpa_scale": "4.0"})
    apply_with_referees(key="another", name="测试　ＡＢ", answers={"papers": [{}, {}], "toefl": 5.5, "cet6": "not_yet"})
    before = facts()
    db.session.remove()
    [migration] = Path("migrations/versions").glob("*_application_facts.py")
    flask_migrate.downgrade(revision=f"{migration.name[:4]}-1")
    flask_migrate.upgrade()
    assert facts() == before
    assert [row["gpa_percent"] for row in before] == [87.5, None]
    assert wrong_facts() == {}


ALIKE = [
    ({"email": "Applicant@Example.org"}, True),
    ({"answers": ANSWERS}, True),
    ({"name": "TEST　applicant", "answers": ANSWERS | {"phone": "13800138001"}}, True),
    ({"name": "Test Other", "answers": ANSWERS | {"phone": "13800138001"}}, False),
    ({"name": "Test Applicant", "answers": {"university": "Another University"}}, False),
    ({"answers": {}}, False),
]


@pytest.mark.parametrize(("changes", "are_alike"), ALIKE)
def test_the_same_person_is_found_on_both_databases(
    application: Application, pi: User, changes: dict[str, Any], are_alike: bool
) -> None:
    other = apply_with_referees(key="another", **({"email": "another@example.org"} | changes))
    assert likely_duplicates(pi, other) == ([application] if are_alike else [])


@pytest.mark.parametrize("pair", [("Ünal Ç", "ÜNAL ç"), ("ΟΔΟΣ", "οδος"), ("測試 甲", "測試甲"), ("ＡＢ", "ab")])
def test_letters_of_any_script_are_compared(application: Application, pi: User, pair: tuple[str, str]) -> None:
    one, other = (
        apply_with_referees(key=name, name=name, email=f"{number}@example.org", answers={"university": name})
        for number, name in enumerate(pair)
    )
    assert likely_duplicates(pi, one) == [other]


def test_more_applications_than_a_statement_takes_are_written(application: Application) -> None:
    with transaction() as session:
        session.execute(update(ApplicationFacts).values(met=99))
        assert refresh_facts(session, range(70_000)) == 1
    assert wrong_facts() == {}


def test_figures_that_make_no_sense_are_none() -> None:
    answers = {"rank": 1, "cohort_size": 0, "gpa": 3.9, "gpa_scale": "other", "cet4": "not_yet", "papers": 3}
    assert set(rules.measured(answers).values()) == {None}
    assert set(rules.measured({}).values()) == {None}


def test_a_sign_that_stands_for_many_fits_into_the_index(application: Application) -> None:
    apply_with_referees(key="another", name="\ufdfa" * 100, answers={"university": "\ufdfa" * 200})
    assert [len(row["name_key"]) for row in facts()][1:] == [254]
    assert db.session.execute(text("SELECT max(length(university_key)) FROM application_facts")).scalar_one() == 254
