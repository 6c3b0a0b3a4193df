"""One answer or document that is asked for once more: by a link that opens it alone, held, answered, taken back."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.admissions.models import Application, ApplicationFacts, Call, DocumentRequest
from s2group.admissions.services import changes
from s2group.admissions.services.asked_again import answer_again, ask_again, request_by_token, send_again
from s2group.admissions.services.document_requests import NothingAskedError, take_back_request
from s2group.audit.rules import AskedAgain, Kind
from s2group.core import clock
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.links.models import Link
from tests.support.applying import apply, hidden_fields, load_fictional_content, pdf, the_application
from tests.support.changing import mails, upload
from tests.support.interviewing import colleague
from tests.support.moving import move
from tests.support.owning import let_change
from tests.support.pdf import make_pdf
from tests.support.staff import sign_in, submit

NOW = datetime(2026, 9, 5, 4, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WHY = "Your CV says 593.\nWhich is right? <b>"


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    apply(app.test_client(), cet4="539", rank="5", cohort_size="191")
    return the_application()


def ask(question: str = "cet4", now: datetime = NOW, hold: timedelta = 10 * MINUTE) -> DocumentRequest:
    """Asked now, told when it was held, and to be answered within a week."""
    return ask_again(
        application=the_application(), question=question, text=WHY, due_at=now + 7 * DAY, told_at=now + hold,
        actor=colleague(f"asks-{question.replace(':', '-')}"), now=now,
    )  # fmt: skip


def link() -> str:
    """The path to the newest question."""
    found = re.search(r"/en/apply/answer/[\w-]+/", mails("answer_asked")[-1].text)
    assert found
    return found[0]


def said(*names: str) -> tuple[Any, ...]:
    db.session.expire_all()
    return tuple(the_application().answers.get(name) for name in names)


def close_call() -> None:
    call = db.session.scalars(select(Call)).one()
    call.closes_at = NOW
    db.session.commit()


def test_it_is_asked_by_a_mail_that_waits(application: Application) -> None:
    asked = ask()
    [mail] = mails("answer_asked")
    assert (mail.recipient, mail.next_attempt_at, mail.created_at) == (
        "applicant@example.org", NOW + 10 * MINUTE, NOW,
    )  # fmt: skip
    assert mail.subject == f"The group asks about your application: {application.reference}"
    assert f"once more: CET-4.\n\n{WHY}\n" in mail.text and "12 September 2026, 12:00 (UTC+8)" in mail.text
    assert "Your CV says 593.<br>Which is right? &lt;b&gt;" in mail.html and "539" not in mail.text + mail.html
    assert application.events[-1].details == AskedAgain(WHY)
    with pytest.raises(NothingAskedError):
        answer_again(asked=asked, answers={"cet4": 593}, now=NOW + 9 * MINUTE)
    with pytest.raises(ValueError, match="cet6"):
        answer_again(asked=asked, answers={"cet6": 593}, now=NOW + 10 * MINUTE)
    with pytest.raises(NothingAskedError):
        answer_again(asked=asked, answers={"cet4": 593}, now=NOW + 8 * DAY)
    for nothing in ("declared", "x_unknown", "file:unknown", "cet4_status"):
        with pytest.raises(NothingAskedError):
            ask(nothing)


def test_the_answer_is_a_new_version_whatever_the_call_says(application: Application) -> None:
    """Facts and outcomes follow, a change that was begun says it too, and nothing else becomes another one."""
    begun = changes.begin_change(application=application, key="a-change-that-was-begun", now=NOW)
    rank, cet4 = ask("cohort_size"), ask("cet4")
    close_call()
    later = NOW + DAY
    answer_again(asked=rank, answers={"rank": 5, "cohort_size": 100}, now=later)
    answer_again(asked=cet4, answers={"cet4": 420}, now=later)
    with pytest.raises(NothingAskedError):
        answer_again(asked=cet4, answers={"cet4": 700}, now=later)
    assert said("rank", "cohort_size", "cet4", "university") == (5, 100, 420, "Test University")
    facts = db.session.scalars(select(ApplicationFacts)).one()
    assert (facts.version, facts.cet4, facts.rank_percent) == (3, 420, 5.0)
    assert [version.answers["cohort_size"] for version in application.former_versions] == [191, 100]
    outcomes = {each["key"]: each["verdict"] for each in application.outcomes}
    assert outcomes["cet4"] == "not_met"
    assert [event.kind for event in application.events][-2:] == [Kind.CHANGED, Kind.CHANGED]
    assert (begun.answers["cohort_size"], begun.answers["cet4"]) == (100, 420)
    assert [mail.recipient for mail in mails("answer_given")] == ["pi@example.org", "co@example.org"] * 2
    assert mails("answer_given")[-1].subject.startswith("已重新回答：英语四级 · 推免硕士-")
    assert "英语四级：539 → 420" in mails("answer_given")[-1].text
    assert len(mails("change_confirmation")) == 2


def test_what_is_right_can_be_confirmed(application: Application) -> None:
    asked = ask()
    answer_again(asked=asked, answers={"cet4": 539}, now=NOW + DAY)
    db.session.expire_all()
    assert (asked.answered_at, application.version, application.events[-1].kind) == (NOW + DAY, 1, Kind.CONFIRMED)
    assert (len(mails("answer_given")), mails("change_confirmation")) == (2, [])


def test_a_document_takes_the_place_of_the_one_before(application: Application) -> None:
    newer = upload(make_pdf("newer"), now=NOW)
    send_again(asked=ask("file:resume"), document=newer, now=NOW + DAY)
    db.session.expire_all()
    assert [(each.kind, each.since, each.document.sha256) for each in application.documents] == [
        ("resume", 2, newer.sha256)
    ]
    assert [each["name"] for each in mails("answer_given")[0].attachments] == [f"resume-v2-{application.reference}.pdf"]


def test_another_address_shuts_the_reader_of_the_former_one_out(application: Application) -> None:
    ask("cet4"), ask("rank")
    answer_again(asked=ask("email"), answers={"email": "newer@example.org"}, now=NOW + DAY)
    db.session.expire_all()
    assert (application.email, application.access_version) == ("newer@example.org", 2)
    assert {mail.recipient for mail in mails("change_confirmation")} == {"newer@example.org", "applicant@example.org"}
    assert db.session.scalars(select(Link)).all() == []


def test_it_is_taken_back_without_a_trace_while_it_is_held(application: Application) -> None:
    """Another one that is asked at another moment stays."""
    stays, goes = ask("rank", now=NOW - MINUTE), ask()
    actor = colleague()
    assert take_back_request(asked=goes, actor=actor, now=NOW + MINUTE)
    assert not take_back_request(asked=goes, actor=actor, now=NOW + MINUTE)
    assert [mail.created_at for mail in mails("answer_asked")] == [NOW - MINUTE]
    with pytest.raises(NothingAskedError):
        answer_again(asked=goes, answers={"cet4": 593}, now=NOW + DAY)
    assert (goes.is_told(NOW + DAY), stays.is_told(NOW + DAY)) == (False, True)
    answer_again(asked=stays, answers={"rank": 6}, now=NOW + DAY)
    assert not take_back_request(asked=stays, actor=actor, now=NOW + DAY)


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_of_what_is_over_nothing_is_asked(application: Application, state: str) -> None:
    asked = ask()
    move(application, state)
    with pytest.raises(NothingAskedError):
        ask("rank")
    with pytest.raises(NothingAskedError):
        answer_again(asked=asked, answers={"cet4": 593}, now=NOW + DAY)


def test_the_link_shows_one_question_and_opens_nothing_else(application: Application, client: FlaskClient) -> None:
    now = clock.now()
    asked = ask("rank", now=now, hold=timedelta(0))
    address = link()
    assert asked == request_by_token(address.split("/")[-2], now=now)
    page = client.get(address)
    assert "Your CV says 593." in page.text and "<dd>191</dd>" in page.text
    assert re.findall(r'<input[^>]* id="(\w+)"[^>]* type="text"', page.text) == ["rank", "cohort_size"]
    assert page.headers["Cache-Control"] == "no-store"
    hidden = hidden_fields(page.text)
    wrong = client.post(address, data=hidden | {"rank": "200", "cohort_size": "100"})
    assert (wrong.status_code, the_application().version) == (422, 1)
    sent = client.post(address, data=hidden | {"rank": "7", "cohort_size": "100", "cet4": "700", "name": "Else"})
    assert (sent.status_code, sent.location) == (303, address)
    assert said("rank", "cohort_size", "cet4") == (7, 100, 539) and the_application().name == "Test Applicant"
    assert "Thank you, your answer has come" in client.get(address).text
    assert client.post(address, data=hidden | {"rank": "8", "cohort_size": "100"}).status_code == 410
    assert client.get("/en/apply/answer/" + "x" * 40 + "/").status_code == 410
    assert client.post(f"/en/apply/status/{application.reference}/withdraw/", data=hidden).status_code == 403


def test_the_status_page_leads_its_owner_there(application: Application, client: FlaskClient) -> None:
    now = clock.now()
    held = ask("cet4", now=now)
    asked = ask("file:resume", now=now, hold=timedelta(0))
    status = f"/en/apply/status/{application.reference}/"
    text = client.get(status).text
    assert "the link in its mail leads there" in text and "Your CV says 593." not in text
    let_change(client, application)
    address = f"{status}requests/{asked.id}/"
    text = client.get(status).text
    assert address in text and "Your CV says 593." in text and f"requests/{held.id}/" not in text
    assert client.get(f"{status}requests/{held.id}/").status_code == 404
    hidden = hidden_fields(client.get(address).text)
    assert client.post(address, data=hidden).status_code == 422
    data = hidden | {"resume": pdf(make_pdf("again"), "again.pdf")}
    assert client.post(address, data=data, content_type="multipart/form-data").location == address
    db.session.expire_all()
    assert application.version == 2


def test_who_decides_asks_from_the_page(app: Flask, application: Application, client: FlaskClient) -> None:
    """The mail can be seen first; what was asked stands on the page, and can be taken back there."""
    sign_in(client, Role.PI)
    own = f"/en/review/{application.reference}/"
    assert f'{own}ask/cet4/"' in client.get(own).text and f"{own}ask/file:resume/" in client.get(own).text
    address = f"{own}ask/cet4/?found=593"
    assert "Your CV says “593”, which differs from the form." in client.get(address).text
    assert submit(client, address, text=" ", due_on="2020-01-01").status_code == 422
    due = (clock.now() + 5 * DAY).date().isoformat()
    preview = submit(client, address, text=WHY, due_on=due, do="preview")
    assert "The mail as it will go" in preview.text and "······" in preview.text and mails("answer_asked") == []
    assert submit(client, address, text=WHY, due_on=due, do="ask").location == own
    [mail] = mails("answer_asked")
    assert mail.next_attempt_at == mail.created_at + 10 * MINUTE
    text = " ".join(client.get(own).text.split())
    assert ", CET-4: Your CV says 593." in text and "goes at" in text
    asked = db.session.scalars(select(DocumentRequest)).one()
    token = hidden_fields(client.get(own).text)["csrf_token"]
    back = client.post(f"{own}asked/{asked.id}/take-back/", data={"csrf_token": token})
    assert (back.location, mails("answer_asked")) == (own, [])
    assert "taken back" in client.get(own).text
    assert client.get(f"{own}ask/x_none/").status_code == 404
    reader = app.test_client()
    sign_in(reader, Role.REVIEWER)
    assert "/ask/" not in reader.get(own).text and reader.get(f"{own}ask/cet4/").status_code == 404
