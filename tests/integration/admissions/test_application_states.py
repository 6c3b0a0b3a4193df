"""Moving an application: what the row and its history say afterwards, and what the applicant comes to see."""

import threading
from datetime import UTC, datetime, timedelta

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions.models import Application
from s2group.admissions.rules.states import Mover, State
from s2group.admissions.services.states import ForbiddenMoveError, move, release
from s2group.admissions.timeline import timeline
from s2group.audit.rules import Details, Kind, Moved, Shown, TakenBack
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content, the_application
from tests.support.staff import PASSWORD

NOW = datetime(2026, 9, 5, 8, 0, tzinfo=UTC)
# The migration before the one that made data of what was told in notes.
BEFORE = "0006"


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    apply(client)
    return the_application()


@pytest.fixture
def pi(app: Flask) -> User:
    return add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=NOW)


def moved(application: Application, to: State, by: User | None = None, shown: bool = False, minutes: int = 0) -> None:
    with transaction() as session:
        move(session, application=application, to=to, by=Mover.STAFF if by else Mover.APPLICANT, actor=by,
             release=shown, now=NOW + timedelta(minutes=minutes))  # fmt: skip


def stands(application: Application) -> tuple[str, str, str | None]:
    db.session.expire_all()
    return application.state, application.shown_state, application.withdrawn_from


def told(application: Application) -> list[tuple[Details, int | None]]:
    db.session.expire_all()
    return [(event.details, event.actor_id) for event in application.events if event.kind != Kind.SUBMITTED]


def test_a_move_of_the_staff_is_not_shown_until_it_is_released(application: Application, pi: User) -> None:
    moved(application, State.SCREENING, by=pi, minutes=5)
    assert stands(application) == ("screening", "submitted", None)
    assert application.state_at == NOW + timedelta(minutes=5)
    with transaction() as session:
        release(session, application=application, actor=pi, now=NOW)
    assert stands(application) == ("screening", "screening", None)
    with transaction() as session:
        release(session, application=application, actor=pi, now=NOW)
    assert told(application) == [(Moved("submitted", "screening"), pi.id), (Shown("screening"), pi.id)]


def test_a_move_may_be_shown_at_once(application: Application, pi: User) -> None:
    moved(application, State.INTERVIEW, by=pi, shown=True)
    assert stands(application) == ("interview", "interview", None)
    assert told(application) == [(Moved("submitted", "interview"), pi.id), (Shown("interview"), pi.id)]


def test_a_withdrawal_is_shown_and_can_be_taken_back(application: Application) -> None:
    moved(application, State.WITHDRAWN)
    assert stands(application) == ("withdrawn", "withdrawn", "submitted")
    moved(application, State.SUBMITTED, minutes=1)
    assert stands(application) == ("submitted", "submitted", None)
    assert told(application) == [
        (Moved("submitted", "withdrawn"), None),
        (Shown("withdrawn"), None),
        (Moved("withdrawn", "submitted"), None),
        (TakenBack("submitted"), None),
    ]


def test_who_takes_a_withdrawal_back_learns_no_decision(application: Application, pi: User) -> None:
    moved(application, State.SCREENING, by=pi, shown=True)
    moved(application, State.OFFER, by=pi)
    moved(application, State.WITHDRAWN)
    assert stands(application) == ("withdrawn", "withdrawn", "offer")
    moved(application, State.OFFER)
    assert stands(application) == ("offer", "screening", None)
    happened = timeline(application, NOW)
    assert [event.details for event in happened[1:]] == [Shown("screening"), Shown("withdrawn"), TakenBack("screening")]


def test_what_was_told_in_notes_becomes_data(application: Application, pi: User) -> None:
    moved(application, State.SCREENING, by=pi, shown=True)
    moved(application, State.OFFER, by=pi)
    for state in (State.WITHDRAWN, State.OFFER, State.WITHDRAWN):
        moved(application, state)
    before, withdrawn_shown = told(application), application.withdrawn_shown
    db.session.remove()
    flask_migrate.downgrade(revision=BEFORE)
    with db.engine.connect() as connection:
        notes = connection.execute(text("SELECT event, note FROM history_entry ORDER BY id")).all()
    assert [tuple(row) for row in notes if row.event == "shown"] == [
        ("shown", note) for note in ("screening", "withdrawn", "screening", "withdrawn")
    ]
    flask_migrate.upgrade()
    assert (told(the_application()), withdrawn_shown) == (before, "screening")
    assert the_application().withdrawn_shown == "screening"


@pytest.mark.parametrize(
    ("to", "by_staff", "words"),
    [
        (State.SUBMITTED, True, "no staff may move an application from submitted to submitted"),
        (State.WITHDRAWN, True, "no staff may move an application from submitted to withdrawn"),
        (State.OFFER, False, "no applicant may move an application from submitted to offer"),
    ],
)
def test_a_forbidden_move_changes_nothing(
    application: Application, pi: User, to: State, by_staff: bool, words: str
) -> None:
    with pytest.raises(ForbiddenMoveError) as error:
        moved(application, to, by=pi if by_staff else None, shown=True)
    assert str(error.value) == words
    assert (stands(application), told(application)) == (("submitted", "submitted", None), [])


def test_of_two_who_move_at_once_the_second_sees_what_the_first_did(app: Flask, application: Application) -> None:
    application_id, outcomes, gate = application.id, [], threading.Barrier(2)

    def withdraw() -> None:
        with app.app_context():
            found = db.session.get_one(Application, application_id)
            gate.wait()
            try:
                moved(found, State.WITHDRAWN)
                outcomes.append("moved")
            except ForbiddenMoveError:
                outcomes.append("forbidden")
            db.session.remove()

    both = [threading.Thread(target=withdraw) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    db.session.rollback()
    assert sorted(outcomes) == ["forbidden", "moved"]
    assert stands(application) == ("withdrawn", "withdrawn", "submitted")
