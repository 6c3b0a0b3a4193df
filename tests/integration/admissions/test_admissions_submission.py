"""What a submission writes: application, outcomes, history and mails, all of it or nothing."""

import threading
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument
from s2group.admissions.rules import Verdict
from s2group.admissions.services.submissions import outcomes_of, submit_application
from s2group.audit.models import Event
from s2group.audit.rules import Submitted
from s2group.documents.models import Document
from s2group.documents.services import take_upload
from s2group.documents.store import read_bytes
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import MORNING, RESUME, load_fictional_content
from tests.support.pdf import make_pdf

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
ANSWERS = {
    "phone": "+8613800138000",
    "university": "测试大学",
    "college": "计算机学院",
    "major": "软件工程",
    "exemption_status": "has",
    "cet4": 441,
    "declared": ["foundations"],
    "statement": "第一行\n第二行 <b>",
}


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    return db.session.scalars(select(AdmissionRoute).filter_by(key="recommended-exemption-master")).one()


def upload(content: bytes = RESUME, name: str = "简历.pdf") -> Document:
    return take_upload(stream=BytesIO(content), original_name=name, now=MORNING)


def submit(route: AdmissionRoute, **changes: Any) -> Application:
    facts: dict[str, Any] = {
        "route": route,
        "name": "测试甲",
        "email": "applicant@example.org",
        "answers": ANSWERS,
        "locale": "zh",
        "form_key": "form-key-of-a-test",
        "consent_version": "1",
        "now": NOW,
    }
    facts |= changes
    documents = facts.pop("documents", None) or {"resume": upload()}
    return submit_application(documents=documents, **facts)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def events_of_applications() -> int:
    return db.session.scalar(select(func.count(Event.application_id))) or 0


def mails() -> dict[str, OutboxMail]:
    return {mail.recipient: mail for mail in db.session.scalars(select(OutboxMail))}


def test_everything_is_written_down(route: AdmissionRoute) -> None:
    application = submit(route)
    db.session.expire_all()
    assert (application.name, application.email, application.locale) == ("测试甲", "applicant@example.org", "zh")
    assert application.answers == ANSWERS
    assert list(application.answers) == list(ANSWERS)
    assert (application.consent_version, application.submitted_at) == ("1", NOW)
    assert application.requirement_set.version == 1
    assert [(event.details, event.at, event.actor_id) for event in application.events] == [(Submitted(), NOW, None)]
    assert [(entry.kind, entry.document.sha256) for entry in application.documents] == [
        ("resume", sha256(RESUME).hexdigest())
    ]


def test_the_outcomes_are_kept_as_they_were(route: AdmissionRoute) -> None:
    outcomes = {outcome.key: outcome for outcome in outcomes_of(submit(route))}
    assert {key: outcome.verdict for key, outcome in outcomes.items()} == {
        "exemption_quota": Verdict.MET,
        "health_and_attitude": Verdict.UNKNOWN,
        "foundations": Verdict.MET,
        "foreign_language": Verdict.UNKNOWN,
        "research_ability": Verdict.UNKNOWN,
        "cet4": Verdict.MET,
        "neural_network": Verdict.UNKNOWN,
        "papers": Verdict.UNKNOWN,
    }
    assert (outcomes["cet4"].value, outcomes["cet4"].margin) == (441, 16)


def test_the_group_gets_a_mail_for_each_recipient(route: AdmissionRoute) -> None:
    application = submit(route)
    mail, copy = mails()["pi@example.org"], mails()["co@example.org"]
    for each in (mail, copy):
        assert each.subject == "推免硕士-测试甲-测试大学 计算机学院 软件工程"
        assert each.reply_to == "applicant@example.org"
        assert (each.to, each.copies) == (["pi@example.org"], ["co@example.org"])
        assert each.attachments == [
            {
                "sha256": sha256(RESUME).hexdigest(),
                "name": f"resume-{application.reference}.pdf",
                "title": "推免硕士-测试甲-测试大学-简历.pdf",
            }
        ]
        assert (each.topic, each.state, each.attempts) == (application.reference, "waiting", 0)
    assert mail.message_id != copy.message_id


