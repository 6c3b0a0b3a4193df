"""The application form: what it takes, what it says, what it keeps."""

import os
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.admissions.models import Draft, RequirementSet
from s2group.admissions.services.drafts import documents_of, draft_by_key
from s2group.apply import quota
from s2group.core import clock
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import (
    REQUIRED,
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
from tests.support.drafting import draft_values
from tests.support.headings import text_of
from tests.support.pdf import encrypted_pdf, make_pdf, padded_pdf, pageless_pdf

ROUTE = "recommended-exemption-master"
ALL: dict[str, Any] = {
    "rank": "3",
    "cohort_size": "58",
    "gpa": "3.7",
    "gpa_scale": "4.0",
    "cet4": "４４１",
    "cet6": "",
    "ielts": "6.5",
    "toefl": "",
    "statement": "One.\r\n" + "Two. " * 60,
    "neural_network": "yes",
    "papers_top_three": "1",
    "declared": ["foundations", "research_ability", "no such declaration"],
}


@pytest.fixture(autouse=True)
def loaded(app: Flask) -> None:
    load_fictional_content(app)


def errors(page: str) -> list[str]:
    """What the summary above the heading says."""
    summary = page.partition('id="error-summary"')[2].partition("</div>")[0]
    return [part.partition("</a>")[0].partition(">")[2] for part in summary.split("<a ")[1:]]


def test_the_contracts_fields_alone_are_enough(client: FlaskClient) -> None:
    form = opened_form(client)
    response = send(client, {"route": ROUTE, "csrf_token": form["csrf_token"]})
    assert response.status_code == 303
    assert response.location == f"/en/apply/received/{the_application().reference}/"


def test_answers_are_kept_as_typed_and_numbers_as_numbers(client: FlaskClient) -> None:
    assert apply(client, **ALL, transcript=pdf(make_pdf("grades"))).status_code == 303
    application = the_application()
    assert (application.name, application.email, application.locale) == (
        "Test Applicant",
        "applicant@example.org",
        "en",
    )
    assert application.answers == {
        "phone": "+8613800138000",
        "university": "Test University",
        "college": "Test College",
        "major": "Test Studies",
        "exemption_status": "has",
        "rank": 3,
        "cohort_size": 58,
        "gpa": 3.7,
        "gpa_scale": "4.0",
        "cet4": 441,
        "cet6": None,
        "ielts": 6.5,
        "toefl": None,
        "neural_network": "yes",
        "papers_top_three": 1,
        "statement": "One.\n" + ("Two. " * 60).strip(),
        "declared": ["foundations", "research_ability"],
    }
    assert sorted(entry.kind for entry in application.documents) == ["resume", "transcript"]


def test_the_language_of_the_form_is_the_language_of_the_application(client: FlaskClient) -> None:
    assert apply(client, "/apply/").location == f"/apply/received/{the_application().reference}/"
    assert the_application().locale == "zh"


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({"cet4_status": "awaited"}, "awaited"),
        ({"cet4_status": "not_taken"}, "not_taken"),
        ({"cet4_status": ""}, None),
        ({"cet4": "425", "cet4_status": "awaited"}, 425),
    ],
)
def test_a_score_that_there_is_not_is_kept_as_such(client: FlaskClient, answers: dict[str, str], kept: Any) -> None:
    apply(client, **answers)
    assert the_application().answers["cet4"] == kept


def test_a_missed_requirement_is_no_error(client: FlaskClient) -> None:
    response = apply(client, exemption_status="no", cet4="300", neural_network="no", papers_top_three="0")
    assert response.status_code == 303
    assert [outcome["verdict"] for outcome in the_application().outcomes] == (
        ["not_met"] + ["unknown"] * 4 + ["not_met"] * 3
    )


