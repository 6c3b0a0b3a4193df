"""What an applicant is given for an application."""

from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.admissions.models import Call, RequirementSet
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import (
    MORNING,
    RESUME,
    applications,
    apply,
    hidden_fields,
    load_fictional_content,
    opened_form,
    pdf,
    send,
    the_application,
)
from tests.support.changing import change, mails
from tests.support.headings import headings, text_of
from tests.support.pdf import make_pdf


@pytest.fixture
def call(app: Flask) -> Call:
    load_fictional_content(app)
    return db.session.scalars(select(Call)).one()


def test_the_receipt_says_what_was_received_and_what_comes_next(client: FlaskClient, call: Call) -> None:
    response = client.get(apply(client, resume=pdf(name="张三 简历.pdf"), cet4="441").location)
    words, application = text_of(response.text), the_application()
    assert response.status_code == 200
    for part in (
        application.reference,
        f"张三 简历.pdf · 1.1 kB SHA-256 {sha256(RESUME).hexdigest()}",
        "(UTC+8)",
        "answers by e-mail within 14 days",
        "CET-4 441 of 710: 16 above the line of 425.",
    ):
        assert part in words
    assert application.submitted_at.isoformat() in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


def test_the_receipt_shows_the_outcomes_of_that_day(client: FlaskClient, call: Call) -> None:
    location = apply(client, cet4="441").location
    route = the_application().route
    newer = [
        requirement | {"minimum": 500} if requirement["key"] == "cet4" else requirement
        for requirement in route.requirement_sets[0].requirements
    ]
    with transaction() as session:
        session.add(RequirementSet(route_id=route.id, version=2, requirements=newer, created_at=MORNING))
    assert "16 above the line of 425." in text_of(client.get(location).text)


def test_the_receipt_has_both_languages(client: FlaskClient, call: Call) -> None:
    location = apply(client).location
    assert "四级不低于 425 分" in client.get(location.removeprefix("/en")).text


@pytest.mark.parametrize(
    "reference", ["7K3M-Q0ZT-9XHB-4WPD", "nonsense", "%00", "7K3M-Q0ZT-9XHB-4WP%00", "x" * 5000, "..", "%F0%9F%98%80"]
)
def test_a_reference_that_there_is_not_is_a_page_that_does_not_exist(
    client: FlaskClient, call: Call, reference: str
) -> None:
    assert client.get(f"/en/apply/received/{reference}/").status_code == 404


def receipt_of(client: FlaskClient, response: TestResponse) -> str:
    return text_of(client.get(response.location).text)


def test_a_mistyped_address_is_asked_about_before_anything_is_sent(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    hidden = opened_form(client)
    response = send(client, hidden, email="qian@gmial.com")
    assert (response.status_code, applications()) == (422, 0)
    assert "You typed qian@gmial.com. Did you mean qian@gmail.com?" in text_of(response.text)
    again = hidden_fields(response.text)
    assert again["email_asked"] == "qian@gmial.com"
    sent = send(client, again, email="qian@gmial.com", use_suggested="y")
    assert the_application().email == "qian@gmail.com"
    assert "E-mail address qian@gmail.com" in receipt_of(client, sent)
    assert "qian@gmail.com" not in receipt_of(app.test_client(), sent)


def test_an_address_that_is_meant_as_it_looks_is_asked_about_once(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    response = send(client, opened_form(client), email="qian@gmial.com")
    assert send(client, hidden_fields(response.text), email="qian@gmial.com").status_code == 303
    assert the_application().email == "qian@gmial.com"


def test_the_second_application_of_an_address_tells_its_mailbox_of_the_first(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    apply(client)
    first = the_application().reference
    stranger = app.test_client()
    seconds = [apply(browser, email="Applicant@example.org", resume=pdf(make_pdf(str(number))))
               for number, browser in enumerate((client, stranger))]  # fmt: skip
    words = f"You have sent another application to this call: {first}. Both are kept"
    assert words in receipt_of(client, seconds[0])
    assert first not in receipt_of(stranger, seconds[1])
    told = [first in mail.text and first in mail.html for mail in mails("application_confirmation")]
    assert told == [True, True, True]
    assert ["earlier application" in mail.text for mail in mails("application_confirmation")] == [False, True, True]


def test_the_receipt_of_a_change_says_which_version_came(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    sent = apply(client)
    change(the_application(), {"cet4": 500})
    page = client.get(sent.location).text
    assert headings(page, "h1") == ["Version 2 of your application received"]
    assert "Version 2 received 3 September 2026, 14:06 (UTC+8)" in text_of(page)
