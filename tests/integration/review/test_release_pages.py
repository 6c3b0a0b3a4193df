"""The pages of releases: what waits, every mail before it goes, and who may let it go."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group.core.permissions import Role
from s2group.evaluation.releases import services
from tests.support.applying import load_fictional_content
from tests.support.changing import mails
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.releasing import NOW, applicants, decided, releaser
from tests.support.staff import form_token, sign_in

RELEASES = "/en/review/releases/"


@pytest.fixture
def pi(app: Flask, client: FlaskClient) -> FlaskClient:
    load_fictional_content(app)
    sign_in(client, Role.PI)
    return client


def words(page: str) -> str:
    return " ".join(unescape(page).split())


def press(client: FlaskClient, address: str, **fields: object) -> str:
    """Press a button of the page, and where that leads."""
    answer = client.post(address, data={"csrf_token": form_token(client.get(address).text), **fields})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_from_the_decisions_to_the_mails_and_back(pi: FlaskClient) -> None:
    assert "Every decision has been told." in words(pi.get(RELEASES).text)
    first, second, third = [
        decided(each, to) for each, to in zip(applicants(3), ("offer", "offer", "declined"), strict=True)
    ]
    assert "Nobody was chosen." in words(pi.get(press(pi, RELEASES)).text)
    chosen = [first.reference, second.reference, third.reference]
    release = press(pi, RELEASES, reference=chosen)
    shown = words(pi.get(release).text)
    assert headings(pi.get(release).text, "h1") == ["Release 3 messages"]
    assert "3 mails to 3 applicants: Offer 2, Declined 1" in shown
    one = f"{release}{first.reference}/"
    assert press(pi, f"{release}{second.reference}/", action="hold_back").endswith(f"{second.reference}/")
    press(pi, one, subject="A place for you", text="Dear <you>")
    page = pi.get(one).text
    assert '<pre class="letter" lang="en">' in page
    assert "Dear <you>" in unescape(page) and "Dear <you>" not in page
    assert "2 mails to 2 applicants" in words(pi.get(release).text)
    assert press(pi, release, action="go") == release
    assert "left to take it back" in words(pi.get(release).text)
    assert "is in a release that waits" in words(pi.get(RELEASES).text)
    assert press(pi, release, action="take_back") == release
    assert "Taken back: nobody has heard of it." in words(pi.get(release).text)
    press(pi, release, action="go")
    assert mails("decision_told") == []


def test_bad_words_are_kept_and_said(pi: FlaskClient) -> None:
    [application] = applicants(1)
    write = f"/en/review/{application.reference}/write/"
    token = form_token(pi.get(write).text)
    answer = pi.post(write, data={"csrf_token": token, "subject": " ", "text": "kept as typed"})
    assert (answer.status_code, "kept as typed" in answer.text, "Write a subject" in answer.text) == (422, True, True)
    release = press(pi, write, subject="Your grades", text="Send them.")
    assert headings(pi.get(release).text, "h1") == ["Release 1 message"]
    one = f"{release}{application.reference}/"
    answer = pi.post(one, data={"csrf_token": token, "subject": "x" * 201, "text": "kept as typed"})
    assert (answer.status_code, "kept as typed" in answer.text) == (422, True)
    assert pi.post(release, data={"csrf_token": token, "action": "nonsense"}).status_code == 400


def test_a_route_of_somebody_else_is_not_there(pi: FlaskClient, app: Flask) -> None:
    [application] = applicants(1)
    release = press(pi, f"/en/review/{application.reference}/write/", subject="Your grades", text="Send them.")
    other = app.test_client()
    sign_in(other, Role.REVIEWER)
    for address in (
        RELEASES,
        release,
        f"{release}{application.reference}/",
        f"/en/review/{application.reference}/write/",
    ):
        assert other.get(address).status_code == 404


def test_the_number_of_statements_does_not_grow(pi: FlaskClient) -> None:
    addresses, counts = [], []
    everybody = applicants(3)
    for some in (everybody[:1], everybody):
        messages = services.free_messages(some, services.free_template())
        addresses.append(f"{RELEASES}{services.prepare(messages=messages, actor=releaser(), now=NOW).key}/")
    for address in addresses:
        with recorded_statements() as statements:
            pi.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1]