def test_the_page_tells_what_the_answers_say_before_anything_is_sent(client: FlaskClient) -> None:
    hidden = opened_form(client, "/en/apply/form/")
    told = send(client, hidden, exemption_status="no")
    assert (told.status_code, applications()) == (422, 0)
    assert "Does not hold the quota." in text_of(told.text)
    assert "Nothing is sent yet." in text_of(told.text)
    of_another = send(client, hidden, exemption_status="no", outcomes_shown="foundations")
    assert (of_another.status_code, applications()) == (422, 0)
    again = hidden_fields(told.text)
    assert send(client, again, exemption_status="no", resume=None).status_code == 303
    assert applications() == 1


def test_who_misses_no_requirement_is_sent_to_the_receipt_at_once(client: FlaskClient) -> None:
    assert send(client, opened_form(client, "/en/apply/form/")).status_code == 303


def test_an_empty_form_says_what_is_missing_in_the_order_of_the_page(client: FlaskClient) -> None:
    form = opened_form(client)
    response = client.post("/en/apply/", data={"route": ROUTE, "name": "", "csrf_token": form["csrf_token"]})
    assert response.status_code == 422
    assert "<title>Error: Apply" in response.text
    assert errors(response.text) == [
        "Enter your name",
        "Enter your e-mail address",
        "Enter your mobile phone number",
        "Enter your university",
        "Enter your college or school",
        "Enter your major",
        "Say whether you hold the recommended-exemption quota",
        "Select a PDF CV",
        "Tick the box to agree to the use of your data: the group may not read it otherwise",
    ]
    assert response.text.index('id="error-summary"') < response.text.index("<h1>")
    for message in errors(response.text):
        assert response.text.count(message) == 2
    assert applications() == 0


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "x" * 10_000, "Name: use at most 100 characters"),
        ("name", "A\r\nBcc: x@example.org", "Name: type it again on one line"),
        ("name", "A\ufffdB", "Name: type it again on one line"),
        ("college", "A\u2028B", "College: type it again on one line"),
        ("name", "=?utf-8?q?Bcc=3A_x=40example.org?=", "Name: take out =?"),
        ("major", "=?utf-8?b?QQ==?=", "Major: take out =?"),
        ("name", " \u3000 ", "Enter your name"),
        ("email", "applicant", "Enter an e-mail address such as name@example.org"),
        ("email", "a@example.org, b@example.org", "Enter an e-mail address such as name@example.org"),
        (
            "email",
            "a@example.org\nBcc: b@example.org",
            "E-mail address: type it again on one line",
        ),
        ("phone", "12345", "Enter a mobile number such as 138 0013 8000, or +65 8123 4567 from abroad"),
        ("exemption_status", "perhaps", "Choose one of the answers"),
        ("cet4", "219", "CET-4: enter a whole number from 220 to 710, or leave it empty"),
        ("cet4", "711", "CET-4: enter a whole number from 220 to 710, or leave it empty"),
        ("cet4", "425.5", "CET-4: enter a whole number from 220 to 710, or leave it empty"),
        ("cet4", "passed", "CET-4: enter a whole number from 220 to 710, or leave it empty"),
        ("cet6", "0", "CET-6: enter a whole number from 220 to 710, or leave it empty"),
        ("cet4_status", "lost", "Choose one of the answers"),
        ("ielts", "6.3", "IELTS: enter a band from 0 to 9 in steps of 0.5, or leave it empty"),
        ("ielts", "9.5", "IELTS: enter a band from 0 to 9 in steps of 0.5, or leave it empty"),
        ("toefl", "121", "TOEFL: enter 0 to 120, or a band from 1 to 6 in steps of 0.5, or leave it empty"),
        ("toefl", "6.5", "TOEFL: enter 0 to 120, or a band from 1 to 6 in steps of 0.5, or leave it empty"),
        ("gpa_scale", "7", "Choose one of the answers"),
        ("rank", "0", "Rank: enter a whole number such as 3"),
        ("neural_network", "perhaps", "Choose one of the answers"),
        ("papers_top_three", "1.5", "Papers: enter a whole number such as 0 or 2, or leave it empty"),
        ("papers_top_three", "1001", "Papers: enter a whole number such as 0 or 2, or leave it empty"),
        ("statement", "x" * 299, "Statement: write at least 300 characters; there are 299"),
        ("statement", "x" * 1501, "Statement: use at most 1500 characters"),
        ("consent", None, "Tick the box to agree to the use of your data: the group may not read it otherwise"),
    ],
)
def test_a_wrong_shape_says_what_to_do(client: FlaskClient, field: str, typed: str | None, message: str) -> None:
    response = apply(client, **{field: typed})
    assert response.status_code == 422
    assert errors(response.text) == [message]
    assert f'<a href="#{field}">{message}</a>' in response.text
    assert f'id="{field}-error"' in response.text
    assert applications() == 0


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("phone", "\u202d138 0000 0001\u202c", "+8613800000001"),
        ("cet4", "425分", 425),
        ("cet6", "441 分", 441),
        ("rank", "第3名", 3),
        ("cohort_size", "120人", 120),
        ("gpa", "3.8/4.0", 3.8),
        ("gpa_scale", "4.0", "4.0"),
        ("papers_top_three", "2篇", 2),
        ("statement", "\ufeff" + "字\u200b\x00" * 300, "字" * 300),
    ],
)
def test_unseen_signs_and_units_come_off(client: FlaskClient, field: str, typed: str, kept: object) -> None:
    answers = {"gpa": "3.8/4.0", "cohort_size": "120", field: typed}
    assert apply(client, **answers).status_code == 303
    assert the_application().answers[field] == kept


