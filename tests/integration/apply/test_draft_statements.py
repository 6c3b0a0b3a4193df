"""How often the pages of a draft ask the database: once for each thing that they show."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute
from s2group.admissions.services import drafts
from s2group.core import clock
from s2group.documents.services import take_upload
from s2group.extensions import db
from tests.support.applying import hidden_fields, load_fictional_content, pdf
from tests.support.queries import recorded_statements

KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
DRAFT = f"/en/apply/draft/{KEY}/"
ANSWERS = {"name": "Test Applicant", "email": "applicant@example.org", "research_line": "synthesis"}


@pytest.fixture
def draft(app: Flask) -> None:
    """A draft with answers and a file."""
    load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first() or pytest.fail()
    begun = drafts.start_draft(route=route, key=KEY, answers=ANSWERS, locale="en", now=clock.now())
    stream, name = pdf()
    document = take_upload(stream=stream, original_name=name, now=clock.now())
    drafts.attach(draft=begun, kind="resume", document=document, now=clock.now())


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize(
    ("step", "count"),
    [("", 9), ("about/", 7), ("research/", 7), ("files/", 7), ("check/", 8), ("elsewhere/", 6), ("email/", 4)],
)
def test_a_page_asks_once_for_each_thing(client: FlaskClient, step: str, count: int) -> None:
    with recorded_statements() as statements:
        client.get(DRAFT + step)
    assert len(statements) == count, statements
    assert len(set(statements)) == count


@pytest.mark.usefixtures("draft")
def test_saving_asks_once_for_each_thing(client: FlaskClient) -> None:
    hidden = hidden_fields(client.get(DRAFT + "about/").text)
    with recorded_statements() as statements:
        client.post(DRAFT + "about/", data=hidden | ANSWERS)
    assert len(statements) == 19, statements
