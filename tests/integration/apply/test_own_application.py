"""What applicants can do with their application, in their browser; and what somebody cannot who only knows it."""

import errno
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from s2group.accounts.services import add_account
from s2group.admissions.models import Application, ApplicationAccess, Call, Draft, Referee
from s2group.admissions.services.changes import begin_change
from s2group.admissions.services.document_requests import ask_for_document
from s2group.admissions.services.drafts import attach, save_topic
from s2group.apply.forms import uploads
from s2group.apply.forms.files import FilesForm
from s2group.apply.views.blueprint import CONSENT_VERSION
from s2group.audit.models import Event
from s2group.audit.rules import Moved, Opened
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody.models import Deletion
from s2group.documents.models import Document
from s2group.documents.stores.folder import FolderStore
from s2group.extensions import db
from s2group.links.rules import Purpose
from s2group.links.services import issue
from s2group.mail.models import OutboxMail
from s2group.privacy.deletion import delete_application
from tests.support.applying import RESUME, apply, hidden_fields, load_fictional_content, pdf, the_application
from tests.support.changing import change, mails, upload
from tests.support.headings import headings, text_of
from tests.support.moving import move_all
from tests.support.owning import let_change
from tests.support.pdf import encrypted_pdf, make_pdf, padded_pdf
from tests.support.pictures import make_png
from tests.support.staff import PASSWORD, form_token

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
DAY = timedelta(days=1)
ENDED = "Your session had ended; nothing was sent yet. Press the button again."

GOES = "A link goes to the e-mail address"


@pytest.fixture
def application(app: Flask) -> Application:
    """Sent from a browser that is closed by now."""
    load_fictional_content(app)
    with time_machine.travel(SENT, tick=False):
        assert apply(app.test_client(), resume=pdf(name="简历.pdf"), cet4="400").status_code == 303
    return the_application()


@pytest.fixture
def owner(app: Flask, application: Application) -> FlaskClient:
    """The browser of the applicant, who has used a link."""
    client = app.test_client()
    let_change(client, application)
    return client


def page(application: Application, path: str = "") -> str:
    return f"/en/apply/status/{application.reference}/{path}"


def post(client: FlaskClient, address: str, **data: Any) -> TestResponse:
    """Send a form, with the token that every page of this browser has."""
    token = form_token(client.get("/en/apply/status/").text)
    return client.post(address, data={"csrf_token": token, **data}, content_type="multipart/form-data")


def press(client: FlaskClient, application: Application, path: str, **data: Any) -> TestResponse:
    """Send a form of the status page."""
    return post(client, page(application, path), **data)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def close_call() -> None:
    with transaction() as session:
        session.execute(update(Call).values(closes_at=SENT + timedelta(minutes=1)))


def ask(application: Application, **more: Any) -> int:
    pi = add_account(email="boss@example.org", role=Role.PI, password=PASSWORD, now=SENT)
    now = SENT + timedelta(hours=1)
    text = "Your degree,\nsigned."
    asked = ask_for_document(application=application, text=text, due_at=SENT + 5 * DAY, told_at=now, actor=pi, now=now)
    return asked.id


OWN_PAGES = ["withdraw/", "take-back/", "data.zip", "delete/", "requests/1/"]


@pytest.mark.parametrize("path", OWN_PAGES)
def test_who_only_knows_the_reference_is_offered_a_link(
    client: FlaskClient, application: Application, path: str
) -> None:
    response = client.get(page(application, path))
    assert (response.status_code, headings(response.text, "h1")) == (200, ["A link to your e-mail address"])
    assert response.headers["Cache-Control"] == "no-store"
    assert "applicant@example.org" not in response.text


@pytest.mark.parametrize("path", ["edit/", "withdraw/", "take-back/", "delete/", "requests/1/"])
def test_nobody_else_changes_anything(client: FlaskClient, application: Application, path: str) -> None:
    response = post(client, page(application, path), confirm="y")
    assert (response.status_code, headings(response.text, "h1")) == (403, ["A link to your e-mail address"])
    assert "Nothing was sent or changed." in response.text
    assert (count(Application), count(Draft), the_application().state) == (1, 0, "submitted")