def test_unseen_signs_come_off_name_and_address(client: FlaskClient) -> None:
    assert apply(client, name="\u6797\u200b\u5c0f\u79be", email="\u202aname\uff20example.org\u202c").status_code == 303
    assert (the_application().name, the_application().email) == ("林小禾", "name@example.org")


def test_a_rank_and_its_cohort_typed_as_one_are_two_answers(client: FlaskClient) -> None:
    assert apply(client, rank="第3名/120人", cohort_size="").status_code == 303
    assert (the_application().answers["rank"], the_application().answers["cohort_size"]) == (3, 120)


def test_a_scale_beside_another_one_is_asked_about(client: FlaskClient) -> None:
    page = apply(client, gpa="3.8/4.0", gpa_scale="5.0").text
    assert errors(page) == ["GPA: enter a number such as 3.7 or 88"]
    assert 'value="3.8/4.0"' in page


@pytest.mark.parametrize("lost", list(REQUIRED))
def test_a_form_of_which_a_part_got_lost_keeps_the_others(client: FlaskClient, lost: str) -> None:
    page = apply(client, **{lost: None, "cet4": "425"})
    assert page.status_code == 422
    assert len(errors(page.text)) == 1
    for name in {"name", "email", "phone", "university", "college", "major"} - {lost}:
        assert f'value="{REQUIRED[name]}"' in page.text
    assert 'value="425"' in page.text
    assert (applications(), db.session.scalar(select(func.count()).select_from(Draft))) == (0, 0)


@pytest.mark.parametrize("kept", ["email", "consent", "university", "statement", "resume_token", "papers-0-title"])
def test_one_part_of_a_whole_form_is_enough_to_begin_no_draft(client: FlaskClient, kept: str) -> None:
    form = opened_form(client)
    sent = {"route": ROUTE, "csrf_token": form["csrf_token"], kept: "typed by hand"}
    assert client.post("/en/apply/", data=sent).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"rank": "60", "cohort_size": "58"}, "Rank: enter a number no higher than the students in your cohort"),
        ({"gpa": "4.1", "gpa_scale": "4.0"}, "GPA: enter a number within its scale, or choose another scale"),
        ({"gpa": "88", "gpa_scale": "5.0"}, "GPA: enter a number within its scale, or choose another scale"),
        ({"gpa": "88"}, "GPA scale: choose the scale of your GPA"),
        ({"gpa": "101", "gpa_scale": "100"}, "GPA: enter a number such as 3.7 or 88"),
    ],
)
def test_answers_must_agree(client: FlaskClient, answers: dict[str, str], message: str) -> None:
    assert errors(apply(client, **answers).text) == [message]


