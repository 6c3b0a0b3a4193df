"""Whoever owes an answer that is due soon is mailed once, when and where they have chosen."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from s2group.accounts.rules import Notify
from s2group.admissions.models import ApplicationFacts
from s2group.core.database import transaction
from s2group.evaluation.assignments.services import assign
from s2group.evaluation.reminders.jobs import remind_of_answers
from s2group.evaluation.reviews.conflicts import declare_conflict
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import MORNING
from tests.support.changing import mails
from tests.support.colleagues import Team, make_team
from tests.support.moving import move
from tests.support.rating import give

DAY = timedelta(days=1)


@pytest.fixture
def team(app: Flask) -> Team:
    return make_team(app)


def due_in(days: float) -> datetime:
    """All answers are due so many days after the moment that is returned."""
    db.session.execute(update(ApplicationFacts).values(answer_due_at=MORNING + 30 * DAY))
    db.session.commit()
    return MORNING + (30 - days) * DAY


def reminded(now: datetime, notify: Notify = Notify.AT_ONCE) -> dict[str, OutboxMail]:
    """The mails that are new, by their readers."""
    before = len(mails("answers_due"))
    count = remind_of_answers(notify=notify, now=now)
    new = mails("answers_due")[before:]
    assert len(new) == count
    return {mail.recipient: mail for mail in new}


def test_the_pi_owes_what_nobody_else_does_and_hears_of_it_once(team: Team) -> None:
    assert reminded(due_in(4)) == {} and reminded(due_in(-1)) == {}
    now = due_in(3)
    assign(application=team.here, reviewer=team.reviewer, actor=team.pi, now=MORNING)
    assign(application=team.here, reviewer=team.of_here, actor=team.pi, now=MORNING)
    declare_conflict(application=team.here, reason="", actor=team.of_here, now=MORNING)
    found = reminded(now)
    assert {*found} == {team.pi.email, team.reviewer.email}
    told, asked = found[team.pi.email], found[team.reviewer.email]
    assert told.subject == "有 1 位申请人在等你答复，期限将至" and "2 October 2026" not in told.text
    assert team.elsewhere.reference in told.text and team.here.reference not in told.text
    assert team.here.reference in asked.text and "Testalpha" not in asked.text + asked.html
    assert "/review/applications/?q=due%3A%3C3d" in told.text or "/review/applications/?q=due:%3C3d" in told.text
    assert reminded(now) == {}
    give(team.reviewer, team.here, 4)
    assert {*reminded(now)} == {team.pi.email}, "all have rated: now the answer waits for the PI"


def test_each_is_told_as_they_have_chosen(team: Team) -> None:
    now = due_in(2)
    with transaction():
        team.pi.notify, team.pi.notify_email = Notify.DAILY.value, "elsewhere@example.org"
        team.reviewer.notify = Notify.NONE.value
    assign(application=team.here, reviewer=team.reviewer, actor=team.pi, now=MORNING)
    assert reminded(now) == {}
    assert {*reminded(now, Notify.DAILY)} == {"elsewhere@example.org"}


def test_nothing_is_owed_of_what_is_answered(team: Team) -> None:
    now = due_in(2)
    for application in (team.here, team.elsewhere):
        move(application, "declined")
    assert reminded(now) == {}
