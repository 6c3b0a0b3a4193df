"""The page of one application: what people say of outcomes, what is new, who comes before and after, comparing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account
from s2group.admissions.facts.queries import wrong_facts
from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.cross_check.models import CrossCheck
from s2group.evaluation.discussion.services import add_comment
from s2group.evaluation.looks.queries import new_to
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content, the_application
from tests.support.changing import change
from tests.support.headings import text_of
from tests.support.pdf import make_pdf
from tests.support.staff import PASSWORD, form_token, sign_in

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    with time_machine.travel(SENT, tick=False):
        assert apply(client).status_code == 303
    return the_application()


def address(application: Application, rest: str = "") -> str:
    return f"/en/review/{application.reference}/{rest}"


def say(client: FlaskClient, application: Application, **fields: str) -> tuple[int, str]:
    token = form_token(client.get(address(application, "outcomes/health_and_attitude/")).text)
    form = {"csrf_token": token, "seen": "0", "computed": "unknown", **fields}
    answer = client.post(address(application, "outcomes/health_and_attitude/"), data=form)
    return answer.status_code, answer.text


def test_a_reader_confirms_what_the_answers_could_not_tell(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.REVIEWER)
    before = (application.facts.met, application.facts.unknown)
    assert say(client, application, verdict="met")[0] == 303
    assert (application.facts.met, application.facts.unknown) == (before[0] + 1, before[1] - 1)
    assert wrong_facts().total() == 0
    words = text_of(client.get(address(application)).text)
    assert "Verified by reviewer on" in words
    assert "Outcome overridden" in words


def test_a_page_that_a_browser_fetches_ahead_is_neither_shown_nor_seen(
    client: FlaskClient, application: Application
) -> None:
    sign_in(client, Role.REVIEWER)
    events = len(application.events)
    reader = user_by_email("reviewer@example.org")
    assert reader
    for purpose in ("prefetch", "prefetch;prerender"):
        answer = client.get(address(application), headers={"Sec-Purpose": purpose})
        assert (answer.status_code, answer.data) == (503, b"")
    db.session.expire_all()
    assert (len(application.events), new_to(reader, [application.id])) == (events, {application.id})
    assert client.get(address(application)).status_code == 200
    db.session.expire_all()
    assert (len(application.events), new_to(reader, [application.id])) == (events + 1, set())


def test_who_contradicts_says_why_and_nobody_overwrites_another(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.REVIEWER)
    status, page = say(client, application, verdict="not_met")
    assert (status, "Say why: the answers come to another verdict" in page) == (422, True)
    assert say(client, application, verdict="not_met", reason="Asked the faculty")[0] == 303
    status, page = say(client, application, verdict="met")
    assert (status, "It has changed meanwhile" in page) == (422, True)
    assert "Asked the faculty" in text_of(client.get(address(application)).text)


def test_what_changed_since_ones_last_look_is_told(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.PI)
    user = user_by_email("pi@example.org")
    assert user
    assert new_to(user, [application.id]) == {application.id}
    assert "Since you looked" not in client.get(address(application)).text
    assert new_to(user, [application.id]) == set()
    change(application, files={"resume": make_pdf("newer")}, key="change-one")
    assert new_to(user, [application.id]) == {application.id}
    words = text_of(client.get(address(application)).text)
    assert "Since you looked on" in words
    assert "CV · another file" in words


def test_neighbours_stand_on_the_page(app: Flask, client: FlaskClient, application: Application) -> None:
    with time_machine.travel(SENT + timedelta(hours=1), tick=False):
        assert apply(app.test_client(), name="Other Applicant", email="other@example.org").status_code == 303
    sign_in(client, Role.REVIEWER)
    page = client.get(address(application)).text
    assert "2 / 2" in page
    assert 'data-key="k"' in page
    assert 'data-key="j"' not in page


def test_comparing_shows_columns_and_hides_what_is_not_there(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.REVIEWER)
    found = client.get(f"/en/review/compare/?r={application.reference}")
    assert (found.status_code, "Test Applicant" in found.text) == (200, True)
    assert client.get("/en/review/compare/?r=0000-0000-0000-0000").status_code == 404
    assert client.get("/en/review/compare/").status_code == 200


def another(app: Flask, name: str, cet4: int | None) -> str:
    """The reference of another application, with this score."""
    assert apply(app.test_client(), name=name, email=f"{name.lower()}@example.org").status_code == 303
    [found] = db.session.scalars(select(Application).where(Application.name == name))
    found.facts.cet4 = cet4
    db.session.commit()
    return found.reference


def test_neighbours_follow_the_order_of_the_list(app: Flask, client: FlaskClient, application: Application) -> None:
    oldest, best = application.reference, another(app, "Best", 700)
    without, worst = another(app, "Without", None), another(app, "Worst", 430)
    sign_in(client, Role.PI)
    orders = {
        "-cet4": [best, worst, without, oldest],
        "cet4": [worst, best, oldest, without],
        "": [worst, without, best, oldest],
    }
    for sort, expected in orders.items():
        seen = [expected[0]]
        while True:
            page = client.get(f"/en/review/{seen[-1]}/?sort={sort}").text
            assert f"{len(seen)} / 4" in page
            found = re.search(r'review/([A-Z0-9-]+)/[^"]*" data-key="j"', page)
            if not found:
                break
            seen.append(found[1])
        assert seen == expected


def test_what_colleagues_say_stands_on_the_page(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.PI)
    user = user_by_email("pi@example.org")
    assert user
    add_comment(application=application, text="Knows Kaldi well", chosen=[], actor=user, now=SENT)
    words = text_of(client.get(address(application)).text)
    assert "Knows Kaldi well" in words
    assert "Discussion 1" in words


def test_the_desk_leads_to_mentions_and_to_differences(client: FlaskClient, application: Application) -> None:
    sign_in(client, Role.PI)
    user = user_by_email("pi@example.org")
    assert user
    writer = add_account(email="other@example.org", password=PASSWORD, role=Role.PI, now=SENT)
    add_comment(application=application, text="Look at this", chosen=[user], actor=writer, now=SENT)
    with transaction() as session:
        session.execute(delete(CrossCheck))
        session.add(
            CrossCheck(
                application_id=application.id, version=1, has_text=True, found=[], checked=[], unchecked=1, at=SENT
            )
        )
    words = text_of(client.get("/en/review/").text)
    assert "1 comment mentions you" in words
    assert "1 say something else in the résumé than in the form" in words
    assert application.name in client.get("/en/review/applications/?q=has:difference").text
    assert application.name in client.get("/en/review/mentions/").text
