"""One person may apply after the close, in a draft of their own or in the one that they had begun."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Draft, Extension
from s2group.admissions.openings import why_not_send
from s2group.admissions.rules.openings import Closure
from s2group.admissions.services import drafts
from s2group.admissions.services.extensions import LONGEST, end_extension, extend, forget_extensions
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.privacy.deletion import delete_application
from tests.support.applying import load_fictional_content
from tests.support.changing import mails
from tests.support.interviewing import applicant
from tests.support.staff import add_staff, sign_in, submit

EMAIL = "applicant@example.org"
CLOSED = datetime.fromisoformat("2026-10-01T00:00:00+00:00")
LATER = CLOSED + timedelta(days=3)
UNTIL = CLOSED + timedelta(days=10)


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    found = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first() or pytest.fail()
    with transaction() as session:
        session.get_one(AdmissionRoute, found.id).call.closes_at = CLOSED
    return found


@pytest.fixture
def pi(app: Flask) -> User:
    return db.session.scalars(select(User).where(User.email == add_staff(Role.PI))).one()


def given(route: AdmissionRoute, pi: User, until: datetime = UNTIL, email: str = EMAIL) -> Extension:
    return extend(route=route, email=email, until=until, locale="en", actor=pi, told_at=LATER, now=LATER)


def only_draft() -> Draft:
    db.session.expire_all()
    return db.session.scalars(select(Draft)).one()


def test_a_draft_is_begun_and_its_link_is_mailed(route: AdmissionRoute, pi: User) -> None:
    given(route, pi, email="Applicant@example.org")
    draft = only_draft()
    assert (draft.email, draft.answers, draft.extended_until) == (EMAIL, {"email": "Applicant@example.org"}, UNTIL)
    assert why_not_send(draft, now=UNTIL - timedelta(seconds=1)) is None
    assert why_not_send(draft, now=UNTIL) is Closure.CLOSED
    assert drafts.ends_at(draft) == UNTIL
    [mail] = mails("extension")
    assert mail.recipient == EMAIL
    assert "/apply/continue/" in mail.text


def test_a_draft_that_was_begun_is_free_again(route: AdmissionRoute, pi: User) -> None:
    begun = drafts.start_draft(
        route=route, key="k" * 32, answers={"name": "Test"}, locale="en", now=CLOSED - timedelta(days=1)
    )
    with transaction() as session:
        session.get_one(Draft, begun.id).email = EMAIL
    assert why_not_send(only_draft(), now=LATER) is Closure.CLOSED
    given(route, pi)
    assert only_draft().answers == {"name": "Test"}
    assert why_not_send(only_draft(), now=LATER) is None
    assert drafts.forget_ended(now=LATER) == 0
    assert drafts.forget_ended(now=UNTIL + timedelta(seconds=1)) == 1


def test_it_holds_where_all_places_are_taken(route: AdmissionRoute, pi: User) -> None:
    with transaction() as session:
        session.get_one(AdmissionRoute, route.id).filled = True
    given(route, pi)
    assert why_not_send(only_draft(), now=LATER) is None


def test_nobody_else_is_let_in(route: AdmissionRoute, pi: User) -> None:
    given(route, pi)
    other = drafts.start_draft(route=route, key="o" * 32, answers={}, locale="en", now=LATER)
    assert why_not_send(other, now=LATER) is Closure.CLOSED


def test_a_second_time_another_moment_holds(route: AdmissionRoute, pi: User) -> None:
    given(route, pi)
    given(route, pi, until=UNTIL + timedelta(days=1))
    assert only_draft().extended_until == UNTIL + timedelta(days=1)
    assert len(db.session.scalars(select(Extension)).all()) == 1
    assert len(mails("extension")) == 2


def test_it_is_taken_back_and_forgotten(route: AdmissionRoute, pi: User) -> None:
    extension = given(route, pi)
    assert forget_extensions(now=UNTIL + LONGEST) == 0
    end_extension(extension=extension, actor=pi, now=LATER)
    assert why_not_send(only_draft(), now=LATER) is Closure.CLOSED
    given(route, pi)
    assert forget_extensions(now=UNTIL + LONGEST + timedelta(seconds=1)) == 1


def test_who_has_their_application_deleted_leaves_no_address(route: AdmissionRoute, pi: User) -> None:
    given(route, pi)
    sent = applicant(email="Applicant@example.org")
    extend(route=sent.route, email=EMAIL, until=UNTIL, locale="en", actor=pi, told_at=LATER, now=LATER)
    others = {route.id} - {sent.route_id}
    delete_application(reference=sent.reference, reason="request", actor=None, now=LATER)
    assert set(db.session.scalars(select(Extension.route_id))) == others


def test_the_page_gives_and_takes_back(route: AdmissionRoute, client: FlaskClient) -> None:
    sign_in(client, Role.PI)
    path = "/en/review/extensions/"
    far = submit(client, path, route=str(route.id), email=EMAIL, last_day="2099-01-01", locale="en")
    assert far.status_code == 422
    assert "Choose a day within the next 29 days" in far.text
    assert submit(client, path, route=str(route.id), email="nobody", last_day="", locale="en").status_code == 422
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).date().isoformat()
    assert submit(client, path, route=str(route.id), email=EMAIL, last_day=tomorrow, locale="en").status_code == 303
    assert EMAIL in client.get(path).text
    extension = db.session.scalars(select(Extension)).one()
    token = submit(client, f"{path}", route="0", email="", last_day="", locale="en")
    assert token.status_code == 422
    ended = client.post(f"{path}{extension.id}/end/", data={"csrf_token": _token(token.text)})
    assert ended.status_code == 303
    assert db.session.scalars(select(Extension)).all() == []


def _token(page: str) -> str:
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_a_reviewer_has_no_such_page(route: AdmissionRoute, client: FlaskClient) -> None:
    sign_in(client, Role.REVIEWER)
    assert client.get("/en/review/extensions/").status_code == 404