@pytest.mark.parametrize("path", ["link/", "edit/"])
def test_without_the_token_of_a_form_nothing_happens(owner: FlaskClient, application: Application, path: str) -> None:
    assert owner.post(page(application, path)).status_code == 400
    assert (count(Application), count(Draft), count(OutboxMail), the_application().state) == (1, 0, 3, "submitted")


@pytest.mark.parametrize(
    ("path", "state", "after"),
    [
        ("withdraw/", "submitted", "withdrawn"),
        ("take-back/", "withdrawn", "submitted"),
        ("delete/", "submitted", None),
    ],
)
def test_a_confirmation_comes_back_where_the_token_is_an_older_one(
    owner: FlaskClient, application: Application, path: str, state: str, after: str | None
) -> None:
    if state == "withdrawn":
        post(owner, page(application, "withdraw/"))
    response = owner.post(page(application, path), data={"confirm": "y", "csrf_token": "older"})
    assert (response.status_code, the_application().state) == (422, state)
    assert ENDED in response.text
    again = owner.post(page(application, path), data={"confirm": "y", **hidden_fields(response.text)})
    db.session.expire_all()
    assert (again.status_code, db.session.scalar(select(Application.state))) == (303, after)


def send_proof(owner: FlaskClient, address: str, content: bytes | None, **fields: str) -> TestResponse:
    file = (io.BytesIO(content or b""), "proof.png" if content is not None else "")
    data = {**fields, "requested_1": file}
    response = owner.post(address, data=data, content_type="multipart/form-data")
    # The client leaves the temporary file of a large upload open.
    response.request.environ["wsgi.input"].close()
    return response


def test_a_requested_document_outlives_the_token_of_its_form(owner: FlaskClient, application: Application) -> None:
    address = page(application, f"requests/{ask(application)}/")
    response = send_proof(owner, address, make_png())
    assert (response.status_code, len(mails("document_sent"))) == (422, 0)
    assert ENDED in response.text
    assert "The portal already has proof.png" in response.text
    assert send_proof(owner, address, None, **hidden_fields(response.text)).status_code == 303
    assert len(mails("document_sent")) == 2


def test_a_requested_document_over_the_limit_is_said_beside_it(
    app: Flask, owner: FlaskClient, application: Application
) -> None:
    address = page(application, f"requests/{ask(application)}/")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = send_proof(owner, address, padded_pdf(3000))
    assert (response.status_code, response.text.count("select a file of at most 10 MB")) == (422, 2)
    assert "Your degree,\nsigned." in response.text


def test_a_requested_document_that_a_full_disk_refuses_is_asked_for_again(
    owner: FlaskClient, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    address = page(application, f"requests/{ask(application)}/")
    monkeypatch.setattr(FolderStore, "receive", full)
    response = send_proof(owner, address, make_png(), **hidden_fields(owner.get(address).text))
    assert (response.status_code, response.headers["Retry-After"]) == (507, "600")
    assert "The portal cannot store anything right now" in response.text
    assert "the upload did not get through. Select the file again" in response.text


@pytest.mark.parametrize("path", [*OWN_PAGES, "link/", "edit/"])
def test_an_unknown_reference_has_no_pages(client: FlaskClient, application: Application, path: str) -> None:
    address = f"/en/apply/status/7K3M-Q0ZT-9XHB-4WPD/{path}"
    if path in ("link/", "edit/"):
        assert post(client, address).status_code == 404
    else:
        assert client.get(address).status_code == 404


def test_a_link_goes_out_by_mail_and_opens_the_application(client: FlaskClient, application: Application) -> None:
    answers, told = [], list[tuple[bool, bool]]()
    for _ in range(7):
        answers.append(press(client, application, "link/"))
        shown = client.get(page(application)).text
        told.append((f"{GOES} of this application." in shown, "no link can be sent before" in shown))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, page(application))}
    # The fifth is the last of the day; from then on the page says when there is another one, and has no button.
    assert told == [(True, False)] * 4 + [(True, True)] + [(False, True)] * 2
    assert len(mails("manage_link")) == 5
    with transaction() as session:
        token = issue(session, purpose=Purpose.MANAGE, subject=application.reference, now=datetime.now(UTC))
    assert "Change the application" not in client.get(page(application)).text
    assert post(client, f"/en/apply/continue/{token}/").location == page(application)
    assert "Change the application" in client.get(page(application)).text


