"""The applicant answers an offer on the status page, in either language, by a page that asks once more."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from s2group.admissions.models import Application
from s2group.admissions.offers import services, terms
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import MORNING, apply, load_fictional_content, the_application
from tests.support.changing import mails
from tests.support.headings import headings
from tests.support.moving import move
from tests.support.staff import submit

DUE = MORNING + timedelta(days=5)


@pytest.fixture
def offered(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    with time_machine.travel(MORNING, tick=False):
        apply(client)
    application = the_application()
    with transaction() as session:
        terms.set_due(session, application, DUE)
    move(application, "offer", at=MORNING)
    return application


def status(application: Application, locale: str = "en") -> str:
    return f"{'/en' if locale == 'en' else ''}/apply/status/{application.reference}/"


def stands() -> tuple[str, str]:
    db.session.expire_all()
    return the_application().state, the_application().shown_state


@time_machine.travel(MORNING + timedelta(days=1), tick=False)
@pytest.mark.parametrize(
    ("answer", "button", "state", "en", "zh"),
    [
        ("accept", "Accept the place", "accepted", "You have accepted the place", "你已接受录取"),
        ("refuse", "Refuse the place", "refused", "You have refused the place", "你已放弃录取"),
    ],
)
def test_an_offer_is_answered_after_one_more_question(
    client: FlaskClient, offered: Application, answer: str, button: str, state: str, en: str, zh: str
) -> None:
    page = client.get(status(offered)).text
    assert "Accept or refuse it by 7 September 2026" in page
    assert f"{status(offered)}{answer}/" in page
    assert headings(client.get(f"{status(offered)}{answer}/").text, "h1") == [button]
    assert stands() == ("offer", "offer")
    assert submit(client, f"{status(offered)}{answer}/").status_code == 303
    assert stands() == (state, state)
    assert headings(client.get(status(offered)).text, "h1") == [en]
    assert headings(client.get(status(offered, "zh")).text, "h1") == [zh]
    other = "refuse" if answer == "accept" else "accept"
    assert client.get(f"{status(offered)}{other}/").status_code == 409
    assert client.get(f"{status(offered)}{answer}/").status_code == 303
    assert len(mails("offer_answered")) == 1


@time_machine.travel(DUE, tick=False)
def test_who_is_late_is_told_so(client: FlaskClient, offered: Application) -> None:
    page = client.get(status(offered)).text
    assert "It could be answered until 7 September 2026" in page
    assert "/accept/" not in page
    assert client.get(f"{status(offered)}accept/").status_code == 409
    services.lapse_overdue(now=DUE)
    assert headings(client.get(status(offered)).text, "h1") == ["The offer has lapsed"]
    assert headings(client.get(status(offered, "zh")).text, "h1") == ["拟录取已逾期失效"]
    assert "/withdraw/" not in client.get(status(offered)).text


def test_another_browser_cannot_answer(app: Flask, offered: Application) -> None:
    other = app.test_client()
    with time_machine.travel(MORNING, tick=False):
        assert "/accept/" not in other.get(status(offered)).text
        assert "Only the owner of the e-mail address can answer" in other.get(status(offered)).text
        assert headings(other.get(f"{status(offered)}accept/").text, "h1") != ["Accept the place"]
    assert stands() == ("offer", "offer")
