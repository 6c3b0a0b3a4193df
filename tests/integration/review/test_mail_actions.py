"""Links in the mail about a new application: they act at the press of a button alone, as who got the mail, and end."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.accounts.services import set_role
from s2group.admissions.models import Application
from s2group.admissions.services.mail_actions import Verb
from s2group.audit.models import Event
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.correspondence import is_for_its_recipient_alone, send_elsewhere
from s2group.evaluation.reviews.models import Review
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.rules import LIFETIMES, Purpose
from s2group.mail.models import OutboxMail
from s2group.privacy.deletion import delete_application
from tests.support.applying import load_fictional_content
from tests.support.changing import mails
from tests.support.forms import as_shown
from tests.support.moving import move
from tests.support.refereeing import apply_with_referees
from tests.support.releasing import acting_token, releaser
from tests.support.staff import PASSWORD, add_staff, form_token, sign_in, submit

ADDRESS = re.compile(r"http://\S+?(/(?:en/)?review/act/[\w-]+/)")
TO_THE_PI = "pi@example.org"


@pytest.fixture
def application(app: Flask) -> Application:
    """One of which the PI, who has an account, and a colleague without one got a mail."""
    load_fictional_content(app)
    add_staff(Role.PI)
    return apply_with_referees(now=clock.now())


def addresses() -> list[str]:
    [mail] = [mail for mail in mails("application_received") if mail.recipient == TO_THE_PI]
    assert ADDRESS.findall(unescape(mail.html)) == ADDRESS.findall(mail.text)
    # The group writes in Chinese; the same page in English says what the tests read.
    return [f"/en{path}" for path in ADDRESS.findall(mail.text)]


def stands(application: Application) -> tuple[str, str]:
    db.session.rollback()
    return application.state, application.shown_state


def press(client: FlaskClient, address: str) -> str:
    answer = client.post(address, data={"csrf_token": form_token(client.get(address).text)})
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(answer.text).split())


@pytest.mark.parametrize(("place", "state"), [(0, "screening"), (1, "interview"), (2, "declined")])
def test_a_link_acts_when_it_is_confirmed_and_once(
    client: FlaskClient, application: Application, place: int, state: str
) -> None:
    address = addresses()[place]
    for method in ("GET", "HEAD", "GET"):
        assert client.open(address, method=method).status_code == 200
    assert client.post(address).status_code == 400
    assert stands(application) == ("submitted", "submitted")
    assert "Done, as pi." in press(client, address)
    assert stands(application) == (state, "submitted")
    moved = db.session.scalars(select(Event).where(Event.kind == "moved")).one()
    assert moved.actor_id is not None
    assert client.get(address).status_code == 410
    assert mails("decision_told") == []


def test_each_mail_has_its_own_and_only_where_there_is_the_right(application: Application) -> None:
    links = {mail.recipient: ADDRESS.findall(mail.text) for mail in mails("application_received")}
    assert {recipient: len(found) for recipient, found in links.items() if found} == {TO_THE_PI: 3 + 5}
    assert len(db.session.scalars(select(Link).where(Link.purpose == Purpose.ACT_FROM_MAIL)).all()) == 4


def test_it_ends_with_time_with_the_account_and_with_the_application(
    client: FlaskClient, application: Application
) -> None:
    shortlist, invite, *_ = addresses()
    with time_machine.travel(clock.now() + LIFETIMES[Purpose.ACT_FROM_MAIL] + timedelta(minutes=1)):
        assert client.get(shortlist).status_code == 410
    set_role(email=TO_THE_PI, role=Role.REVIEWER, now=clock.now())
    assert client.get(invite).status_code == 410
    delete_application(reference=application.reference, reason="request", actor=None, now=clock.now())
    assert db.session.scalars(select(Link).where(Link.purpose == Purpose.ACT_FROM_MAIL)).all() == []


def test_what_cannot_be_done_is_said(client: FlaskClient, application: Application) -> None:
    shortlist = addresses()[0]
    move(application, "withdrawn")
    page = client.get(shortlist)
    assert "Nothing to do" in page.text
    assert client.post(shortlist, data={"csrf_token": "x"}).status_code in (200, 400, 422)
    assert stands(application)[0] == "withdrawn"


def test_a_stranger_to_the_route_cannot_use_it(client: FlaskClient, application: Application) -> None:
    token = acting_token(application, Verb.DECLINE)
    assert client.get(f"/en/review/act/{token}/").status_code == 200
    set_role(email=releaser().email, role=Role.EDITOR, now=clock.now())
    assert client.get(f"/en/review/act/{token}/").status_code == 410


def test_the_desk_masks_them_and_another_address_does_not_get_them(
    client: FlaskClient, application: Application
) -> None:
    [mail] = [mail for mail in mails("application_received") if mail.recipient == TO_THE_PI]
    tokens = [address.split("/")[-2] for address in addresses()]
    colleague = releaser()
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == mail.id).values(state="stuck"))
    assert not is_for_its_recipient_alone(mail)
    other = send_elsewhere(mail=mail, recipient="other@example.org", actor=colleague, now=clock.now())
    assert other is not None
    assert application.name in other.text
    sign_in(client, Role.ADMIN)
    page = client.get(f"/en/review/mail/{mail.key}/").text
    for token in tokens:
        assert token not in page + other.text + other.html


def test_rate_opens_the_rubric_with_the_score_and_saves_nothing(
    app: Flask, client: FlaskClient, application: Application
) -> None:
    [mail] = [mail for mail in mails("application_received") if mail.recipient == TO_THE_PI]
    rate = {
        score: f"/en{path}?overall={score}"
        for path, score in re.findall(r"(/review/act/[\w-]+/)\?overall=(\d)", mail.text)
    }
    assert list(rate) == ["5", "4", "3", "2", "1"]
    for _ in range(2):  # it is never used up: it acts on nothing
        answer = client.get(rate["4"])
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"/en/review/{application.reference}/rating/?overall=4",
        )
    asked = client.get(answer.headers["Location"])
    assert asked.status_code == 302
    signing_in = asked.headers["Location"]
    assert (
        submit(client, signing_in, email=TO_THE_PI, password=PASSWORD).headers["Location"].endswith("rating/?overall=4")
    )
    page = client.get(f"/en/review/{application.reference}/rating/?overall=4").text
    assert "The score from your mail is filled in. Nothing is saved before you press the button." in page
    assert as_shown(page)["mark-overall"] == ["4"]
    assert db.session.scalars(select(Review)).all() == []
    for nonsense in ("9", "x", "-1"):
        page = client.get(f"/en/review/{application.reference}/rating/?overall={nonsense}").text
        assert as_shown(page).get("mark-overall", []) == []
    with time_machine.travel(clock.now() + LIFETIMES[Purpose.ACT_FROM_MAIL]):
        assert app.test_client().get(rate["4"]).status_code == 410