def test_a_change_is_begun_once_and_gone_on_with(owner: FlaskClient, application: Application) -> None:
    first, second = press(owner, application, "edit/"), press(owner, application, "edit/")
    assert first.status_code == 303
    assert first.location == second.location == f"/en/apply/draft/{db.session.scalars(select(Draft.key)).one()}/"


def test_a_change_that_comes_too_late_says_that_nothing_was_sent(owner: FlaskClient, application: Application) -> None:
    check = press(owner, application, "edit/").location + "check/"
    move_all("interview")
    response = post(owner, check, consent="y")
    assert (response.status_code, headings(response.text, "h1")) == (409, ["The application can no longer be changed"])
    assert "The changes were not sent." in response.text
    assert the_application().version == 1


@pytest.mark.parametrize("state", ["interview", "declined"])
def test_what_is_too_far_on_its_way_is_not_changed(owner: FlaskClient, application: Application, state: str) -> None:
    move_all(state)
    words = owner.get(page(application)).text
    assert "Change the application" not in words
    response = press(owner, application, "edit/")
    assert (response.status_code, headings(response.text, "h1")) == (409, ["This can no longer be done"])


def test_after_the_close_nothing_is_changed_but_a_withdrawal_is_taken(
    owner: FlaskClient, application: Application
) -> None:
    close_call()
    assert press(owner, application, "edit/").status_code == 409
    assert post(owner, page(application, "withdraw/")).status_code == 303
    assert "Take the withdrawal back" not in owner.get(page(application)).text
    assert owner.get(page(application, "take-back/")).status_code == 409
    assert post(owner, page(application, "take-back/")).status_code == 409
    assert the_application().state == "withdrawn"


def test_what_happened_ends_in_the_full_stop_of_its_language(owner: FlaskClient, application: Application) -> None:
    assert post(owner, page(application, "withdraw/")).status_code == 303
    address = page(application).removeprefix("/en")
    assert "You have withdrawn your application. " in text_of(owner.get("/en" + address).text)
    assert "你已撤回申请。 " in text_of(owner.get(address).text)


def test_withdrawing_and_taking_that_back(owner: FlaskClient, application: Application) -> None:
    assert "Withdraw the application" in owner.get(page(application)).text
    for _ in range(2):  # a double click
        answer = post(owner, page(application, "withdraw/"))
        assert (answer.status_code, answer.location) == (303, page(application))
    words = owner.get(page(application)).text
    assert headings(words, "h1") == ["You have withdrawn your application"]
    assert "Your application is withdrawn. A mail confirms it." in words
    assert len(mails("application_withdrawn")) == 1
    for _ in range(2):
        assert post(owner, page(application, "take-back/")).status_code == 303
    words = owner.get(page(application)).text
    assert headings(words, "h1") == ["Received, waiting to be read"]
    assert "You took the withdrawal back." in words
    assert (the_application().state, len(mails("withdrawal_notice"))) == ("submitted", 4)


def test_opening_the_page_withdraws_nothing(owner: FlaskClient, application: Application) -> None:
    assert headings(owner.get(page(application, "withdraw/")).text, "h1") == ["Withdraw the application"]
    move_all("declined")
    move_all("offer", release=False)
    assert owner.get(page(application, "withdraw/")).status_code == 409
    assert the_application().state == "offer"


