"""One message to many: counted and skipped first, seen one by one, held, and in each applicant's language."""

import re

from flask import Flask
from flask.testing import FlaskClient

from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.releases import services
from s2group.evaluation.releases.models import MessageRelease
from s2group.extensions import db
from s2group.mail.queries import mails_of
from tests.support.applying import load_fictional_content
from tests.support.headings import text_of
from tests.support.moving import move
from tests.support.releasing import applicants
from tests.support.staff import form_token, sign_in

BULK = "/en/review/bulk/"
WORDS = {
    "subject_zh": "面试安排 {reference}", "text_zh": "{name}，你好",
    "subject_en": "The interviews {reference}", "text_en": "Dear {name}\n\n{route}",
}  # fmt: skip


def send(client: FlaskClient, **fields: object) -> tuple[int, str, str]:
    token = form_token(client.get(f"{BULK}?q=status:new").text)
    answer = client.post(f"{BULK}write/", data={"csrf_token": token, **fields})
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def test_a_message_to_a_search_is_seen_held_and_told(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    english, chinese, withdrawn = applicants(3)
    with transaction() as session:
        session.add(chinese)
        chinese.locale = "zh"
    move(withdrawn, "withdrawn")
    sign_in(client, Role.PI)
    assert "Write to them…" in client.get(f"{BULK}?q=status:new").text
    references = [each.reference for each in (english, chinese, withdrawn)]
    status, page, _ = send(client, r=references)
    for part in ("Write to 2 applicants", "Skips 1 that is withdrawn.", "1 gets it in Chinese", "1 gets it in English"):
        assert part in text_of(page)
    assert (status, "About your application {reference}" in page) == (200, True)
    status, page, _ = send(client, r=references, written="1", **WORDS | {"text_en": "Dear {nmae}"})
    assert (status, "there is no field {nmae}" in page, "面试安排 {reference}" in page) == (422, True, True)
    status, _, address = send(client, r=references, written="1", **WORDS)
    assert status == 303
    shown = text_of(client.get(address).text)
    assert "Release 2 messages" in shown
    assert f"The interviews {english.reference}" in shown
    release = db.session.query(MessageRelease).one()
    assert [item.state for item in release.items] == [None, None]
    token = form_token(client.get(address).text)
    assert client.post(address, data={"csrf_token": token, "action": "go"}).status_code == 303
    assert release.effective_at
    services.take_effect(now=release.effective_at)
    for application, subject in ((english, "The interviews"), (chinese, "面试安排")):
        [mail] = [each for each in mails_of(application.reference) if each.message == "message_written"]
        assert (mail.subject, application.shown_state) == (f"{subject} {application.reference}", "submitted")
    assert re.search(r"^Dear 测试·0$", mails_of(english.reference)[-1].text, re.MULTILINE)
    assert [each for each in mails_of(withdrawn.reference) if each.message == "message_written"] == []
    assert send(client, q="(((")[0] == 422
    reviewer = app.test_client()
    sign_in(reviewer, Role.REVIEWER)
    assert "Write to them…" not in reviewer.get(f"{BULK}?q=status:new").text
    assert (
        reviewer.post(
            f"{BULK}write/", data={"csrf_token": form_token(reviewer.get(f"{BULK}?q=status:new").text)}
        ).status_code
        == 404
    )