def test_the_mail_to_the_group_says_it_all(route: AdmissionRoute) -> None:
    application = submit(route, documents={"resume": upload(), "transcript": upload(make_pdf("grades"), "grades.pdf")})
    mail = mails()["pi@example.org"]
    for part in (mail.text, mail.html):
        for words in (
            application.reference,
            "2026 年 9 月 2 日 14:06（UTC+8）",
            "推荐免试硕士研究生",
            "测试甲",
            "applicant@example.org",
            "+8613800138000",
            "测试大学",
            "四级不低于 425 分",
            "441",
            "16",
            sha256(RESUME).hexdigest(),
            sha256(make_pdf("grades")).hexdigest(),
            f"http://127.0.0.1:8000/review/{application.reference}/",
        ):
            assert words in part
    assert "第一行\n第二行 <b>" in mail.text
    assert "第一行<br>第二行 &lt;b&gt;" in mail.html
    assert [attachment["name"] for attachment in mail.attachments] == [
        f"resume-{application.reference}.pdf",
        f"transcript-{application.reference}.pdf",
    ]
    assert read_bytes(mail.attachments[0]["sha256"]) == RESUME


def test_the_applicant_gets_a_confirmation_in_their_language(route: AdmissionRoute) -> None:
    application = submit(route, locale="en")
    mail = mails()["applicant@example.org"]
    assert mail.subject == f"We have your application {application.reference}"
    assert (mail.to, mail.copies, mail.attachments) == (["applicant@example.org"], [], [])
    assert mail.reply_to == "pi@example.org"
    for part in (mail.text, mail.html):
        for words in (
            application.reference,
            "2 September 2026, 14:06 (UTC+8)",
            sha256(RESUME).hexdigest(),
            "within 14 days",
            f"http://127.0.0.1:8000/en/apply/received/{application.reference}/",
        ):
            assert words in part


def test_a_confirmation_repeats_nothing_that_a_stranger_could_have_typed(route: AdmissionRoute) -> None:
    submit(route, name="Buy at example.org", documents={"resume": upload(name="buy at example org.pdf")}, locale="en")
    mail = mails()["applicant@example.org"]
    for part in (mail.subject, mail.text, mail.html):
        assert "buy at" not in part.lower()


def test_a_name_stays_text_in_the_html_part(route: AdmissionRoute) -> None:
    submit(route, name="<script>alert(1)</script>")
    html = mails()["pi@example.org"].html
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_same_form_gives_the_same_application(route: AdmissionRoute) -> None:
    first, second = submit(route), submit(route)
    assert first.id == second.id
    assert (count(Application), count(OutboxMail), events_of_applications()) == (1, 3, 1)


def test_the_same_file_gives_the_same_application(route: AdmissionRoute) -> None:
    document = upload()
    first = submit(route, documents={"resume": document}, form_key="form-key-of-one-form")
    second = submit(route, documents={"resume": document}, form_key="form-key-of-another-one")
    assert first.id == second.id
    assert (count(Application), count(OutboxMail)) == (1, 3)


def test_forms_sent_at_once_become_one_application(app: Flask, route: AdmissionRoute) -> None:
    references, route_id = [], route.id
    gate = threading.Barrier(4)

    def race() -> None:
        with app.app_context():
            document = upload()
            found = db.session.get_one(AdmissionRoute, route_id)
            gate.wait()
            references.append(submit(found, documents={"resume": document}).reference)
            db.session.remove()

    racers = [threading.Thread(target=race) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    db.session.rollback()
    assert len(references) == 4
    assert len(set(references)) == 1
    assert (count(Application), count(ApplicationDocument), count(OutboxMail)) == (1, 1, 3)


def test_nothing_is_written_when_a_mail_cannot_be(route: AdmissionRoute) -> None:
    with pytest.raises(ValueError):
        submit(route, email="not an address")
    assert (count(Application), count(ApplicationDocument), count(OutboxMail), events_of_applications()) == (0, 0, 0, 0)
