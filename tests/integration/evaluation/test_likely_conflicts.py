"""Hints at a conflict: shown to whom they concern, confirmed or put aside, and warned of when work is dealt out."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update

from s2group.admissions.models import Call
from s2group.content.publications.models import Authorship, Publication
from s2group.core.database import transaction
from s2group.evaluation.assignments.models import Conflict
from s2group.evaluation.bulk import services as bulk
from s2group.evaluation.likely_conflicts.queries import hints_among, own_hints
from s2group.evaluation.likely_conflicts.rules import Hint
from s2group.evaluation.likely_conflicts.services import dismiss_hints
from s2group.evaluation.reviews.conflicts import declare_conflict
from s2group.extensions import db
from tests.support.applying import MORNING
from tests.support.colleagues import Team, make_team, signed_in
from tests.support.staff import form_token


@pytest.fixture
def team(app: Flask) -> Iterator[Team]:
    """The reviewer is of the institution of the applicant here, and of nobody's elsewhere."""
    found = make_team(app)
    with transaction():
        found.reviewer.email, found.here.email = "lin@cs.example.edu.cn", "test@example.edu.cn"
        found.elsewhere.email = "test@qq.com"
    yield found


def test_a_coauthor_is_known_from_the_record(team: Team) -> None:
    paper, author = db.session.execute(select(Publication, Authorship).join(Publication.authors).limit(1)).one()
    with transaction():
        team.reviewer.name = author.name
        team.elsewhere.answers = {**team.elsewhere.answers, "papers": [{"title": paper.title.upper()}]}
    ids = [team.here.id, team.elsewhere.id]
    found = hints_among(team.pi, [team.reviewer, team.of_here], ids)
    assert {pair: each for pair, each in found.items() if pair[1] == team.reviewer.id} == {
        (team.here.id, team.reviewer.id): (Hint.INSTITUTION,),
        (team.elsewhere.id, team.reviewer.id): (Hint.COAUTHOR,),
    }


def test_what_was_said_of_a_hint_ends_it(app: Flask, team: Team) -> None:
    browser, page = signed_in(app, team.reviewer), f"/en/review/{team.here.reference}/"
    text = browser.get(page).text
    assert "the applicant&#39;s e-mail address is of the same institution" in text
    answer = browser.post(f"{page}conflict/", data={"csrf_token": form_token(text), "do": "dismiss"})
    assert (answer.status_code, own_hints(team.reviewer, team.here)) == (303, ())
    assert "Only a hint" not in browser.get(page).text
    with transaction() as session:
        session.execute(update(Call).values(blind=True))
    db.session.expire_all()
    assert own_hints(team.reviewer, team.here) == ()


def test_blind_reviewers_are_told_nothing_and_who_assigns_is(app: Flask, team: Team) -> None:
    with transaction() as session:
        session.execute(update(Call).values(blind=True))
    db.session.expire_all()
    assert own_hints(team.reviewer, team.here) == ()
    assert (team.here.id, team.reviewer.id) in hints_among(team.pi, [team.reviewer], [team.here.id])
    shown = signed_in(app, team.pi).get(f"/en/review/assignments/?reviewer={team.reviewer.id}&each=1").text
    assert "1 hint at a conflict of interest" in shown
    run = bulk.plan_run(
        action="assign", argument={"reviewer": str(team.reviewer.id)}, ids=[team.here.id, team.elsewhere.id],
        actor=team.pi, now=MORNING,
    )  # fmt: skip
    looks = {change.application.name: len(change.look_at) for change in bulk.preview(run, team.pi).changes}
    assert looks == {"Testalpha": 1, "Testbeta": 0}


def test_a_declared_conflict_is_no_hint_any_more(team: Team) -> None:
    declare_conflict(application=team.here, reason="", actor=team.reviewer, now=MORNING)
    assert own_hints(team.reviewer, team.here) == ()
    dismiss_hints(application=team.here, actor=team.reviewer, now=MORNING)
    dismiss_hints(application=team.here, actor=team.reviewer, now=MORNING)
    assert len(db.session.scalars(select(Conflict)).all()) == 1
