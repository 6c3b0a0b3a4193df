"""The board, its buttons, the order of those who wait, and the dry run of many: as the staff see them."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.services.states import release
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import MORNING, load_fictional_content
from tests.support.headings import headings
from tests.support.moving import move
from tests.support.queries import recorded_statements
from tests.support.refereeing import apply_with_referees
from tests.support.staff import form_token, sign_in

BOARD = "/en/review/board/"


@pytest.fixture
def pi(app: Flask, client: FlaskClient) -> FlaskClient:
    load_fictional_content(app)
    sign_in(client, Role.PI)
    return client


@pytest.fixture
def three(pi: FlaskClient) -> list[Application]:
    found = [apply_with_referees([], key=f"form-{number}", now=MORNING) for number in range(3)]
    with transaction() as session:
        for number, application in enumerate(found):
            session.execute(update(Application).where(Application.id == application.id).values(name=f"Test {number}"))
    return found


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def press(client: FlaskClient, path: str, **fields: str) -> str:
    """Press a button of the board, and read the page that follows."""
    token = form_token(client.get(BOARD).text)
    answer = client.post(path, data={"csrf_token": token, "back": "board", **fields}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def states() -> list[str]:
    db.session.expire_all()
    return [each.state for each in db.session.scalars(select(Application).order_by(Application.id))]


def lane(page: str, state: str) -> list[str]:
    part = page.split(f'id="l-{state}"')[1].split("</section>")[0]
    return re.findall(r">(Test \d)</a>", part)


def test_a_card_is_moved_by_a_button_and_back_by_another(pi: FlaskClient, three: list[Application]) -> None:
    page = press(pi, f"/en/review/{three[1].reference}/move/", to="screening", following=three[2].reference)
    assert (lane(page, "submitted"), lane(page, "screening")) == (["Test 0", "Test 2"], ["Test 1"])
    assert "Test 1: Move to “Screening”" in words(page)
    undo = re.search(r'action="([^"]+/undo/)"', page)
    assert undo
    page = press(pi, undo[1])
    assert states() == ["submitted"] * 3
    page = press(pi, undo[1])
    assert states() == ["submitted"] * 3


def test_what_cannot_be_is_told(pi: FlaskClient, three: list[Application]) -> None:
    move(three[0], "withdrawn")
    assert "was faster" in press(pi, f"/en/review/{three[0].reference}/move/", to="screening")
    token = form_token(pi.get(BOARD).text)
    for to in ("", "withdrawn", "accepted"):
        answer = pi.post(f"/en/review/{three[1].reference}/move/", data={"csrf_token": token, "to": to})
        assert answer.status_code == 400
    assert states() == ["withdrawn", "submitted", "submitted"]


def test_a_place_too_many_asks_for_a_reason(pi: FlaskClient, three: list[Application]) -> None:
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(places=1))
    press(pi, f"/en/review/{three[0].reference}/move/", to="offer")
    page = press(pi, f"/en/review/{three[1].reference}/move/", to="offer")
    assert headings(page, "h1") == ["Decide about Test 1"]
    assert states() == ["offer", "submitted", "submitted"]
    address = f"/en/review/{three[1].reference}/decision/"
    fields = {"csrf_token": form_token(page), "state": "offer", "note": "Strong"}
    refused = pi.post(address, data=fields)
    assert (refused.status_code, "2 offers for 1 places: say why" in refused.text) == (422, True)
    assert pi.post(address, data={**fields, "over_places_reason": "One will refuse"}).status_code == 303
    assert states() == ["offer", "offer", "submitted"]
    again = words(pi.get(address).text)
    assert "Strong" in again and "One will refuse" in again
    assert "More offers than places · 2 / 1 · One will refuse" in words(pi.get(address.replace("decision/", "")).text)


def test_those_who_wait_change_places_and_the_next_is_proposed(pi: FlaskClient, three: list[Application]) -> None:
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(places=1))
    for application in three:
        press(pi, f"/en/review/{application.reference}/move/", to="waitlist")
    page = press(pi, f"/en/review/{three[2].reference}/waitlist/", step="earlier")
    assert lane(page, "waitlist") == ["Test 0", "Test 2", "Test 1"]
    page = press(pi, f"/en/review/{three[0].reference}/waitlist/", step="later")
    assert lane(page, "waitlist") == ["Test 2", "Test 0", "Test 1"]
    assert "1 place is left, and somebody waits. Next on the list: Test 2" in words(page)
    page = press(pi, f"/en/review/{three[2].reference}/move/", to="offer")
    assert "Next on the list" not in words(page)
    assert lane(page, "waitlist") == ["Test 0", "Test 1"]
    with transaction() as session:
        release(session, application=three[2], actor=None, now=MORNING)
    move(three[2], "refused")
    assert "Next on the list: Test 0" in words(pi.get(BOARD).text)


def test_the_board_takes_as_many_statements_for_many(pi: FlaskClient, three: list[Application]) -> None:
    numbers = []
    for number in range(2):
        with recorded_statements() as statements:
            assert pi.get(BOARD).status_code == 200
        numbers.append(len(statements))
        apply_with_referees([], key=f"more-{number}", now=MORNING)
        move(db.session.scalars(select(Application).order_by(Application.id)).all()[number], "waitlist")
    assert numbers[0] == numbers[1] <= 30


def test_a_reader_sees_the_board_without_buttons(pi: FlaskClient, app: Flask, three: list[Application]) -> None:
    reader = app.test_client()
    sign_in(reader, Role.REVIEWER)
    page = reader.get(BOARD).text
    assert lane(page, "submitted") == ["Test 0", "Test 1", "Test 2"]
    assert "/move/" not in page
    token = form_token(page)
    answer = reader.post(f"/en/review/{three[0].reference}/move/", data={"csrf_token": token, "to": "screening"})
    assert (answer.status_code, states()[0]) == (404, "submitted")


def test_the_search_says_which(pi: FlaskClient, three: list[Application]) -> None:
    move(three[0], "interview")
    page = pi.get(f"{BOARD}?q=status:interview").text
    assert (lane(page, "submitted"), lane(page, "interview")) == ([], ["Test 0"])
    assert "What was found last is still shown." in words(pi.get(f"{BOARD}?q=nonsense:1").text)


def test_many_are_moved_after_a_dry_run(pi: FlaskClient, three: list[Application]) -> None:
    move(three[2], "screening")
    chosen = [each.reference for each in three]
    page = pi.get("/en/review/bulk/", query_string={"r": chosen}).text
    assert headings(page, "h1") == ["For 3 applications"]
    fields = {"csrf_token": form_token(page), "r": chosen, "action": "move", "to": "screening"}
    page = pi.post("/en/review/bulk/", data=fields, follow_redirects=True).text
    assert headings(page, "h1") == ["Changes 2, skips 1"]
    assert "Test 2: Is there already" in words(page)
    assert states() == ["submitted", "submitted", "screening"]
    run = re.search(r'hreflang="zh[^"]*"[^>]*|href="(/review/bulk/[^"]+)"', page)
    assert run
    address = re.findall(r"/review/bulk/([\w-]+)/", page)[0]
    page = pi.post(f"/en/review/bulk/{address}/", data={"csrf_token": form_token(page)}, follow_redirects=True).text
    assert headings(page, "h1") == ["2 applications were changed"]
    assert states() == ["screening"] * 3
    page = press(pi, f"/en/review/bulk/{address}/undo/")
    assert "Undone: it is as it was before." in words(page)
    assert states() == ["submitted", "submitted", "screening"]


@pytest.mark.parametrize("fields", [{}, {"action": "move"}, {"action": "move", "to": "accepted"}, {"action": "tag"}])
def test_what_cannot_be_chosen_is_asked_again(
    pi: FlaskClient, three: list[Application], fields: dict[str, str]
) -> None:
    token = form_token(pi.get(BOARD).text)
    answer = pi.post("/en/review/bulk/", data={"csrf_token": token, "q": "status:new", **fields})
    assert (answer.status_code, headings(answer.text, "h1")) == (422, ["For 3 applications"])
    assert pi.get("/en/review/bulk/nobody-knows-this/").status_code == 404
