"""The words of mails: both languages, a mistake at its place, and two people at once."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group.admissions.models import Application
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody.queries import abandoned_documents
from s2group.custody.reconciliation import reconcile
from s2group.custody.services import discard_abandoned
from s2group.documents.store import store
from s2group.evaluation.messages.jobs import files_kept_for_nothing, let_go_of_files
from s2group.evaluation.messages.queries import KEYS, template_of
from s2group.evaluation.releases import services
from s2group.mail.queries import mails_of
from s2group.mail.services import Attachment
from s2group.privacy.deletion import delete_application
from tests.support.applying import load_fictional_content
from tests.support.headings import text_of
from tests.support.pdf import make_pdf
from tests.support.releasing import HELD, NOW, applicants, decided, releaser
from tests.support.staff import form_token, sign_in

DAY = timedelta(days=1)
OFFER = "/en/review/templates/offer/"
WORDS = {
    "subject_zh": "录取 {reference}",
    "subject_en": "A place {reference}",
    "text_zh": "{name}，你好",
    "text_en": "Dear {name}",
}


@pytest.fixture
def pi(app: Flask, client: FlaskClient) -> FlaskClient:
    load_fictional_content(app)
    sign_in(client, Role.PI)
    return client


def save(client: FlaskClient, **changes: str) -> tuple[int, str]:
    token = form_token(client.get(OFFER).text)
    answer = client.post(OFFER, data={"csrf_token": token, **WORDS, "seen": "0", **changes})
    return answer.status_code, answer.text


def test_new_words_are_those_of_the_next_mail(pi: FlaskClient) -> None:
    assert save(pi)[0] == 303
    assert "version 1" in pi.get(OFFER).text
    [application] = applicants(1)
    [message] = services.decision_messages([decided(application, "offer")])
    assert (message.subject, message.text) == (f"A place {application.reference}", "Dear 测试·0")
    assert message.template_version == 1


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("text_en", "Dear\n {nmae}", "Line 2, character 2: there is no field {nmae}"),
        ("subject_zh", "{}", "Line 1, character 1: there is no field {}"),
        ("text_zh", "", "Write what the mail says"),
    ],
)
def test_a_mistake_is_said_at_its_place_and_nothing_lost(pi: FlaskClient, field: str, text: str, says: str) -> None:
    status, page = save(pi, **{field: text})
    assert (status, says in page, "你好" in page or field == "text_zh") == (422, True, True)
    assert template_of("offer").version == 0


def test_who_comes_second_overwrites_nobody(pi: FlaskClient) -> None:
    assert save(pi, text_en="The first")[0] == 303
    status, page = save(pi, text_en="The second")
    assert (status, "The first" in page, "The second" in page) == (422, True, True)
    assert template_of("offer").text.en == "The first"


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_has_a_page(pi: FlaskClient, key: str) -> None:
    assert pi.get(f"/review/templates/{key}/").status_code == 200
    assert pi.get("/review/templates/nonsense/").status_code == 404


def test_the_last_day_of_an_offer_is_filled_in(pi: FlaskClient) -> None:
    application: Application = decided(applicants(1)[0], "offer")
    [message] = services.decision_messages([application])
    assert "Answer by: no last day" in message.text


def test_a_pdf_goes_along_with_the_mails_of_one_language(app: Flask, pi: FlaskClient) -> None:
    page = f"{OFFER}files/en/"

    def send(content: bytes, name: str) -> tuple[int, str]:
        data = {"csrf_token": form_token(pi.get(page).text), "file": (io.BytesIO(content), name)}
        answer = pi.post(page, data=data)
        return answer.status_code, text_of(answer.text)

    status, said = send(b"no PDF", "a.pdf")
    assert (status, "The file is no PDF" in said) == (422, True)
    assert send(make_pdf("Guidelines"), "报到 指南_2026.pdf")[0] == 303
    [file] = template_of("offer").files
    assert "报到 指南_2026.pdf" in pi.get(OFFER).text
    assert pi.get(f"{OFFER}files/{file.document.token}.pdf").data == make_pdf("Guidelines")
    assert pi.get(f"/en/review/templates/waitlist/files/{file.document.token}.pdf").status_code == 404
    english, chinese = applicants(2)
    with transaction() as session:
        chinese.locale = "zh"
        session.add(chinese)
    messages = services.decision_messages([decided(english, "offer"), decided(chinese, "offer")])
    digest = file.document.sha256
    along = Attachment(digest, f"offer-{file.id}.pdf", "报到-指南-2026.pdf")
    assert [message.attachments for message in messages] == [[along], []]
    released = services.prepare(messages=messages, actor=releaser(), now=NOW)
    shown = text_of(pi.get(f"/en/review/releases/{released.key}/{english.reference}/").text)
    assert "Files 报到-指南-2026.pdf" in shown
    # Removed, it stays for what was prepared with it, and nothing takes its file for an orphan.
    token = form_token(pi.get(OFFER).text)
    assert pi.post(f"{OFFER}files/{file.document.token}.pdf", data={"csrf_token": token}).status_code == 303
    assert template_of("offer").files == []
    services.queue(release=released, actor=releaser(), now=NOW)
    services.take_effect(now=NOW + HELD)
    assert [mail.attachments for mail in mails_of(english.reference) if mail.message == "decision_told"] == [
        [{"sha256": digest, "name": along.name, "title": along.title}]
    ]
    assert digest not in [row.sha256 for row in abandoned_documents(NOW + timedelta(days=9000))]
    assert [str(each) for each in reconcile(now=NOW) if digest in str(each)] == []
    reviewer = app.test_client()
    sign_in(reviewer, Role.REVIEWER)
    assert reviewer.get(f"{OFFER}files/{file.document.token}.pdf").status_code == 404
    # Once nothing carries it, it goes like an upload that was left, and the check says so where nobody lets it go.
    removed = clock.now()
    assert (let_go_of_files(now=removed + 9 * DAY), files_kept_for_nothing(removed + 9 * DAY)) == (0, [])
    delete_application(reference=english.reference, reason="request", actor=None, now=NOW)
    assert let_go_of_files(now=removed + DAY - timedelta(minutes=1)) == 0
    assert files_kept_for_nothing(removed + 2 * DAY) == []
    assert [str(each) for each in files_kept_for_nothing(removed + 4 * DAY)] == [
        f"removed file of a mail template that no message carries: {digest}"
    ]
    assert (let_go_of_files(now=removed + 2 * DAY), store.has(digest)) == (1, True)
    assert discard_abandoned(now=removed + 2 * DAY) >= 1
    assert (store.has(digest), files_kept_for_nothing(removed + 4 * DAY)) == (False, [])
    [orphan] = (app.config["DATA_DIR"] / "orphans").glob(f"*{digest}")
    assert orphan.read_bytes() == make_pdf("Guidelines")
