"""What a route asks for, as its editor changes it: tried, seen, and only then saved."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.queries import current_requirements
from s2group.admissions.services.call_files import load_calls
from s2group.audit.models import Event
from s2group.audit.rules import Kind, Reevaluated, RequirementsChanged, VerdictChange
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content, pdf
from tests.support.forms import as_shown
from tests.support.headings import text_of
from tests.support.moving import move
from tests.support.pdf import make_pdf
from tests.support.rulings import exemption_route, three_applicants, verdict
from tests.support.staff import MORNING, sign_in

PATH = "/en/editor/calls/fictional-call/routes/recommended-exemption-master/requirements/"
# The numbers of the entries as the file has them.
CET4, PAPERS = "r6", "r8"


@pytest.fixture
def pi(app: Flask) -> FlaskClient:
    """A client signed in as the PI."""
    load_fictional_content(app)
    client = app.test_client()
    sign_in(client, Role.PI)
    return client


def send(client: FlaskClient, do: str, page: str = "", path: str = PATH, **typed: str) -> TestResponse:
    """Press a button of the form as it stands on its page, but for what is typed."""
    return client.post(path, data={**as_shown(page or client.get(path).text), **typed, "do": do})


def asked(key: str = "cet4") -> dict[str, Any]:
    """A requirement as the newest version has it."""
    db.session.rollback()
    newest = current_requirements(exemption_route()).requirements
    return next(table for table in newest if table["key"] == key)


def version() -> int:
    db.session.rollback()
    return current_requirements(exemption_route()).version


def test_whom_a_change_flips_is_seen_before_it_is_saved_and_who_waits_is_judged_again(
    app: Flask, pi: FlaskClient
) -> None:
    applicants = three_applicants(app.test_client())
    move(applicants["Test 441"], "interview", release=False)
    response = send(pi, "look", **{f"{CET4}-minimum": "450"})
    said = text_of(response.text)
    assert (response.status_code, version()) == (200, 1)
    assert "2 people no longer meet it" in said
    assert "1 person stays as before" in said
    assert "Test 428 CET-4 of 450 or more CET-4 428 of 710: 22 short of the line of 450." in said
    assert "Met → Not met Interview keeps its outcome" in said
    assert response.text.count("</tr>") == 3
    saved = send(pi, "save", response.text)
    assert saved.status_code == 303, text_of(saved.text)
    assert "Saved." in pi.get(PATH).text
    assert (asked()["minimum"], version()) == (450, 2)
    assert [verdict(applicants[name]) for name in ("Test 441", "Test 428", "Test 420")] == ["met", "not_met", "not_met"]
    assert [applicants[name].requirement_set.version for name in ("Test 441", "Test 428", "Test 420")] == [1, 2, 2]
    assert applicants["Test 428"].events[-1].details == Reevaluated(1, 2, (VerdictChange("cet4", "met", "not_met"),))
    (event,) = db.session.scalars(select(Event).where(Event.kind == Kind.REQUIREMENTS_CHANGED, Event.actor_id > 0))
    assert (event.details, event.subject_key) == (
        RequirementsChanged(2),
        "fictional-call/recommended-exemption-master",
    )
    assert "CET-4 of 450 or more" in app.test_client().get("/en/admissions/fictional-call/").text
    changes = load_calls(app.config["CONTENT_DIR"] / "calls", now=MORNING).changes
    assert [(each.what, each.key) for each in changes] == [("left", "fictional-call/recommended-exemption-master")]
    assert version() == 2


def test_a_change_for_new_applications_judges_nobody_again(app: Flask, pi: FlaskClient) -> None:
    applicants = three_applicants(app.test_client())
    page = send(pi, "look", **{f"{CET4}-minimum": "450"}).text
    assert send(pi, "save", page, again="nobody").status_code == 303
    assert verdict(applicants["Test 428"]) == "met"
    apply(app.test_client(), name="Test New", email="new@example.org", cet4="428", resume=pdf(make_pdf("new")))
    new = db.session.scalars(select(Application).filter_by(name="Test New")).one()
    assert (verdict(new), new.requirement_set.version) == ("not_met", 2)


def test_what_nobody_has_looked_at_is_not_saved(app: Flask, pi: FlaskClient) -> None:
    response = send(pi, "save", **{f"{CET4}-minimum": "450"})
    assert (response.status_code, version()) == (409, 1)
    apply(app.test_client(), name="Test 428", cet4="428", resume=pdf(make_pdf("428")))
    response = send(pi, "save", response.text)
    assert (response.status_code, version()) == (409, 1)
    assert "Not saved yet: something has changed since you looked" in response.text
    assert "Test 428" in response.text
    assert send(pi, "save", response.text).status_code == 303


def test_the_second_of_two_is_told_and_keeps_what_was_typed(pi: FlaskClient) -> None:
    mine = send(pi, "look", **{f"{CET4}-minimum": "450"}).text
    theirs = send(pi, "look", **{f"{CET4}-minimum": "430"}).text
    assert send(pi, "save", theirs).status_code == 303
    response = send(pi, "save", mine)
    assert (response.status_code, asked()["minimum"]) == (409, 430)
    assert "Somebody else saved this while you were writing" in response.text
    assert "CET-4 of 430 or more" in response.text
    assert as_shown(response.text)[f"{CET4}-minimum"] == ["450"]
    again = send(pi, "look", response.text).text
    assert (send(pi, "save", again).status_code, asked()["minimum"]) == (303, 450)


def test_a_list_that_is_sent_as_it_came_changes_nothing(pi: FlaskClient) -> None:
    for route in db.session.scalars(select(AdmissionRoute)):
        path = PATH.replace("recommended-exemption-master", route.key)
        assert send(pi, "look", path=path).headers["Location"] == path
        assert "Nothing was changed." in pi.get(path).text
    assert {version.version for version in exemption_route().requirement_sets} == {1}


def test_requirements_are_added_moved_taken_out_and_tried_on_the_spot(pi: FlaskClient) -> None:
    page = send(pi, "add", **{"add": "any_of"}).text
    for kind in ("rank", "score"):
        page = send(pi, "add:9", page, **{"add-9": kind}).text
    page = send(pi, "up:9", send(pi, "remove:1", page).text).text
    typed = {
        "r9-level": "required", "r10-percent": "10", "r11-test": "ielts:0:9", "r11-minimum": "6.5",
        "try-rank": "3", "try-cohort_size": "100", "try-ielts": "5.5", "try-cet4": "420",
    }  # fmt: skip
    response = send(pi, "try", page, **typed)
    said = text_of(response.text)
    assert "Met Ranked among the first 10% of the cohort, or IELTS at least 6.5" in said
    assert "Not met CET-4 of 425 or more" in said
    page = send(pi, "look", response.text).text
    assert send(pi, "save", page).status_code == 303
    newest = current_requirements(exemption_route()).requirements
    assert [table["key"] for table in newest] == [
        "health_and_attitude", "foundations", "foreign_language", "research_ability", "cet4", "neural_network",
        "any_of", "papers",
    ]  # fmt: skip
    made = newest[6]
    assert made["wording"] == {
        "zh": "成绩排名在前 10%，或雅思不低于 6.5 分",
        "en": "Ranked among the first 10% of the cohort, or IELTS at least 6.5",
    }
    assert [part["key"] for part in made["parts"]] == ["rank", "ielts"]
    # Words that were made follow their rule.
    shown = as_shown(pi.get(PATH).text)
    (number,) = [name for name, value in shown.items() if name.endswith("-percent")]
    page = send(pi, "look", **{number: "20"}).text
    assert send(pi, "save", page).status_code == 303
    assert "前 20%" in asked("any_of")["wording"]["zh"]


def test_words_of_ones_own_may_not_say_another_number_in_either_language(pi: FlaskClient) -> None:
    path = PATH.removeprefix("/en")
    typed = {
        f"{CET4}-minimum": "450",
        f"{CET4}-wording_zh": "四级不低于 425 分",
        f"{CET4}-wording_en": "CET-4 of 425 or more",
    }
    response = send(pi, "look", path=path, **typed)
    words = "这里写的是 425，条件是 450：写 {minimum}，或改其中一个"
    for language in ("zh", "en"):
        assert f'<a href="#{CET4}-wording_{language}">{words}</a>' in response.text
    assert (response.status_code, version()) == (422, 1)
    wrong = {
        f"{CET4}-minimum": ("900", "写 220 到 710 之间的数"),
        f"{CET4}-wording_en": ("{percent} of you", "{percent} 在这里没有意义：直接写数字"),
        f"{PAPERS}-minimum": ("none", "写一个大于 0 的整数"),
        "r2-wording_zh": ("", "写申请人读到的话，中英文都要"),
    }
    for name, (text, said) in wrong.items():
        response = send(pi, "look", path=path, **{name: text})
        assert (response.status_code, f'<a href="#{name}">{said}</a>' in response.text) == (422, True), name
        assert as_shown(response.text)[name] == [text]
    page = send(pi, "add", path=path, **{"add": "score"}).text
    response = send(pi, "look", page, path, **{"r9-test": "exam_total:0:500", "r9-minimum": "300"})
    assert "这一方式没有问“初试总分”：先让它问" in response.text
    assert version() == 1


def test_editors_of_content_find_no_requirements(app: Flask, pi: FlaskClient) -> None:
    editor = app.test_client()
    sign_in(editor, Role.EDITOR)
    assert editor.get(PATH).status_code == 404
    assert pi.get(PATH.replace("recommended-exemption-master", "nothing")).status_code == 404
