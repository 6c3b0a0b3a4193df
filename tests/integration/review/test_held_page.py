"""Whatever the staff tell applicants is held: on one page, counted on home and board, and taken back there."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.accounts.models import User
from s2group.accounts.services import set_role
from s2group.admissions.interviews import telling
from s2group.admissions.models import Application, Draft
from s2group.admissions.offers import services as offers
from s2group.admissions.offers import terms
from s2group.admissions.offers.queries import answer_due, set_due
from s2group.admissions.rules.states import State
from s2group.admissions.services.document_requests import ask_for_document, take_back_request
from s2group.admissions.services.extensions import extend, tell_due
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.interviews.services import invite
from s2group.evaluation.pipeline.services import Choice, decide
from s2group.evaluation.releases import services as releases
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import load_fictional_content
from tests.support.interviewing import a_round, colleague
from tests.support.moving import move
from tests.support.releasing import HELD, NOW, applicants, decided, queued
from tests.support.staff import PASSWORD, form_token, submit

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
PAGE, DAY = "/en/review/held/", timedelta(days=1)
TOLD_AT = NOW + HELD


@pytest.fixture
def pi(app: Flask) -> User:
    load_fictional_content(app)
    return colleague()


def settle_one_of_each(pi: User) -> list[Application]:
    """A decision, an invitation, a document that is asked for, another day for an offer, and a late applicant."""
    told, invited, asked, offered = found = applicants(4)
    move(offered, "offer", at=NOW)
    move(invited, "interview", at=NOW)
    queued([decided(told, "waitlist")])
    about: dict[str, Any] = {"actor": pi, "told_at": TOLD_AT, "now": NOW}
    invite(interview_round=a_round(), applications=[invited], **about)
    ask_for_document(application=asked, text="Your degree", due_at=None, **about)
    decide(application=offered, choice=Choice(State.OFFER, answer_due_at=NOW + 9 * DAY), actor=pi, now=NOW)
    extend(route=told.route, email="Late@example.org", until=NOW + 9 * DAY, locale="en", **about)
    return found


def take_effect_at(moment: datetime) -> list[str]:
    """Tell all that is due then; which mails to applicants came of it."""
    before = db.session.scalar(select(func.max(OutboxMail.id))) or 0
    releases.take_effect(now=moment)
    telling.take_effect(now=moment)
    tell_due(now=moment)
    offers.tell_held(now=moment)
    return sorted(db.session.scalars(select(OutboxMail.message).where(OutboxMail.id > before)))


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_each_kind_is_listed_counted_and_taken_back(app: Flask, pi: User) -> None:
    offered = settle_one_of_each(pi)[-1]
    client = app.test_client()
    with time_machine.travel(NOW, tick=False):
        submit(client, "/en/account/login", email=pi.email, password=PASSWORD)
        for path in ("/en/review/", "/en/review/board/"):
            assert "5 messages to applicants are held · goes out at 14:10" in words(client.get(path).text)
        page = client.get(PAGE).text
        assert words(page).count("goes out at 14:10") == 5
        forms = re.findall(
            r'action="([^"]+)">\s*<input[^>]+>\s*<button[^>]*?(?:name="(\w+)" value="([^"]+)")?>Take', page
        )
        assert len(forms) == 5
        for address, name, value in forms:
            data = {"csrf_token": form_token(client.get(PAGE).text), **({name: value} if name else {})}
            assert client.post(address, data=data).status_code == 303
        assert "Nothing is held" in client.get(PAGE).text
        for minutes in (5, 605):
            told_at = NOW + timedelta(minutes=minutes)
            ask_for_document(application=offered, text="Your degree", due_at=None, told_at=told_at, actor=pi, now=NOW)
        both = "2 messages to applicants are held · go out from 14:05 to 21 September 2026, 00:05"
        assert both in words(client.get("/en/review/").text)
        for asked in offered.document_requests:
            take_back_request(asked=asked, actor=pi, now=NOW)
        assert "to applicants are held" not in words(client.get("/en/review/").text)
        assert "It was too late" in _taken_back_again(client, offered)
    assert (take_effect_at(TOLD_AT), answer_due(offered)) == ([], None)
    assert db.session.scalars(select(Draft)).all() == []


def _taken_back_again(client: FlaskClient, offered: Application) -> str:
    token = form_token(client.get(PAGE).text)
    path = f"/en/review/{offered.reference}/offer-day/take-back/"
    return client.post(path, data={"csrf_token": token}, follow_redirects=True).text


def test_nothing_is_so_before_it_is_told(pi: User) -> None:
    offered = settle_one_of_each(pi)[-1]
    assert (answer_due(offered), set_due(offered)) == (None, NOW + 9 * DAY)
    assert take_effect_at(TOLD_AT - timedelta(seconds=1)) == []
    assert db.session.scalars(select(Draft)).all() == []
    assert take_effect_at(TOLD_AT) == ["decision_told", "extension", "interview_invited", "offer_reminder"]
    assert answer_due(offered) == NOW + 9 * DAY
    [draft] = db.session.scalars(select(Draft))
    assert (draft.email, draft.answers) == ("late@example.org", {"email": "Late@example.org"})
    assert take_effect_at(TOLD_AT + DAY) == []


def test_an_offer_lapses_by_no_day_that_another_one_is_held_for(pi: User) -> None:
    [application] = applicants(1)
    move(application, "offer", at=NOW)
    soon = NOW + timedelta(minutes=5)
    with transaction() as session:
        terms.set_due(session, application, soon)
    decide(application=application, choice=Choice(State.OFFER, answer_due_at=NOW + 9 * DAY), actor=pi, now=NOW)
    assert offers.lapse_overdue(now=soon + timedelta(minutes=1)) == 0
    offers.answer(application=application, to=State.ACCEPTED, now=NOW)
    assert "offer_reminder" not in take_effect_at(TOLD_AT)


def test_each_pi_takes_back_what_is_of_their_routes(app: Flask, pi: User) -> None:
    application = settle_one_of_each(pi)[0]
    client, other = app.test_client(), colleague("pi-of-others")
    elsewhere = next(route for route in application.route.call.routes if route.id != application.route_id)
    set_role(email=other.email, role=Role.PI, route_id=elsewhere.id, now=NOW)
    submit(client, "/en/account/login", email=other.email, password=PASSWORD)
    page = client.get(PAGE).text
    assert "Nothing is held" in page
    assert (
        client.post(
            f"/en/review/{application.reference}/offer-day/take-back/", data={"csrf_token": form_token(page)}
        ).status_code
        == 404
    )
