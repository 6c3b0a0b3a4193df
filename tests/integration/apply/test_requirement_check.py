"""The requirement check: which route suits somebody, and how the answers go on into an application."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import AdmissionRoute, Call, Draft, RequirementSet
from s2group.core import clock
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import MORNING, applications, apply, hidden_fields, load_fictional_content
from tests.support.headings import headings, text_of
from tests.support.queries import recorded_statements

CHECK = "/en/admissions/check/"
ONE = f"{CHECK}?route=recommended-exemption-master"
EXEMPTION, EXAM = "Master's by recommended exemption", "Master's by national entrance exam"
PHD, ASSISTANT = "PhD by application and assessment", "Undergraduate research assistant"
POSTDOC = "Postdoctoral researcher"


@pytest.fixture(autouse=True)
def loaded(app: Flask) -> None:
    load_fictional_content(app)


def check(client: FlaskClient, path: str = CHECK, **answers: object) -> str:
    """The page with the result."""
    hidden = hidden_fields(client.get(path).text)
    response = client.post(path, data={**hidden, **answers})
    assert response.status_code == 200, response.text
    return response.text


def asked(page: str) -> set[str]:
    main = page.partition("<main")[2].partition("</main>")[0]
    return set(re.findall(r' name="([^"]+)"', main)) - {"csrf_token"}


def part_of(page: str, title: str) -> str:
    """What the result says to one of several routes."""
    [section] = [each for each in page.split("<section")[1:] if headings(each, "h2")[:1] == [title]]
    return section.partition("</section>")[0]


def test_the_check_asks_what_any_route_looks_at(client: FlaskClient) -> None:
    everything = {
        "exemption_status", "cet4", "cet4_status", "cet6", "cet6_status", "ielts", "toefl", "neural_network",
        "papers_top_three", "declared",
    }  # fmt: skip
    assert asked(client.get(CHECK).text) == everything | {"weekly_hours"}
    assert asked(client.get(ONE).text) == everything | {"route"}
    assert asked(client.get(f"{CHECK}?route=research-assistant").text) == {"route", "neural_network", "weekly_hours"}


def test_what_several_routes_ask_to_declare_is_asked_once(client: FlaskClient) -> None:
    first, second = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id).limit(2))
    shared = first.requirement_sets[0].requirements
    with transaction() as session:
        session.add(RequirementSet(route_id=second.id, version=2, requirements=shared, created_at=MORNING))
    assert client.get(CHECK).text.count('value="foundations"') == 1


def test_the_check_says_what_the_answers_mean_and_stores_nothing(client: FlaskClient) -> None:
    with recorded_statements() as statements:
        page = check(client, ONE, exemption_status="expected", cet4="410", declared="foundations")
    words = text_of(page)
    assert headings(page, "h1") == ["What your answers say"]
    assert "Met: 1. Not met: 1. Unknown: 6." in words
    assert "CET-4 of 425 or more Not met Preferred · CET-4 410 of 710: 15 short of the line of 425." in words
    assert "Holds the quota Unknown Required · Expects the quota; to be confirmed" in words
    assert [statement for statement in statements if not statement.lstrip().startswith(("SELECT", "BEGIN"))] == []
    assert applications() == 0


@pytest.mark.parametrize(
    ("answers", "order"),
    [
        ({}, [EXEMPTION, EXAM, PHD, ASSISTANT, POSTDOC]),
        ({"exemption_status": "has", "cet4": "441"}, [EXAM, EXEMPTION, PHD, ASSISTANT, POSTDOC]),
        ({"exemption_status": "no", "declared": "exam_promise"}, [EXAM, PHD, ASSISTANT, POSTDOC, EXEMPTION]),
        ({"weekly_hours": "10", "neural_network": "yes"}, [ASSISTANT, EXEMPTION, EXAM, PHD, POSTDOC]),
        ({"weekly_hours": "2"}, [EXEMPTION, EXAM, PHD, POSTDOC, ASSISTANT]),
    ],
)
def test_the_best_fit_comes_first(client: FlaskClient, answers: dict[str, str], order: list[str]) -> None:
    page = check(client, **answers)
    assert headings(page, "h2")[:5] == order


def test_each_route_has_its_own_result(client: FlaskClient) -> None:
    page = check(client, weekly_hours="10", neural_network="yes", cet4="441", papers_top_three="1")
    assert "Met: 2. Not met: 0. Unknown: 0." in text_of(part_of(page, ASSISTANT))
    assert "Met: 1. Not met: 0. Unknown: 1." in text_of(part_of(page, EXAM))
    assert "Met: 3. Not met: 0. Unknown: 5." in text_of(part_of(page, EXEMPTION))
    assert "Met: 1. Not met: 0. Unknown: 2." in text_of(part_of(page, PHD))


def test_what_would_stop_an_application_is_named(client: FlaskClient) -> None:
    route = db.session.scalars(select(AdmissionRoute).filter_by(key="research-assistant")).one()
    stricter = [each | {"level": "blocking"} for each in route.requirement_sets[0].requirements]
    with transaction() as session:
        session.add(RequirementSet(route_id=route.id, version=2, requirements=stricter, created_at=MORNING))
    page = check(client, weekly_hours="2")
    assert headings(page, "h2")[4] == ASSISTANT
    assert "Needed to apply Not met: Eight hours a week or more" in text_of(part_of(page, ASSISTANT))
    assert "Needed to apply Not met" not in text_of(part_of(page, POSTDOC))


def test_the_check_takes_a_form_without_answers(client: FlaskClient) -> None:
    assert "Met: 0. Not met: 0. Unknown: 8." in text_of(check(client, ONE))


def test_the_check_keeps_what_was_typed(client: FlaskClient) -> None:
    token = hidden_fields(client.get(CHECK).text)["csrf_token"]
    wrong = client.post(CHECK, data={"csrf_token": token, "cet4": "a lot", "cet6": "430"})
    assert wrong.status_code == 422
    assert "<title>Error: Which route suits me?" in wrong.text
    assert 'value="a lot"' in wrong.text
    assert 'value="430"' in wrong.text


def test_an_ended_session_does_not_empty_the_check(client: FlaskClient) -> None:
    response = client.post(CHECK, data={"cet4": "430"})
    assert response.status_code == 422
    assert "Your session had ended; nothing was sent yet. Press the button again." in response.text
    assert 'value="430"' in response.text


def test_a_check_that_comes_too_late_is_refused(client: FlaskClient) -> None:
    token = hidden_fields(client.get(CHECK).text)["csrf_token"]
    with transaction() as session:
        session.execute(update(Call).values(closes_at=clock.now()))
    assert client.post(CHECK, data={"csrf_token": token}).status_code == 409


def test_the_check_goes_by_the_newest_requirements(client: FlaskClient) -> None:
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id).limit(1)).one()
    newer = [
        requirement | {"minimum": 500} if requirement["key"] == "cet4" else requirement
        for requirement in route.requirement_sets[0].requirements
    ]
    with transaction() as session:
        session.add(RequirementSet(route_id=route.id, version=2, requirements=newer, created_at=MORNING))
    assert "CET-4 441 of 710: 59 short of the line of 500." in text_of(check(client, ONE, cet4="441"))


def carried(page: str) -> dict[str, list[str]]:
    """What the button of a result sends."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    return found