def test_the_buttons_tell_no_decision(owner: FlaskClient, application: Application) -> None:
    before = [words in owner.get(page(application)).text for words in ("Change the app", "Withdraw the app")]
    move_all("declined", release=False)
    after = owner.get(page(application)).text
    assert [words in after for words in ("Change the app", "Withdraw the app")] == before == [True, True]
    assert "cannot offer" not in after
    assert press(owner, application, "edit/").status_code == 303
    assert post(owner, page(application, "withdraw/")).status_code == 303
    assert the_application().state == "withdrawn"


@pytest.mark.parametrize(
    ("state", "heading", "sentence"),
    [
        ("screening", "The group compares the applications", "The group answers by e-mail by"),
        ("interview", "You are invited to an interview", "about day and place"),
        ("waitlist", "You are on the waiting list", "You may still be offered a place"),
        ("offer", "The group offers you a place", "Accept or refuse it."),
        ("declined", "The group cannot offer you a place", "The group has decided."),
    ],
)
def test_each_state_has_its_words_once_it_is_shown(
    client: FlaskClient, application: Application, state: str, heading: str, sentence: str
) -> None:
    with time_machine.travel(SENT + DAY, tick=False):
        for shown in (False, True):
            move_all(state, release=shown)
            words = client.get(page(application)).text
            assert (headings(words, "h1") == [heading]) is shown
            assert (sentence in words) is (shown or state == "screening")
            move_all("screening" if state == "declined" else "declined", release=False)


def test_the_timeline_tells_what_the_applicant_may_know(owner: FlaskClient, application: Application) -> None:
    change(application, {"cet4": 500}, now=SENT + DAY)
    ask(application)
    with transaction() as session:
        for details in (Moved("submitted", "waitlist"), Opened()):
            record(session, details, about=application.subject, at=SENT + 2 * DAY)
    words = owner.get(page(application)).text
    timeline = words.split("What happened</h2>")[1].split("</ol>")[0]
    assert timeline.count("<li>") == 3
    for part in (
        "You sent your application.",
        "2 September 2026, 14:06 (UTC+8)",
        "You changed it: version 2.",
        "3 September 2026, 14:06 (UTC+8)",
        "The group asked for a further document.",
    ):
        assert part in timeline
    assert "aiting list" not in words
    assert "boss@example.org" not in words


def test_referees_are_awaited_or_received_and_nothing_else(client: FlaskClient, application: Application) -> None:
    with transaction() as session:
        for number, received_at in ((1, SENT), (2, None)):
            session.add(Referee(application_id=application.id, position=number, name="测试丙",
                                email=f"r{number}@example.org", title="Professor", asked_at=SENT,
                                received_at=received_at))  # fmt: skip
    words = " ".join(client.get(page(application)).text.split())
    assert 'Referee 1 <span class="tag good">Received</span>' in words
    assert 'Referee 2 <span class="tag wait">Awaited</span>' in words
    assert "测试丙" not in words and "r1@example.org" not in words


def test_a_document_that_was_asked_for_is_sent_on_the_page(owner: FlaskClient, application: Application) -> None:
    request_id = ask(application)
    words = owner.get(page(application)).text
    assert "The group asks you for a further document: send it below." in words
    assert "Send it by 7 September 2026, 14:06 (UTC+8)." in words
    proof = {f"requested_{request_id}": (io.BytesIO(make_png()), "proof.png")}
    answer = press(owner, application, f"requests/{request_id}/", **proof)
    assert (answer.status_code, answer.location) == (303, page(application))
    words = owner.get(page(application)).text
    assert "Your document is stored and on its way to the group." in words
    assert "send it below" not in words
    assert "proof.png" in words
    name = f"requested_{request_id}-{application.reference}.png"
    assert [mail.attachments[0]["name"] for mail in mails("document_sent")] == [name, name]
    again = press(owner, application, f"requests/{request_id}/")
    assert (again.status_code, headings(again.text, "h1")) == (409, ["This can no longer be done"])


