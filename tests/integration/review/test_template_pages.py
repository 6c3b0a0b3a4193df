"""The words of mails: both languages, a mistake at its place, and two people at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group.admissions.models import Application
from s2group.core.permissions import Role
from s2group.evaluation.messages.queries import KEYS, template_of
from s2group.evaluation.releases import services
from tests.support.applying import load_fictional_content
from tests.support.releasing import applicants, decided
from tests.support.staff import form_token, sign_in

OFFER = "/en/review/templates/offer/"
WORDS = {
    "subject_zh": "录取 {reference}",
    "subject_en": "A place {reference}",
    "text_zh": "{name}，你好",
    "text_en": "Dear {name}",
}


@pytest.fixture
def pi(app: Flask, client: FlaskClient) -> FlaskClient:
    load_fictional_content(app)
    sign_in(client, Role.PI)
    return client


def save(client: FlaskClient, **changes: str) -> tuple[int, str]:
    token = form_token(client.get(OFFER).text)
    answer = client.post(OFFER, data={"csrf_token": token, **WORDS, "seen": "0", **changes})
    return answer.status_code, answer.text


def test_new_words_are_those_of_the_next_mail(pi: FlaskClient) -> None:
    assert save(pi)[0] == 303
    assert "version 1" in pi.get(OFFER).text
    [application] = applicants(1)
    [message] = services.decision_messages([decided(application, "offer")])
    assert (message.subject, message.text) == (f"A place {application.reference}", "Dear 测试·0")
    assert message.template_version == 1


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("text_en", "Dear\n {nmae}", "Line 2, character 2: there is no field {nmae}"),
        ("subject_zh", "{}", "Line 1, character 1: there is no field {}"),
        ("text_zh", "", "Write what the mail says"),
    ],
)
def test_a_mistake_is_said_at_its_place_and_nothing_lost(pi: FlaskClient, field: str, text: str, says: str) -> None:
    status, page = save(pi, **{field: text})
    assert (status, says in page, "你好" in page or field == "text_zh") == (422, True, True)
    assert template_of("offer").version == 0


def test_who_comes_second_overwrites_nobody(pi: FlaskClient) -> None:
    assert save(pi, text_en="The first")[0] == 303
    status, page = save(pi, text_en="The second")
    assert (status, "The first" in page, "The second" in page) == (422, True, True)
    assert template_of("offer").text.en == "The first"


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_has_a_page(pi: FlaskClient, key: str) -> None:
    assert pi.get(f"/review/templates/{key}/").status_code == 200
    assert pi.get("/review/templates/nonsense/").status_code == 404


def test_the_last_day_of_an_offer_is_filled_in(pi: FlaskClient) -> None:
    application: Application = decided(applicants(1)[0], "offer")
    [message] = services.decision_messages([application])
    assert "Answer by: no last day" in message.text
