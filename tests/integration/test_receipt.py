"""What an applicant is given for an application."""

from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.admissions.models import Call, RequirementSet
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import (
    MORNING,
    RESUME,
    apply,
    load_fictional_content,
    pdf,
    the_application,
)
from tests.support.headings import text_of


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
        requirement | {"line": 500} if requirement["key"] == "cet4" else requirement
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