def test_what_the_group_asks_for_is_told_to_the_owner_alone(
    owner: FlaskClient, client: FlaskClient, application: Application
) -> None:
    ask(application)
    own, others = owner.get(page(application)).text, client.get(page(application)).text
    link = "A further document is asked for: have a link mailed to you to see which."
    assert ("Your degree,\nsigned." in own, link in own) == (True, False)
    assert ("Your degree" in others, link in others) == (False, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "select a file"),
        (b"", "the file is empty"),
        (b"plain text", "the file is not a PDF, JPEG or PNG"),
        (encrypted_pdf("secret"), "save the file without a password"),
    ],
)
def test_a_file_that_is_not_taken_is_said_beside_it(
    owner: FlaskClient, application: Application, content: bytes | None, words: str
) -> None:
    request_id = ask(application)
    name = f"requested_{request_id}"
    data = {} if content is None else {name: (io.BytesIO(content), "file.pdf")}
    answer = press(owner, application, f"requests/{request_id}/", **data)
    assert answer.status_code == 422
    assert f'<a href="#{name}">' in answer.text
    assert words in answer.text
    assert (count(Document), len(mails("document_sent"))) == (1, 0)


def test_nobody_sends_what_belongs_to_another(owner: FlaskClient, application: Application) -> None:
    request_id = ask(application)
    token = db.session.scalars(select(Document.token)).one()
    answer = press(owner, application, f"requests/{request_id}/", **{f"requested_{request_id}_token": token})
    assert (answer.status_code, count(Document)) == (422, 1)
    assert owner.get(page(application, f"requests/{request_id + 1}/")).status_code == 404
    move_all("declined")
    proof = {f"requested_{request_id}": (io.BytesIO(make_png()), "proof.png")}
    assert press(owner, application, f"requests/{request_id}/", **proof).status_code == 409


def test_for_what_is_over_no_document_is_asked(owner: FlaskClient, application: Application) -> None:
    """Nobody looks for a file that can then not be sent, nor is told that it is the wrong one."""
    address = f"requests/{ask(application)}/"
    assert headings(owner.get(page(application, address)).text, "h1") == ["Send a document"]
    assert press(owner, application, "withdraw/").status_code == 303
    for answer in (owner.get(page(application, address)), press(owner, application, address)):
        assert (answer.status_code, headings(answer.text, "h1")) == (409, ["This can no longer be done"])


def test_the_download_holds_everything_and_no_secrets(owner: FlaskClient, application: Application) -> None:
    newer = make_pdf("newer")
    letter = upload(make_pdf("a letter"))
    with transaction() as session:
        session.add(Referee(application_id=application.id, position=1, name="测试丙", email="r1@example.org",
                            title="Professor", asked_at=SENT, received_at=SENT, document_id=letter.id))  # fmt: skip
    change(application, {"cet4": 500}, files={"resume": newer})
    move_all("declined", release=False)
    response = owner.get(page(application, "data.zip"))
    assert response.headers["Content-Disposition"] == f"attachment; filename=application-{application.reference}.zip"
    assert response.headers["Cache-Control"] == "no-store"
    archive = ZipFile(io.BytesIO(response.data))
    response.close()
    name = f"resume-{application.reference}.pdf"
    assert archive.namelist() == ["application.json", f"files/version-1/{name}", f"files/version-2/{name}"]
    assert archive.read(f"files/version-1/{name}") == RESUME
    assert archive.read(f"files/version-2/{name}") == newer
    data = json.loads(archive.read("application.json"))
    assert "Letters of referees are not included" in data["about"]
    assert (data["reference"], data["state"], data["language"]) == (application.reference, "submitted", "en")
    assert [(each["number"], each["answers"]["cet4"], each["consent_version"]) for each in data["versions"]] == [
        (1, 400, CONSENT_VERSION), (2, 500, "next"),
    ]  # fmt: skip
    assert [(each["name"], each["original_name"], each["until_version"]) for each in data["files"]] == [
        (f"files/version-1/{name}", "简历.pdf", 1), (f"files/version-2/{name}", "file.pdf", None),
    ]  # fmt: skip
    assert [(each["event"], each.get("version")) for each in data["history"]] == [("submitted", None), ("changed", 2)]
    assert data["referees"][0]["letter_received"] is True
    assert {each["to"] for each in data["mails"]} == {None, "applicant@example.org"}
    assert len(data["mails"]) == 6
    assert "declined" not in archive.read("application.json").decode()


