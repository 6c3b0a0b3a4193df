"""Résumés are compared with their forms by the worker, and a reader notes what was checked."""

from flask import Flask
from flask.testing import FlaskClient

from s2group.audit.rules import DifferenceChecked
from s2group.core.permissions import Role
from s2group.documents.pages import draw_wanted
from s2group.evaluation.cross_check.jobs import check_resumes
from s2group.evaluation.cross_check.queries import cross_check_of
from tests.support.applying import MORNING, apply, load_fictional_content, pdf, the_application
from tests.support.changing import change
from tests.support.pdf import make_pdf
from tests.support.staff import form_token, sign_in

SAYS_593 = make_pdf("CV of a Test Applicant, CET-4: 593")


def compare() -> int:
    """How many were; the first round asks for the text of what is new."""
    before = check_resumes(now=MORNING)
    draw_wanted()
    return before + check_resumes(now=MORNING)


def sent(app: Flask, client: FlaskClient) -> str:
    load_fictional_content(app)
    apply(client, cet4="539", resume=pdf(SAYS_593))
    assert compare() == 1
    return the_application().reference


def test_a_difference_is_shown_until_somebody_has_checked_it(app: Flask, client: FlaskClient) -> None:
    reference = sent(app, client)
    sign_in(client, Role.REVIEWER)
    page = client.get(f"/en/review/{reference}/").text
    assert "CET-4: the form says 539, the résumé 593" in page
    token = {"csrf_token": form_token(page), "field": "cet4"}
    assert client.post(f"/en/review/{reference}/differences/", data=token).status_code == 303
    assert "the form says 539" not in client.get(f"/en/review/{reference}/").text
    assert the_application().events[-1].details == DifferenceChecked("cet4", "539", "593")


def test_what_was_checked_stays_so_in_a_new_version_that_says_the_same(app: Flask, client: FlaskClient) -> None:
    reference = sent(app, client)
    sign_in(client, Role.REVIEWER)
    token = {"csrf_token": form_token(client.get(f"/en/review/{reference}/").text), "field": "cet4"}
    client.post(f"/en/review/{reference}/differences/", data=token)
    change(the_application(), answers={"name": "Test Applicant Two"})
    assert cross_check_of(the_application()) is None
    assert compare() == 1
    again = cross_check_of(the_application())
    assert again
    assert (again.version, again.unchecked, again.differences) == (2, 0, [])
    assert compare() == 0


def test_a_resume_without_text_is_said_to_have_none(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    apply(client, resume=pdf(make_pdf("")))
    assert compare() == 1
    found = cross_check_of(the_application())
    assert found
    assert not found.has_text