@pytest.mark.parametrize(
    "answers",
    [
        {"rank": "58", "cohort_size": "58"},
        {"gpa": "4", "gpa_scale": "4"},
        {"gpa": "100", "gpa_scale": "100"},
        {"cet4": "220"},
        {"cet4": "710"},
        {"ielts": "0"},
        {"ielts": "9"},
        {"toefl": "1"},
        {"toefl": "5.5"},
        {"toefl": "120"},
        {"statement": "字" * 300},
        {"statement": "字" * 1500},
        {"name": "测" * 100},
        {"name": "A\u0301" * 100},
        {"name": "  Test Applicant\r\n"},
    ],
)
def test_the_ends_of_each_scale_are_taken(client: FlaskClient, answers: dict[str, str]) -> None:
    assert apply(client, **answers).status_code == 303


def test_everything_typed_is_kept(client: FlaskClient) -> None:
    typed = REQUIRED | {"cet4": "４４１", "ielts": "six", "gpa": "3.70", "gpa_scale": "4.0", "cohort_size": "58"}
    typed |= {
        "statement": "One.\nTwo <b>" + " more" * 60,
        "neural_network": "no",
        "declared": "foundations",
        "cet4_status": "awaited",
    }
    page = apply(client, **typed).text
    assert errors(page) == ["IELTS: enter a band from 0 to 9 in steps of 0.5, or leave it empty"]
    for name in ("name", "email", "phone", "university", "college", "major", "cet4", "ielts", "gpa", "cohort_size"):
        assert f'id="{name}"' in page
        assert f'value="{typed[name]}"' in page
    assert "One.\nTwo &lt;b&gt; more more" in page
    assert '<option selected value="4.0">' in page
    assert '<option selected value="awaited">' in page
    assert page.count(" checked ") == 4


def test_a_file_is_kept_while_the_form_comes_back(client: FlaskClient) -> None:
    page = apply(
        client, name="", resume=pdf(name="张三 简历.pdf"), transcript=pdf(make_pdf("grades"), "grades.pdf")
    ).text
    assert "The portal already has 张三 简历.pdf (1.1 kB); another file replaces it." in page
    assert "The portal already has grades.pdf" in page
    response = send(client, hidden_fields(page), resume=None, name="Test Applicant")
    assert response.status_code == 303
    kept = {entry.kind: entry.document for entry in the_application().documents}
    assert kept["resume"].sha256 == sha256(RESUME).hexdigest()
    assert kept["resume"].original_name == "张三 简历.pdf"
    assert kept["transcript"].sha256 == sha256(make_pdf("grades")).hexdigest()


def test_another_file_replaces_the_kept_one(client: FlaskClient) -> None:
    page = apply(client, name="").text
    other = make_pdf("another CV")
    assert send(client, hidden_fields(page), resume=pdf(other)).status_code == 303
    [entry] = the_application().documents
    assert entry.document.sha256 == sha256(other).hexdigest()