def test_the_answers_go_on_into_the_application(client: FlaskClient) -> None:
    declared = ["foundations", "exam_promise"]
    page = check(client, exemption_status="has", cet4="４４１", cet6_status="awaited", papers_top_three="2",
                 weekly_hours="10", declared=declared)  # fmt: skip
    data = carried(part_of(page, EXEMPTION))
    assert data["declared"] == declared
    response = client.post("/en/apply/", data=data)
    draft = db.session.scalars(select(Draft)).one()
    assert (response.status_code, response.location) == (303, f"/en/apply/draft/{draft.key}/")
    assert (draft.route.key, draft.key) == ("recommended-exemption-master", data["form_key"][0])
    assert draft.answers == {
        "exemption_status": "has", "cet4": 441, "cet6": "awaited", "papers_top_three": 2, "declared": ["foundations"],
    }  # fmt: skip
    studies = client.get(f"/en/apply/draft/{draft.key}/studies/").text
    assert re.search(r'<input[^>]*checked[^>]*value="has"|value="has"[^>]*checked', studies)


def test_only_what_the_chosen_route_asks_goes_on(client: FlaskClient) -> None:
    page = check(client, exemption_status="has", cet4="441", weekly_hours="10", neural_network="yes")
    client.post("/en/apply/", data=carried(part_of(page, ASSISTANT)))
    draft = db.session.scalars(select(Draft)).one()
    assert draft.answers == {"weekly_hours": 10, "neural_network": "yes"}


def test_a_number_of_papers_stands_for_no_list_of_them(client: FlaskClient) -> None:
    page = check(client, papers_top_three="1", declared="masters_degree")
    client.post("/en/apply/", data=carried(part_of(page, PHD)))
    assert db.session.scalars(select(Draft)).one().answers == {"declared": ["masters_degree"]}


def test_answers_that_were_tampered_with_are_left_behind(client: FlaskClient) -> None:
    data = carried(part_of(check(client, cet4="441", ielts="6.5"), EXEMPTION))
    client.post("/en/apply/", data=data | {"cet4": ["9999"], "exemption_status": ["perhaps"]})
    assert db.session.scalars(select(Draft)).one().answers == {"ielts": 6.5}


def test_the_number_of_queries_does_not_grow(client: FlaskClient) -> None:
    counts = []
    for _ in range(2):
        apply(client)
        with recorded_statements() as statements:
            check(client, cet4="441")
        counts.append(len(statements))
    assert counts[0] == counts[1]
