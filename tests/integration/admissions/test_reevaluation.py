"""Requirements that have changed: whom that concerns, and judging applications again."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.accounts.queries import user_by_email
from s2group.admissions.models import AdmissionRoute, Application, RequirementSet
from s2group.admissions.queries import routes_of_all_calls
from s2group.admissions.services.reevaluation import OutdatedPreviewError, previews, reevaluate
from s2group.audit.rules import Reevaluated, VerdictChange
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content, pdf
from tests.support.headings import headings, text_of
from tests.support.moving import move
from tests.support.pdf import make_pdf
from tests.support.queries import recorded_statements
from tests.support.rulings import LATER, change, exemption_route, three_applicants, verdict
from tests.support.staff import add_staff, form_token, sign_in

PAGE = "/en/review/requirements/"
AGAIN = f"{PAGE}fictional-call/recommended-exemption-master/"


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    return exemption_route()


@pytest.fixture
def applicants(client: FlaskClient, route: AdmissionRoute) -> dict[str, Application]:
    return three_applicants(client)


def flips(route: AdmissionRoute) -> dict[str, list[tuple[str, Any, Any]]]:
    """By name of the applicant: key, old and new verdict."""
    return {
        ruling.application.name: [(flip.key, flip.before, flip.after) for flip in ruling.verdict_changes]
        for preview in previews([route])
        for ruling in preview.rulings
    }


def test_without_a_change_there_is_nothing_to_judge(route: AdmissionRoute, applicants: dict[str, Application]) -> None:
    assert previews([route]) == []
    assert reevaluate(route=route, version=1, actor=None, now=LATER) is None


def test_a_preview_says_whom_the_change_concerns_and_changes_nothing(
    route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    change(route)
    assert flips(route) == {"Test 441": [], "Test 428": [("cet4", "met", "not_met")], "Test 420": []}
    [preview] = previews([route])
    assert [ruling.application.name for ruling in preview.flipped] == ["Test 428"]
    assert verdict(applicants["Test 428"]) == "met"


def test_a_requirement_that_is_no_longer_asked_is_a_change_too(
    route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    change(route, minimum=425, without="neural_network")
    assert set(map(tuple, flips(route).values())) == {(("neural_network", "unknown", None),)}


def test_documents_count_when_judging_again(client: FlaskClient, route: AdmissionRoute) -> None:
    apply(client, name="Test With", transcript=pdf(make_pdf("grades")), resume=pdf(make_pdf("with")))
    apply(client, name="Test Without", resume=pdf(make_pdf("without")))
    asked = {"key": "grades", "kind": "document", "level": "required", "document": "transcript",
             "wording": {"zh": "成绩单", "en": "Transcript"}}  # fmt: skip
    with transaction() as session:
        session.add(RequirementSet(route_id=route.id, version=2, requirements=[asked], created_at=LATER))
    found = {name: changed[0] for name, changed in flips(route).items()}
    assert found == {"Test With": ("grades", None, "met"), "Test Without": ("grades", None, "not_met")}


def test_judging_again_writes_outcomes_version_and_history(
    route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    add_staff(Role.PI)
    actor = user_by_email("pi@example.org")
    change(route)
    done = reevaluate(route=route, version=2, actor=actor, now=LATER)
    assert done is not None
    assert len(done.rulings) == 3
    application = applicants["Test 428"]
    assert verdict(application) == "not_met"
    assert application.requirement_set.version == 2
    event = application.events[-1]
    assert (event.details, event.at, event.actor_id) == (
        Reevaluated(1, 2, (VerdictChange("cet4", "met", "not_met"),)), LATER, actor and actor.id,
    )  # fmt: skip
    assert applicants["Test 441"].events[-1].details == Reevaluated(1, 2)
    assert previews([route]) == []


def test_what_is_decided_stays_as_it_was_judged(route: AdmissionRoute, applicants: dict[str, Application]) -> None:
    change(route)
    for state in ("offer", "declined", "withdrawn", "interview"):
        move(applicants["Test 428"], state, release=False)
        assert ("Test 428" in flips(route)) is (state == "interview"), state


def test_only_the_route_that_changed_is_judged_again(
    client: FlaskClient, route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    assert apply(client, name="Test Exam", route="national-exam-master", resume=pdf(make_pdf("x"))).status_code == 303
    change(route)
    assert [preview.route.key for preview in previews(routes_of_all_calls())] == ["recommended-exemption-master"]
    reevaluate(route=route, version=2, actor=None, now=LATER)
    versions = {each.name: each.requirement_set.version for each in db.session.scalars(select(Application))}
    assert versions == {"Test 441": 2, "Test 428": 2, "Test 420": 2, "Test Exam": 1}


def test_a_preview_that_is_out_of_date_changes_nothing(
    route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    change(route)
    change(route, minimum=400, version=3)
    with pytest.raises(OutdatedPreviewError):
        reevaluate(route=route, version=2, actor=None, now=LATER)
    assert verdict(applicants["Test 428"]) == "met"
    assert flips(route) == {"Test 441": [], "Test 428": [], "Test 420": [("cet4", "not_met", "met")]}


def test_an_error_on_the_way_changes_nobody(
    route: AdmissionRoute, applicants: dict[str, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(route)
    judged: list[object] = []

    def fail(*arguments: Any) -> None:
        judged.append(arguments)
        if len(judged) == 3:
            raise RuntimeError

    monkeypatch.setattr("s2group.admissions.services.reevaluation._judge", fail)
    with pytest.raises(RuntimeError):
        reevaluate(route=route, version=2, actor=None, now=LATER)
    assert [each.requirement_set.version for each in db.session.scalars(select(Application))] == [1, 1, 1]


def test_the_page_shows_the_change_and_applies_it(
    client: FlaskClient, route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    sign_in(client, Role.PI)
    assert "There is nothing to do" in client.get(PAGE).text
    change(route)
    assert f'href="{AGAIN}"' in client.get(PAGE).text
    page = client.get(AGAIN).text
    assert headings(page, "h1") == ["Judge applications again?"]
    assert headings(page, "h2") == ["Master's by recommended exemption"]
    assert "This flips 1 application of 3 that older requirements judged." in text_of(page)
    assert "Test 428 CET-4 of 430 or more: Met → Not met" in text_of(page)
    assert "：符合 → 未达到" in text_of(client.get(AGAIN.removeprefix("/en")).text)
    response = client.post(AGAIN, data={"csrf_token": form_token(page), "version": "2"})
    assert (response.status_code, response.location) == (303, PAGE)
    assert "Judged again. The history of each application says what changed." in client.get(PAGE).text
    assert verdict(applicants["Test 428"]) == "not_met"
    history = text_of(client.get(f"/en/review/{applicants['Test 428'].reference}/").text)
    assert "Judged again · 1 → 2 · CET-4 of 430 or more: Met → Not met · pi" in history


@pytest.mark.parametrize("version", ["1", "3", "", "x"])
def test_a_page_that_is_out_of_date_changes_nothing(
    client: FlaskClient, route: AdmissionRoute, applicants: dict[str, Application], version: str
) -> None:
    sign_in(client, Role.PI)
    change(route)
    token = form_token(client.get(PAGE).text)
    client.post(AGAIN, data={"csrf_token": token, "version": version})
    assert "Nothing was changed: the requirements have changed once more." in client.get(PAGE).text
    assert verdict(applicants["Test 428"]) == "met"


def test_a_reviewer_sees_the_change_and_cannot_apply_it(
    client: FlaskClient, route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    sign_in(client, Role.REVIEWER)
    change(route)
    page = client.get(PAGE).text
    assert "Test 428" in page
    assert "fictional-call/recommended-exemption-master" not in page
    assert client.post(AGAIN, data={"csrf_token": form_token(page), "version": "2"}).status_code == 404
    assert verdict(applicants["Test 428"]) == "met"


def test_a_route_that_there_is_not_is_a_page_that_does_not_exist(client: FlaskClient, route: AdmissionRoute) -> None:
    sign_in(client, Role.PI)
    token = form_token(client.get(PAGE).text)
    for path in ("no-such-call/postdoc/", "fictional-call/no-such-route/"):
        assert client.post(PAGE + path, data={"csrf_token": token, "version": "1"}).status_code == 404


def test_a_preview_takes_the_same_queries_however_many_applied(client: FlaskClient, route: AdmissionRoute) -> None:
    change(route)
    first = route.requirement_sets[-1].id
    counts = []
    for number in range(3):
        apply(client, name=f"Test {number}", resume=pdf(make_pdf(f"{number}")))
        with transaction() as session:
            session.execute(update(Application).values(requirement_set_id=first))
        with recorded_statements() as statements:
            [preview] = previews(routes_of_all_calls())
            assert len(preview.rulings) == number + 1
        counts.append(len([statement for statement in statements if statement.startswith("SELECT")]))
    assert counts == [4, 4, 4]
