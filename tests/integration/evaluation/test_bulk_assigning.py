"""Assigning what was chosen to one colleague: tried first, all or nothing, and back again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.audit.rules import Assigned, Unassigned
from s2group.core.permissions import Role
from s2group.evaluation.assignments.models import Assignment
from s2group.evaluation.assignments.services import assign, unassign
from s2group.evaluation.bulk import services
from s2group.evaluation.bulk.models import BulkRun
from s2group.evaluation.reviews.conflicts import declare_conflict
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.colleagues import Team, colleague, make_team, signed_in
from tests.support.moving import move
from tests.support.staff import form_token


@pytest.fixture
def team(app: Flask) -> Team:
    return make_team(app)


def planned(team: Team, reviewer: User, action: str = "assign", actor: User | None = None) -> BulkRun:
    ids = [team.here.id, team.elsewhere.id]
    argument = {"reviewer": str(reviewer.id)}
    return services.plan_run(action=action, argument=argument, ids=ids, actor=actor or team.pi, now=MORNING)


def assigned() -> set[tuple[int, int]]:
    return {(row[0], row[1]) for row in db.session.execute(select(Assignment.application_id, Assignment.user_id))}


def skips(run: BulkRun, actor: User) -> dict[str, str]:
    return {skip.application.name: skip.why for skip in services.preview(run, actor).skips}


def test_it_is_done_as_a_whole_and_undone(team: Team) -> None:
    """An assignment that stood before is skipped and outlives the undoing."""
    assign(application=team.here, reviewer=team.reviewer, actor=team.pi, now=MORNING)
    run = planned(team, team.reviewer)
    assert skips(run, team.pi) == {"Testalpha": "已分派给此人"}
    assert len(assigned()) == 1
    services.apply_run(run=run, answer="", actor=team.pi, now=MORNING)
    both = {(team.here.id, team.reviewer.id), (team.elsewhere.id, team.reviewer.id)}
    assert assigned() == both
    assert team.elsewhere.events[-1].details == Assigned(team.reviewer.email)
    assert services.undo_run(run=run, actor=team.pi, now=MORNING)
    assert assigned() == {(team.here.id, team.reviewer.id)}
    off = planned(team, team.reviewer, "unassign")
    assert skips(off, team.pi) == {"Testbeta": "没有分派给此人"}
    services.apply_run(run=off, answer="", actor=team.pi, now=MORNING)
    db.session.expire_all()
    assert (assigned(), team.here.events[-1].details) == (set(), Unassigned(team.reviewer.email))
    assert services.undo_run(run=off, actor=team.pi, now=MORNING)
    assert assigned() == {(team.here.id, team.reviewer.id)}


def test_nobody_gets_what_they_must_not_rate(team: Team) -> None:
    declare_conflict(application=team.here, reason="", actor=team.of_here, now=MORNING)
    assert skips(planned(team, team.of_here), team.pi) == {
        "Testalpha": "有利益关系",
        "Testbeta": "不评审这种招生方式",
    }
    move(team.elsewhere, "declined")
    assert skips(planned(team, team.reviewer), team.pi) == {"Testbeta": "已不再评审"}
    leads_here = colleague("测试·何老师", Role.PI, route_id=team.here.route_id)
    reads_all = skips(planned(team, team.reviewer, actor=leads_here), leads_here)
    assert reads_all == {}, "of the other route they hear nothing"
    assert skips(planned(team, team.reviewer, actor=team.reviewer), team.reviewer) == dict.fromkeys(
        ("Testalpha", "Testbeta"), "你无权决定这个方式的申请"
    )


def test_nothing_is_done_or_undone_once_somebody_came_between(team: Team) -> None:
    run = planned(team, team.reviewer)
    declare_conflict(application=team.here, reason="", actor=team.reviewer, now=MORNING)
    with pytest.raises(services.ChangedMeanwhileError):
        services.apply_run(run=run, answer="", actor=team.pi, now=MORNING)
    assert assigned() == set()
    again = planned(team, team.reviewer)
    services.apply_run(run=again, answer="", actor=team.pi, now=MORNING)
    unassign(application=team.elsewhere, reviewer=team.reviewer, actor=team.pi, now=MORNING)
    with pytest.raises(services.ChangedMeanwhileError):
        services.undo_run(run=again, actor=team.pi, now=MORNING)


def test_it_is_chosen_on_the_page_for_several(app: Flask, team: Team, client: FlaskClient) -> None:
    browser = signed_in(app, team.pi)
    address = f"/en/review/bulk/?r={team.here.reference}&r={team.elsewhere.reference}"
    page = browser.get(address).text
    assert "Assign to" in page and "Assign no more to" in page
    chosen = {
        "csrf_token": form_token(page), "r": [team.here.reference, team.elsewhere.reference], "action": "assign",
    }  # fmt: skip
    run = browser.post("/en/review/bulk/", data=chosen | {"reviewer": str(team.reviewer.id)})
    shown = browser.get(run.location).text
    assert f"Assign to {team.reviewer.shown_name}" in shown and "Change these 2" in shown
    assert browser.post("/en/review/bulk/", data=chosen | {"reviewer": "0"}).status_code == 422
    assert assigned() == set()
    browser.post(run.location, data={"csrf_token": form_token(shown)})
    assert len(assigned()) == 2
    reader = signed_in(app, team.reviewer)
    assert "Assign to" not in reader.get(address).text