def test_a_refused_file_leaves_the_kept_one(client: FlaskClient) -> None:
    page = apply(client, name="").text
    page = send(client, hidden_fields(page), resume=pdf(b"no pdf")).text
    assert errors(page) == ["CV (PDF): the file is not a PDF. Save it as PDF, then select it"]
    assert "The portal already has cv.pdf" in page
    assert send(client, hidden_fields(page), resume=None).status_code == 303


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Select a PDF CV"),
        (b"", "CV (PDF): the file is empty. Save it again, then select it"),
        (b"<html>no pdf</html>", "CV (PDF): the file is not a PDF. Save it as PDF, then select it"),
        (encrypted_pdf("secret"), "CV (PDF): save the file without a password, then select it"),
    ],
)
def test_a_file_that_is_not_taken_says_why(client: FlaskClient, content: bytes | None, message: str) -> None:
    response = apply(client, resume=content if content is None else pdf(content))
    assert (response.status_code, errors(response.text)) == (422, [message])
    assert applications() == 0


@pytest.mark.parametrize(("size", "status"), [(0, 303), (1, 422)])
def test_the_largest_file_is_taken_and_not_a_byte_more(app: Flask, client: FlaskClient, size: int, status: int) -> None:
    app.config["MAX_DOCUMENT_BYTES"] = 1024 * 1024
    response = apply(client, resume=pdf(padded_pdf(1024 * 1024 + size)))
    assert response.status_code == status
    assert errors(response.text) == (["CV (PDF): select a file of at most 1 MB"] if size else [])


def test_a_broken_store_says_so(app: Flask, client: FlaskClient) -> None:
    form = opened_form(client)
    app.config["STORAGE_URL"] = str(os.devnull)
    response = send(client, form)
    assert errors(response.text) == ["CV (PDF): the upload did not get through. Select the file again"]


def test_the_same_form_sent_twice_gives_the_same_receipt(client: FlaskClient) -> None:
    form = opened_form(client)
    first, second = send(client, form), send(client, form, name="Somebody Else")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert applications() == 1
    assert the_application().name == "Test Applicant"
    assert db.session.query(OutboxMail).count() == 3


def test_a_replay_needs_no_session(app: Flask, client: FlaskClient) -> None:
    form = opened_form(client)
    location = send(client, form).location
    assert send(app.test_client(), form, resume=None).location == location


def test_two_forms_are_two_applications(client: FlaskClient) -> None:
    assert apply(client).location != apply(client).location
    assert applications() == 2


def test_an_ended_session_loses_nothing(app: Flask, client: FlaskClient) -> None:
    form = opened_form(client)
    stranger = app.test_client()
    response = send(stranger, form, statement="What I typed. " * 30)
    assert response.status_code == 422
    assert errors(response.text) == ["Your session had ended; nothing was sent yet. Press the button again."]
    assert "What I typed.</textarea>" in response.text
    assert "The portal already has cv.pdf" in response.text
    assert applications() == 0
    assert send(stranger, hidden_fields(response.text), resume=None).status_code == 303
    assert applications() == 1


@pytest.mark.parametrize("route", ["no-such-route", "", "\0"])
def test_a_route_that_is_not_open_is_said_and_mended(client: FlaskClient, route: str) -> None:
    form = opened_form(client)
    response = send(client, form | {"route": route})
    assert errors(response.text) == ["The way of applying has changed. Check the form, then press the button again."]
    assert send(client, hidden_fields(response.text), resume=None).status_code == 303


@pytest.mark.parametrize("token", ["x" * 32, "\0" * 32, "x" * 10_000, "'; --"])
def test_made_up_tokens_name_nothing(client: FlaskClient, token: str) -> None:
    form = opened_form(client) | {"resume_token": token, "transcript_token": token, "form_key": token}
    assert errors(send(client, form, resume=None).text) == ["Select a PDF CV"]
    assert send(client, form).status_code == 303


def test_one_file_cannot_be_both(client: FlaskClient) -> None:
    form = hidden_fields(apply(client, name="").text)
    assert send(client, form | {"transcript_token": form["resume_token"]}, resume=None).status_code == 303
    assert [entry.kind for entry in the_application().documents] == ["resume"]