def test_the_download_holds_a_change_that_was_begun(owner: FlaskClient, application: Application) -> None:
    draft = begin_change(application=application, key="key-of-a-change-in-a-test", now=SENT)
    save_topic(draft=draft, topic="english", answers={"cet4": 600}, seen=0, now=SENT + DAY)
    newer = make_pdf("newer")
    attach(draft=draft, kind="transcript", document=upload(newer, "成绩单.pdf"), now=SENT + DAY)
    response = owner.get(page(application, "data.zip"))
    archive = ZipFile(io.BytesIO(response.data))
    response.close()
    name = f"files/not-sent/transcript-{application.reference}.pdf"
    assert archive.namelist() == ["application.json", f"files/version-1/resume-{application.reference}.pdf", name]
    assert archive.read(name) == newer
    data = json.loads(archive.read("application.json"))
    begun = data["change_not_sent"]
    assert (begun["answers"]["cet4"], begun["saved_at"]) == (600, (SENT + DAY).isoformat())
    assert [(each["name"], each["original_name"]) for each in begun["files"]] == [(name, "成绩单.pdf")]
    assert [each["answers"]["cet4"] for each in data["versions"]] == [400]


def test_a_deletion_needs_a_tick_and_leaves_an_entry_and_two_mails(
    owner: FlaskClient, application: Application
) -> None:
    reference = application.reference
    refused = post(owner, page(application, "delete/"))
    assert (refused.status_code, count(Application)) == (422, 1)
    assert '<a href="#confirm">Tick the box to delete it</a>' in refused.text
    assert f"the application {reference} was deleted on this day because you asked for it" in refused.text
    answer = post(owner, page(application, "delete/"), confirm="y")
    assert (answer.status_code, answer.location) == (303, "/en/apply/deleted/")
    assert headings(owner.get("/en/apply/deleted/").text, "h1") == ["Your application is deleted"]
    assert (count(Application), count(Document)) == (0, 0)
    assert db.session.scalar(select(func.count(Event.application_id))) == 0
    entry = db.session.scalars(select(Deletion)).one()
    assert (entry.reference, entry.reason, entry.actor_id) == (reference, "request", None)
    assert [mail.message for mail in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))] == [
        "application_deleted", "deletion_notice", "deletion_notice",
    ]  # fmt: skip
    assert owner.get(f"/en/apply/status/{reference}/").status_code == 404
    assert count(ApplicationAccess) == 0


def test_what_is_sent_for_an_application_that_is_deleted_meanwhile_leads_to_its_page(
    owner: FlaskClient, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, receive = application.reference, uploads.receive
    request_id = ask(application)

    def slowly(form: FilesForm, *, now: datetime) -> None:
        receive(form, now=now)
        delete_application(reference=reference, reason="request", actor=None, farewell=True, now=now)

    monkeypatch.setattr(uploads, "receive", slowly)
    proof = {f"requested_{request_id}": (io.BytesIO(make_png()), "proof.png")}
    answer = post(owner, f"/en/apply/status/{reference}/requests/{request_id}/", **proof)
    assert (answer.status_code, answer.location) == (303, f"/en/apply/status/{reference}/")
    assert owner.get(answer.location).status_code == 404


def test_the_browser_that_applied_may_change_it_at_once(client: FlaskClient, app: Flask) -> None:
    load_fictional_content(app)
    apply(client)
    assert "Change the application" in client.get(page(the_application())).text
