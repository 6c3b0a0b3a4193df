"""Assignments: tried first, then all or nothing; nobody twice, nobody in conflict; and what a conflict takes away."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.assignments.models import Assignment, Conflict
from s2group.evaluation.balancing.services import OutdatedProposalError, assign_all, fingerprint, propose
from s2group.evaluation.calibration.queries import calibration_for
from s2group.evaluation.reviews.conflicts import declare_conflict, withdraw_conflict
from s2group.evaluation.reviews.models import ApplicationScore, Review
from s2group.evaluation.reviews.services import ConflictOfInterestError
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.rating import account_of, add_reviewer, give, sign_in_as, some_applications
from tests.support.staff import form_token

NAMES = ("ada", "ben", "dora")


@pytest.fixture
def applications(app: Flask) -> list[Application]:
    found = some_applications(app, 6)
    with transaction() as session:
        session.execute(update(ApplicationFacts).values(state="submitted"))
    for name in NAMES:
        add_reviewer(name)
    add_reviewer("chief", Role.PI)
    return found


def assigned() -> set[tuple[int, int]]:
    return {(row[0], row[1]) for row in db.session.execute(select(Assignment.application_id, Assignment.user_id))}


def test_what_was_shown_is_done_as_a_whole(applications: list[Application]) -> None:
    chief, reviewers = account_of("chief"), [account_of(name) for name in NAMES]
    ids = [each.id for each in applications]
    declare_conflict(application=applications[0], reason="", actor=reviewers[0], now=MORNING)
    give(reviewers[1], applications[1], 4)
    proposal = propose(chief, ids, reviewers, 2)
    assert assigned() == set()
    assert (applications[0].id, reviewers[0].id) not in proposal.pairs
    assert (applications[1].id, reviewers[1].id) not in proposal.pairs
    assert sorted(proposal.added().values()) == [3, 4, 4]
    done = assign_all(ids=ids, reviewers=reviewers, each=2, shown=fingerprint(proposal), actor=chief, now=MORNING)
    assert assigned() == set(done.pairs) == set(proposal.pairs)
    assert propose(chief, ids, reviewers, 2).pairs == ()


def test_nothing_is_done_where_something_changed(applications: list[Application]) -> None:
    chief, reviewers = account_of("chief"), [account_of(name) for name in NAMES]
    ids = [each.id for each in applications]
    shown = fingerprint(propose(chief, ids, reviewers, 3))
    declare_conflict(application=applications[2], reason="", actor=reviewers[2], now=MORNING)
    with pytest.raises(OutdatedProposalError):
        assign_all(ids=ids, reviewers=reviewers, each=3, shown=shown, actor=chief, now=MORNING)
    assert assigned() == set()
    assert propose(chief, ids, reviewers, 3).short == {applications[2].id: 1}


def test_a_conflict_takes_the_rating_away(applications: list[Application]) -> None:
    ada, ben, application = account_of("ada"), account_of("ben"), applications[0]
    give(ada, application, 5)
    give(ben, application, 2)
    declare_conflict(application=application, reason="My student", actor=ada, now=MORNING)
    assert db.session.scalars(select(ApplicationScore.mean)).all() == [2.0]
    assert db.session.scalars(select(Review.user_id)).all() == [ben.id]
    with pytest.raises(ConflictOfInterestError):
        give(ada, application, 5)
    withdraw_conflict(application=application, actor=ada, now=MORNING)
    give(ada, application, 3)
    assert db.session.scalars(select(ApplicationScore.mean)).all() == [2.5]


def test_calibration_knows_only_what_its_reader_may_see(applications: list[Application]) -> None:
    ada, ben = account_of("ada"), account_of("ben")
    give(ben, applications[0], 5)
    give(ben, applications[1], 4)
    give(ada, applications[0], 3)
    assert [(each.count, each.mean) for each in calibration_for(ada).leanings] == [(1, 3.0), (1, 5.0)]
    assert [each.mean for each in calibration_for(ada).applications] == [4.0]
    assert len(calibration_for(ben).applications) == 2
    assert calibration_for(account_of("dora")).leanings == ()


def test_the_pages_assign_by_search_and_by_hand(client: FlaskClient, applications: list[Application]) -> None:
    sign_in_as(client, "chief")
    ada = account_of("ada").id
    page = client.get(f"/en/review/assignments/?each=1&reviewer={ada}").text
    assert "6 assignments would be new" in page
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown
    token = form_token(page)
    data = {"csrf_token": token, "each": "1", "reviewer": str(ada), "shown": shown[1]}
    assert client.post("/en/review/assignments/", data=data).status_code == 303
    assert len(assigned()) == 6
    assert client.post("/en/review/assignments/", data=data).status_code == 409
    one = applications[0]
    by_hand = {"csrf_token": token, "reviewer": str(ada), "do": "remove"}
    assert client.post(f"/en/review/{one.reference}/assignments/", data=by_hand).status_code == 303
    assert (one.id, ada) not in assigned()
    assert client.get("/en/review/calibration/").status_code == 200
    declared = client.post(f"/en/review/{one.reference}/conflict/", data={"csrf_token": token, "reason": "A cousin"})
    assert declared.status_code == 303
    assert db.session.scalars(select(Conflict.reason)).all() == ["A cousin"]
    assert "You have declared a conflict of interest" in client.get(f"/en/review/{one.reference}/").text