def test_a_file_of_another_application_leads_to_that_one(client: FlaskClient) -> None:
    kept = hidden_fields(apply(client, name="").text)["resume_token"]
    first = send(client, opened_form(client) | {"resume_token": kept}, resume=None)
    second = send(client, opened_form(client) | {"resume_token": kept}, resume=None)
    assert first.location == second.location
    assert applications() == 1


@pytest.mark.parametrize("field", ["name", "cet4", "statement", "csrf_token", "form_key", "route", "resume_token"])
def test_a_file_in_the_place_of_text_is_no_crash(client: FlaskClient, field: str) -> None:
    response = apply(client, **{field: pdf()})
    assert response.status_code in (303, 422)


def test_text_in_the_place_of_a_file_is_no_file(client: FlaskClient) -> None:
    assert errors(apply(client, resume="cv.pdf").text) == ["Select a PDF CV"]


def test_a_file_that_no_application_took_is_stored_alone(client: FlaskClient) -> None:
    apply(client, name="")
    assert db.session.query(Document).count() == 1
    assert applications() == 0


def test_a_rule_that_blocks_says_why_and_keeps_everything(client: FlaskClient) -> None:
    with transaction() as session:
        newest = session.scalars(select(RequirementSet).order_by(RequirementSet.route_id).limit(1)).one()
        first, *others = newest.requirements
        changed = [{**first, "level": "blocking"}, *others]
        session.add(RequirementSet(route_id=newest.route_id, version=2, requirements=changed, created_at=clock.now()))
    response = apply(client, exemption_status="no")
    assert response.status_code == 422
    assert errors(response.text) == ["Holds the quota: Does not hold the quota."]
    assert f'value="{REQUIRED["major"]}"' in response.text
    assert applications() == 0


def test_knowing_the_key_of_a_form_lets_nobody_change_what_it_became(app: Flask, client: FlaskClient) -> None:
    form = opened_form(client)
    location = send(client, form).location
    reference = location.rstrip("/").rpartition("/")[2]
    stranger = app.test_client()
    assert stranger.post("/en/apply/", data={"name": "", "form_key": form["form_key"]}).location == location
    for browser, may in ((client, True), (stranger, False)):
        answer = browser.get(f"/en/apply/status/{reference}/data.zip")
        answer.close()
        assert (answer.mimetype == "application/zip") is may


def test_a_file_of_a_draft_is_none_of_another_form(app: Flask, client: FlaskClient) -> None:
    draft = draft_values()
    resume = documents_of(draft_by_key(draft["key"]) or pytest.fail())["resume"]
    response = apply(client, resume=None, resume_token=resume.token)
    assert response.status_code == 422
    assert errors(response.text) == ["Select a PDF CV"]
    assert applications() == 0


def test_a_file_that_could_not_be_opened_is_asked_about_and_sent_by_the_same_button(
    app: Flask, client: FlaskClient
) -> None:
    load_fictional_content(app)
    asked = apply(client, resume=pdf(pageless_pdf()))
    assert (asked.status_code, applications()) == (422, 0)
    words = (
        "the portal could not open this file. Look at it on your device; select another one, or press the button again"
    )
    assert words in asked.text
    assert send(client, hidden_fields(asked.text), resume=None).status_code == 303
    document = the_application().documents[0].document
    assert (document.fault, document.sha256) == ("unreadable", sha256(pageless_pdf()).hexdigest())


def test_the_addresses_of_one_network_of_ipv6_share_a_quota(app: Flask) -> None:
    visitors = []
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:db8:1:3::1"):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            visitors.append(quota.visitor_within_quota(now=clock.now()))
    assert visitors[0] == visitors[1] != visitors[2]


def test_a_visitor_over_the_quota_keeps_what_was_typed(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_fictional_content(app)
    monkeypatch.setattr(quota, "FILES", 0)
    refused = apply(client, major="Quiet studies")
    assert (refused.status_code, applications()) == (422, 0)
    assert "a lot was uploaded from your network within a day and not sent" in refused.text
    assert 'value="Quiet studies"' in refused.text
