"""The staff's pages of interviews, and the applicant's page on which a time is chosen."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.accounts.services import set_role
from s2group.admissions.interviews.models import Interview, InterviewRound, InterviewSlot
from s2group.admissions.interviews.telling import take_effect
from s2group.admissions.models import Application
from s2group.core.permissions import Role
from s2group.evaluation.interviews import services
from s2group.extensions import db
from tests.support.applying import load_fictional_content
from tests.support.interviewing import NOW, a_round, applicant, colleague, invited, mails_about, slots
from tests.support.moving import move
from tests.support.owning import let_change
from tests.support.queries import recorded_statements
from tests.support.staff import PASSWORD, form_token, submit

HOLD = timedelta(minutes=10)
ONLY_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
pytestmark = [ONLY_SQLITE, pytest.mark.usefixtures("on_that_day")]


@pytest.fixture
def on_that_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pi(app: Flask) -> User:
    load_fictional_content(app)
    return colleague()


@pytest.fixture
def staff(app: Flask, pi: User) -> FlaskClient:
    client = app.test_client()
    submit(client, "/en/account/login", email=pi.email, password=PASSWORD)
    return client


@pytest.fixture
def prepared(pi: User) -> Interview:
    found = a_round()
    slots(found, pi)
    return invited(found, applicant(), pi)


def page_of(interview: Interview) -> str:
    return f"/en/apply/status/{interview.application.reference}/interview/{interview.round.key}/"


def choose(client: FlaskClient, interview: Interview, **fields: Any) -> Any:
    path = page_of(interview)
    return client.post(path, data={"csrf_token": form_token(client.get(path).text), **fields})


def test_a_round_with_slots_is_made_by_two_forms(staff: FlaskClient, pi: User) -> None:
    application = applicant()
    fields = {
        "title_zh": "样本面试", "routes": str(application.route_id), "timezone": "Asia/Shanghai", "minutes": "20",
        "place": "Room 1", "choose_on": "2026-09-25", "changes_allowed": "1",
    }  # fmt: skip
    refused = submit(staff, "/en/review/interviews/new/", **{**fields, "title_zh": "", "minutes": "many"})
    assert refused.status_code == 422
    assert "Give it a title" in refused.text
    assert "Write a whole number" in refused.text
    made = submit(staff, "/en/review/interviews/new/", **fields)
    assert made.status_code == 303
    times = {
        "day": "2026-09-26", "begin": "09:00", "end": "12:00", "minutes": "20", "pause": "10", "place": "",
        "is_open": "y", "interviewers": str(pi.id),
    }  # fmt: skip
    seen = submit(staff, made.location, **times)
    assert "These 6 slots come of it" in seen.text
    assert db.session.scalars(select(InterviewSlot)).all() == []
    assert submit(staff, made.location, **times, confirmed="y").status_code == 303
    found = db.session.scalars(select(InterviewSlot).order_by(InterviewSlot.starts_at)).all()
    assert [f"{slot.starts_at:%H:%M}" for slot in found] == ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]
    clash = submit(staff, made.location, **times, confirmed="y")
    assert clash.status_code == 422
    assert "pi is in" in clash.text


def test_whoever_is_ticked_is_invited(staff: FlaskClient, pi: User) -> None:
    application, found = applicant(), a_round()
    path = f"/en/review/interviews/{found.key}/"
    assert application.name in staff.get(path).text
    data = {"csrf_token": form_token(staff.get(path).text), "reference": application.reference}
    assert staff.post(path + "invite/", data=data, follow_redirects=True).text.count("They are invited") == 1
    assert (mails_about("interview_invited"), take_effect(now=NOW + HOLD)) == ([], 1)
    assert len(mails_about("interview_invited")) == 1


def test_what_is_held_is_shown_to_the_staff_alone_and_taken_back_by_one_button(
    app: Flask, staff: FlaskClient, pi: User, client: FlaskClient
) -> None:
    applications, found = [applicant(f"Test {number}") for number in range(2)], a_round()
    slots(found, pi)
    services.invite(interview_round=found, applications=applications, actor=pi, told_at=NOW + HOLD, now=NOW)
    interview = found.interviews[0]
    services.agree(interview=interview, slot=found.slots[0], actor=pi, told_at=NOW + HOLD, now=NOW)
    let_change(client, applications[0])
    path = f"/en/review/interviews/{found.key}/"
    page = " ".join(staff.get(path).text.split())
    assert page.count("goes out at 10:10") == 3  # two people, and the slot
    assert "Time: Saturday, 26 September 2026, 09:00–09:20 (Beijing time, UTC+8)" in page
    assert page.count('name="interview"') == 4
    of_application = staff.get(f"/en/review/{applications[0].reference}/").text
    assert "goes out at 10:10" in of_application
    assert "My note on the interview" not in of_application
    for reference in (each.reference for each in applications):
        assert "Sample interviews" not in client.get(f"/en/apply/status/{reference}/").text
    assert client.get(page_of(interview)).status_code == 404
    slot_page = staff.get(f"{path}slots/{found.slots[0].id}/").text
    assert "It is to be that of Test 0, who is not told yet." in slot_page
    assert 'value="remove"' not in slot_page
    data = {"csrf_token": form_token(staff.get(path).text), "interview": [each.key for each in found.interviews]}
    assert "Taken back" in staff.post(path + "take-back/", data=data, follow_redirects=True).text
    assert "It was too late" in staff.post(path + "take-back/", data=data, follow_redirects=True).text
    assert (take_effect(now=NOW + HOLD), mails_about("interview_invited")) == (0, [])
    app.config["HOLD_MINUTES"] = 0
    told = {"csrf_token": data["csrf_token"], "reference": applications[0].reference}
    assert "told by mail how to choose" in staff.post(path + "invite/", data=told, follow_redirects=True).text
    assert len(mails_about("interview_invited")) == 1


def test_an_applicant_chooses_and_changes_once(client: FlaskClient, prepared: Interview) -> None:
    let_change(client, prepared.application)
    first, second, third = prepared.round.slots
    assert choose(client, prepared, slot=str(first.id), zone="Europe/Warsaw").status_code == 303
    status = client.get(f"/en/apply/status/{prepared.application.reference}/").text
    assert "Saturday, 26 September 2026, 09:00–09:20 (Beijing time, UTC+8)" in status
    assert "03:00–03:20 (Warsaw, UTC+2)" in status
    assert "at night" in status
    assert choose(client, prepared, slot=str(second.id), zone="Europe/Warsaw").status_code == 303
    assert client.get(page_of(prepared)).status_code == 409
    assert third.interview is None


def test_the_times_are_told_for_where_the_applicant_is(client: FlaskClient, prepared: Interview) -> None:
    let_change(client, prepared.application)
    page = client.get(page_of(prepared) + "?zone=Europe/Warsaw").text
    assert "3 more times, at night in Warsaw" in page
    assert "Warsaw 03:20" in re.sub(r"\s+", " ", page)
    by_day = client.get(page_of(prepared) + "?zone=Asia/Tokyo").text
    assert "at night" not in by_day
    assert "Tokyo 10:20" in re.sub(r"\s+", " ", by_day)
    assert client.get(page_of(prepared) + "?zone=Moon/Base").status_code == 200


def test_a_taken_slot_gives_the_page_back_with_what_is_free(client: FlaskClient, prepared: Interview, pi: User) -> None:
    let_change(client, prepared.application)
    first = prepared.round.slots[0]
    other = applicant("Test Other")
    services.invite(interview_round=prepared.round, applications=[other], actor=pi, told_at=NOW, now=NOW)
    token = form_token(client.get(page_of(prepared)).text)
    faster = db.session.scalars(select(Interview).where(Interview.application_id == other.id)).one()
    services.agree(interview=faster, slot=first, actor=pi, told_at=NOW, now=NOW)
    refused = client.post(page_of(prepared), data={"csrf_token": token, "slot": str(first.id), "zone": "Asia/Shanghai"})
    assert refused.status_code == 409
    assert "has just taken that time" in refused.text
    assert f'value="{first.id}"' not in refused.text
    assert f'value="{prepared.round.slots[1].id}"' in refused.text


@pytest.mark.parametrize("slot", ["", "none", "9999999999999999999", "x"])
def test_what_is_no_choice_is_refused(client: FlaskClient, prepared: Interview, slot: str) -> None:
    let_change(client, prepared.application)
    assert choose(client, prepared, slot=slot, zone="").status_code in (409, 422)
    assert prepared.slot_id is None


def test_why_none_fits_reaches_the_group(client: FlaskClient, prepared: Interview, staff: FlaskClient) -> None:
    let_change(client, prepared.application)
    assert choose(client, prepared, slot="none", why="I sit an exam that day.", zone="").status_code == 303
    assert "I sit an exam that day." in staff.get(f"/en/review/interviews/{prepared.round.key}/").text


def test_a_stranger_with_the_reference_neither_sees_nor_chooses(client: FlaskClient, prepared: Interview) -> None:
    status = client.get(f"/en/apply/status/{prepared.application.reference}/").text
    assert "is for you alone" in status
    assert prepared.round.place not in status
    page = client.get(page_of(prepared)).text
    assert 'name="slot"' not in page
    assert prepared.round.place not in page


def test_what_the_staff_do_for_an_applicant(staff: FlaskClient, prepared: Interview) -> None:
    page = f"/en/review/interviews/{prepared.round.key}/"
    path, first = f"{page}people/{prepared.key}/", prepared.round.slots[0]

    def do(action: str, slot: str = "") -> str:
        data = {"csrf_token": form_token(staff.get(page).text), "action": action, "slot": slot}
        return staff.post(path, data=data, follow_redirects=True).text

    assert "The reminder is held" in do("remind")
    assert take_effect(now=NOW + HOLD) == 1
    assert "reminded 1 time" in staff.get(page).text
    assert "Choose a slot first" in do("agree")
    assert "is kept for this applicant" in do("keep", str(first.id))
    assert "The time is settled" in do("agree", str(first.id))
    assert take_effect(now=NOW + HOLD) == 1
    assert "Somebody was faster" in do("keep", str(prepared.round.slots[1].id))
    assert "The slot is taken from them" in do("free")
    assert "to be cancelled" in staff.get(page).text
    move(prepared.application, "declined")
    assert "is no longer in interviews" in do("agree", str(prepared.round.slots[1].id))


def test_notes_are_each_their_own_and_read_by_whoever_reads_the_application(
    app: Flask, staff: FlaskClient, prepared: Interview, client: FlaskClient
) -> None:
    reference = prepared.application.reference
    path, page = f"/en/review/{reference}/interviews/{prepared.key}/note/", f"/en/review/{reference}/"
    reader = app.test_client()
    submit(reader, "/en/account/login", email=colleague("reader", Role.REVIEWER).email, password=PASSWORD)
    for who, text in ((staff, "Clear answers."), (reader, "Speaks softly."), (staff, "Clear answers, good.")):
        form = who.get(page).text
        [seen] = re.findall(r'name="seen" value="([^"]*)"', form.partition(path)[2].partition("</form>")[0])
        sent = {"csrf_token": form_token(form), "text": text, "seen": seen}
        assert who.post(path, data=sent).status_code == 303
    sent = {"csrf_token": form_token(staff.get(page).text), "text": "Not yet.", "seen": "", "do": "preview"}
    preview = staff.post(path, data=sent)
    assert preview.status_code == 200
    assert "What colleagues will see" in preview.text
    assert preview.text.count("Not yet.") == 2
    for who in (staff, reader):
        shown = who.get(page).text
        assert "Not yet." not in shown
        assert "Clear answers, good." in shown
        assert "Speaks softly." in shown
    let_change(client, prepared.application)
    assert "Clear" not in client.get(f"/en/apply/status/{reference}/").text


def _as_reader_of(app: Flask, key: str, application: Application) -> FlaskClient:
    client, user = app.test_client(), colleague(f"pi-{key}")
    route_id = application.route_id if key == "here" else application.route_id + 1
    set_role(email=user.email, role=Role.PI, route_id=route_id, now=NOW)
    submit(client, "/en/account/login", email=user.email, password=PASSWORD)
    return client


def test_a_pi_of_another_route_knows_of_no_round(app: Flask, prepared: Interview) -> None:
    here, elsewhere = (_as_reader_of(app, key, prepared.application) for key in ("here", "elsewhere"))
    path = f"/en/review/interviews/{prepared.round.key}/"
    assert prepared.application.name in here.get(path).text
    assert elsewhere.get(path).status_code == 404
    assert "Sample interviews" not in elsewhere.get("/en/review/interviews/").text


def test_of_a_round_for_two_routes_each_pi_sees_their_own_people(app: Flask, pi: User) -> None:
    own = applicant("Test Own")
    others = next(route for route in own.route.call.routes if route.id != own.route_id)
    found = a_round(routes=[own.route, others])
    slots(found, pi)
    interview = invited(found, own, pi)
    services.agree(interview=interview, slot=found.slots[0], actor=pi, told_at=NOW, now=NOW)
    client, user = app.test_client(), colleague("pi-of-others")
    set_role(email=user.email, role=Role.PI, route_id=others.id, now=NOW)
    submit(client, "/en/account/login", email=user.email, password=PASSWORD)
    page = client.get(f"/en/review/interviews/{found.key}/").text
    assert "Test Own" not in page
    assert "taken" in page
    assert client.get(f"/en/review/interviews/{found.key}/edit/").status_code == 404


def test_a_round_takes_as_many_statements_with_more_people(staff: FlaskClient, prepared: Interview, pi: User) -> None:
    path, counts, pi_id = f"/en/review/interviews/{prepared.round.key}/", [], pi.id
    for number in range(2):
        staff.get(path)
        with recorded_statements() as statements:
            assert staff.get(path).status_code == 200
        counts.append(sum(each.startswith("SELECT") for each in statements))
        found = db.session.scalars(select(InterviewRound)).one()
        actor = db.session.get_one(User, pi_id)
        people = [applicant(f"Test More {number}{each}") for each in range(3)]
        services.invite(interview_round=found, applications=people[:2], actor=actor, told_at=NOW, now=NOW)
        chosen = next(each for each in found.interviews if each.application_id == people[0].id)
        services.agree(interview=chosen, slot=found.slots[number], actor=actor, told_at=NOW, now=NOW)
    assert counts[0] == counts[1]
