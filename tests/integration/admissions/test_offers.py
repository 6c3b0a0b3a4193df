"""An offer is answered in time, or lapses; nothing happens twice, and those who wait stand in order."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from s2group.admissions.models import Application
from s2group.admissions.offers import services as offers
from s2group.admissions.offers import terms, waitlist
from s2group.admissions.offers.models import WaitlistPlace
from s2group.admissions.offers.queries import answer_due
from s2group.admissions.queries import application_by_reference
from s2group.admissions.rules.states import State
from s2group.admissions.services.changes import TooLateError
from s2group.admissions.services.states import ForbiddenMoveError
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content, the_application
from tests.support.changing import mails
from tests.support.moving import move
from tests.support.refereeing import apply_with_referees

NOW = datetime(2026, 9, 5, 8, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=7)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    apply(client)
    return the_application()


@pytest.fixture
def offered(application: Application) -> Application:
    return offer(application)


def offer(application: Application, *, shown: bool = True, due: datetime | None = DUE) -> Application:
    with transaction() as session:
        terms.set_due(session, application, due)
    move(application, "offer", release=shown, at=NOW)
    return application


def stands(application: Application) -> tuple[str, str]:
    db.session.expire_all()
    return application.state, application.shown_state


@pytest.mark.parametrize("to", [State.ACCEPTED, State.REFUSED])
def test_an_answer_is_stored_shown_and_mailed(offered: Application, to: State) -> None:
    offers.answer(application=offered, to=to, now=DUE - MINUTE)
    assert stands(offered) == (to, to)
    assert [mail.recipient for mail in mails("offer_answered")] == ["applicant@example.org"]
    assert [mail.recipient for mail in mails("offer_answered_notice")] == ["pi@example.org", "co@example.org"]
    with pytest.raises(ForbiddenMoveError):
        offers.answer(application=offered, to=State.REFUSED, now=DUE - MINUTE)
    assert len(mails("offer_answered")) == 1
    assert offers.lapse_overdue(now=DUE + MINUTE) == 0


def test_nothing_can_be_answered_that_is_not_shown(application: Application) -> None:
    offer(application, shown=False)
    assert answer_due(application) is None
    with pytest.raises(ForbiddenMoveError, match="from submitted to accepted"):
        offers.answer(application=application, to=State.ACCEPTED, now=NOW)
    assert offers.lapse_overdue(now=DUE + MINUTE) == 0
    assert stands(application) == ("offer", "submitted")


@pytest.mark.parametrize("pending", ["waitlist", "declined"])
def test_an_offer_binds_until_its_taking_back_is_told(offered: Application, pending: str) -> None:
    move(offered, pending, release=False)
    assert answer_due(offered) == DUE
    offers.answer(application=offered, to=State.ACCEPTED, now=NOW)
    assert stands(offered) == ("accepted", "accepted")


def test_an_offer_lapses_once(offered: Application) -> None:
    assert offers.lapse_overdue(now=DUE - MINUTE) == 0
    with pytest.raises(TooLateError):  # also where no job has run
        offers.answer(application=offered, to=State.ACCEPTED, now=DUE)
    assert [offers.lapse_overdue(now=DUE), offers.lapse_overdue(now=DUE)] == [1, 0]
    assert stands(offered) == ("lapsed", "lapsed")
    [told], [notice, _copy] = mails("offer_answered"), mails("offer_answered_notice")
    assert told.subject == f"The offer has lapsed: {offered.reference}"
    assert "has lapsed. Do you still want the place?" in told.text
    assert "the next on the waiting list" in notice.text or "候补的下一位" in notice.text


def test_an_offer_without_a_day_never_lapses(application: Application) -> None:
    offer(application, due=None)
    assert offers.lapse_overdue(now=NOW + timedelta(days=900)) == 0
    assert offers.remind(now=NOW) == 0


def test_nobody_has_less_than_a_day(application: Application) -> None:
    offer(application, due=NOW + MINUTE)
    assert answer_due(application) == NOW + timedelta(days=1)


def test_a_reminder_goes_once_and_shortly_before(offered: Application) -> None:
    times = (DUE - timedelta(days=2, minutes=1), DUE - timedelta(days=2), DUE - MINUTE, DUE)
    assert [offers.remind(now=each) for each in times] == [0, 1, 0, 0]
    [mail] = mails("offer_reminder")
    assert "by 12 September 2026, 16:00 (UTC+8); after that the offer lapses" in mail.text
    assert "Answer the offer\n\nhttp" in mail.text


def test_of_an_answer_and_the_clock_one_wins(app: Flask, offered: Application) -> None:
    reference, won = offered.reference, []

    def accept() -> None:
        with app.app_context():
            found = application_by_reference(reference)
            assert found
            with suppress(ForbiddenMoveError):
                offers.answer(application=found, to=State.ACCEPTED, now=DUE - MINUTE)
                won.append("accepted")

    def lapse() -> None:
        with app.app_context():
            if offers.lapse_overdue(now=DUE):
                won.append("lapsed")

    db.session.rollback()
    threads = [threading.Thread(target=each) for each in (accept, lapse, accept, lapse)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert stands(the_application()) == (won[0], won[0])
    assert len(mails("offer_answered")) == 1


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["waitlist", "offer", "withdrawn", "earlier", "later"])))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_waiting_list_has_each_number_once(app: Flask) -> None:
    load_fictional_content(app)
    four = [apply_with_referees([], key=f"form-{number}", now=NOW) for number in range(4)]
    expected: list[int] = []

    @settings(max_examples=15, deadline=None)
    @given(STEPS)
    def check(steps: list[tuple[int, str]]) -> None:
        for number, step in steps:
            _do(four[number], step, expected)
            assert order() == expected

    check()


def _do(application: Application, step: str, expected: list[int]) -> None:
    """The same to the application, and to a plain list."""
    if step in ("earlier", "later"):
        with transaction() as session:
            session.refresh(application, with_for_update={"of": Application})
            waitlist.step(session, application, earlier=step == "earlier")
        if application.id in expected:
            at = expected.index(application.id)
            other = at + (-1 if step == "earlier" else 1)
            if 0 <= other < len(expected):
                expected[at], expected[other] = expected[other], expected[at]
        return
    if step == application.state:
        return
    moved = application.withdrawn_from
    move(application, step, release=True)
    if application.id in expected:
        expected.remove(application.id)
    if step == "waitlist":
        if moved == "waitlist":  # with the rank that it had
            expected[:] = order()
        else:
            expected.append(application.id)


def order() -> list[int]:
    """The ids of those who wait, by their ranks."""
    statement = (
        select(WaitlistPlace.application_id)
        .join(Application, Application.id == WaitlistPlace.application_id)
        .where(Application.state == "waitlist")
        .order_by(WaitlistPlace.rank)
    )
    return list(db.session.scalars(statement))
