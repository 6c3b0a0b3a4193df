"""Going on with a draft in another browser: a link that is shown once and works once."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute, Draft
from s2group.admissions.services import drafts
from s2group.admissions.services.links import follow_link
from s2group.apply.views import handoff
from s2group.core import clock
from s2group.extensions import db
from s2group.graphics.qr import qr_code
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import LIFETIMES, Purpose
from tests.support.applying import hidden_fields, load_fictional_content

KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
PAGE = f"/en/apply/draft/{KEY}/elsewhere/"
LINK = re.compile(r'id="link">(http://127\.0\.0\.1:8000/en/apply/continue/([\w-]{32})/)<')


@pytest.fixture(autouse=True)
def draft(app: Flask) -> Draft:
    load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute)).first()
    assert route
    return drafts.start_draft(route=route, key=KEY, answers={}, locale="en", now=clock.now())


def make_link(client: FlaskClient, **how: str) -> tuple[str, str, str]:
    """The answer to the button, the link on it and its token."""
    page = client.post(PAGE, data=hidden_fields(client.get(PAGE, **how).text), **how).text
    found = LINK.search(page)
    assert found
    return page, found[1], found[2]


def links() -> list[Link]:
    return list(db.session.scalars(select(Link)))


def test_nothing_is_made_before_it_is_asked_for(client: FlaskClient) -> None:
    page = client.get(PAGE)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "/apply/continue/" not in page.text
    assert '<svg class="qr"' not in page.text
    assert links() == []


def test_the_link_is_shown_as_text_and_as_a_code(client: FlaskClient) -> None:
    page, link, _ = make_link(client)
    assert str(qr_code(link, label="QR code of the link")) in page
    assert page.count(str(escape(link))) == 1
    assert LINK.search(client.get(PAGE).text) is None


def test_the_link_leads_to_the_draft_once_and_within_the_hour(client: FlaskClient, draft: Draft) -> None:
    _, _, token = make_link(client)
    now = clock.now()
    link = find(token, Purpose.HANDOFF, now=now)
    assert link
    assert link.subject == draft.key
    assert find(token, Purpose.HANDOFF, now=now + LIFETIMES[Purpose.HANDOFF]) is None
    assert follow_link(token=token, now=now) is draft
    assert find(token, Purpose.HANDOFF, now=now) is None


def test_the_token_is_kept_nowhere(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    page, _, token = make_link(client)
    assert token not in str([vars(link) for link in links()])
    assert token not in "".join(capsys.readouterr())
    answer = client.post(PAGE, data=hidden_fields(page))
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    assert token not in answer.text
    assert len(links()) == 2


def test_an_ended_session_makes_no_link(client: FlaskClient) -> None:
    answer = client.post(PAGE, data={"csrf_token": "ended"})
    assert answer.status_code == 422
    assert "Your session had ended; nothing was sent yet. Press the button again." in answer.text
    assert links() == []


def test_over_https_no_referrer_is_needed(client: FlaskClient) -> None:
    """The page withholds it."""
    make_link(client, base_url="https://localhost")
    assert len(links()) == 1


def test_a_draft_that_is_not_there_is_handed_to_nobody(client: FlaskClient) -> None:
    data = hidden_fields(client.get(PAGE).text)
    assert client.post(PAGE.replace("kkk/", "xxx/"), data=data).status_code == 404
    assert links() == []


def test_a_draft_that_is_sent_in_between_leads_on(
    client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_: object) -> str:
        raise drafts.DraftGoneError(draft.id)

    data = hidden_fields(client.get(PAGE).text)
    monkeypatch.setattr(handoff, "hand_over", gone)
    answer = client.post(PAGE, data=data)
    assert (answer.status_code, answer.location) == (303, PAGE)
