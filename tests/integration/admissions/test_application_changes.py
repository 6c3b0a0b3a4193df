"""Withdrawing, taking that back, and changing an application: all of it is written, or nothing."""

import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from s2group.admissions import queries
from s2group.admissions.models import (
    Application,
    ApplicationDocument,
    Call,
    Draft,
    FormerVersion,
    RequirementSet,
)
from s2group.admissions.rules import Verdict
from s2group.admissions.services import changes, drafts
from s2group.admissions.services.changes import TooLateError, begin_change, take_back_withdrawal, withdraw
from s2group.admissions.services.states import ForbiddenMoveError
from s2group.admissions.services.submissions import IncompleteError, outcomes_of
from s2group.apply.views.blueprint import CONSENT_VERSION
from s2group.audit.rules import Changed
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.extensions import Base, db
from s2group.links.models import Link
from s2group.links.rules import Purpose
from s2group.links.services import issue
from s2group.mail.models import OutboxMail
from tests.support.applying import RESUME, apply, load_fictional_content, pdf, the_application
from tests.support.changing import CHANGED_AT, change, mails, upload
from tests.support.moving import move
from tests.support.pdf import make_pdf

LATER = CHANGED_AT + timedelta(days=1)
NEW_RESUME, TRANSCRIPT = make_pdf("a newer CV"), make_pdf("grades")
CLOSED = datetime(2026, 9, 3, 6, 5, tzinfo=UTC)


@pytest.fixture
def application(app: Flask, client: FlaskClient) -> Application:
    load_fictional_content(app)
    response = apply(client, transcript=pdf(TRANSCRIPT, "grades.pdf"), cet4="400")
    assert response.status_code == 303, response.text
    return the_application()


def close_call(at: datetime = CLOSED) -> None:
    with transaction() as session:
        session.execute(update(Call).values(closes_at=at))


def count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def files(application: Application) -> dict[tuple[str, int, int | None], str]:
    db.session.expire_all()
    return {(each.kind, each.since, each.until): each.document.sha256 for each in application.all_documents}


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def test_a_change_makes_a_version_and_keeps_the_one_before(application: Application) -> None:
    before = dict(application.answers)
    sent_at, form_key = application.submitted_at, application.form_key
    changed = change(application, {"cet4": 500, "name": "测试乙"}, key="key-of-the-first-change-")
    db.session.expire_all()
    assert changed.id == application.id
    assert (application.version, application.changed_at, application.submitted_at) == (2, CHANGED_AT, sent_at)
    assert (application.name, application.consent_version) == ("测试乙", "next")
    assert application.form_key == "key-of-the-first-change-"
    assert application.answers == before | {"cet4": 500}
    [former] = application.former_versions
    assert (former.number, former.form_key, former.name, former.email) == (
        1, form_key, "Test Applicant", "applicant@example.org",
    )  # fmt: skip
    assert (former.answers, former.sent_at, former.consent_version) == (before, sent_at, CONSENT_VERSION)
    assert [(event.details, event.at) for event in application.events][1:] == [(Changed(2), CHANGED_AT)]
    assert count(Draft) == 0


def test_a_second_change_counts_from_the_first(application: Application) -> None:
    change(application, {"cet4": 500}, key="key-of-the-first-change-")
    change(application, {"cet4": 600}, key="key-of-the-second-change", now=LATER)
    db.session.expire_all()
    assert [(former.number, former.answers["cet4"]) for former in application.former_versions] == [(1, 400), (2, 500)]
    assert application.former_versions[1].sent_at == CHANGED_AT
    assert (application.version, application.answers["cet4"], application.changed_at) == (3, 600, LATER)


def test_a_change_is_judged_by_the_newest_requirements(application: Application) -> None:
    old = application.requirement_set
    with transaction() as session:
        newer = [
            {**line, "minimum": 600, "wording": {"zh": "四级 600", "en": "CET-4 of 600"}}
            for line in old.requirements
            if line["key"] == "cet4"
        ]
        session.add(RequirementSet(route_id=old.route_id, version=2, requirements=newer, created_at=CHANGED_AT))
    change(application, {"cet4": 500})
    db.session.expire_all()
    assert application.requirement_set.version == 2
    [outcome] = outcomes_of(application)
    assert (outcome.key, outcome.verdict, outcome.threshold) == ("cet4", Verdict.NOT_MET, 600)
    assert application.former_versions[0].requirement_set_id == old.id


def test_new_files_take_the_place_of_old_ones_which_stay_on_record(application: Application) -> None:
    change(application, files={"resume": NEW_RESUME}, removed=("transcript",))
    assert files(application) == {
        ("resume", 1, 2): digest(RESUME),
        ("transcript", 1, 2): digest(TRANSCRIPT),
        ("resume", 2, None): digest(NEW_RESUME),
    }
    assert [(each.kind, each.document.sha256) for each in application.documents] == [("resume", digest(NEW_RESUME))]
    assert count(Document) == 3


def test_a_file_that_is_not_touched_stays(application: Application) -> None:
    change(application, {"cet4": 500})
    assert set(files(application)) == {("resume", 1, None), ("transcript", 1, None)}


def test_the_group_gets_the_new_files_and_the_applicant_a_confirmation(application: Application) -> None:
    change(application, files={"resume": NEW_RESUME})
    to_the_group = mails("application_changed")
    assert [mail.recipient for mail in to_the_group] == ["pi@example.org", "co@example.org"]
    for mail in to_the_group:
        assert mail.subject == "推免硕士-Test Applicant-Test University Test College Test Studies · 第 2 版"
        assert (mail.reply_to, mail.topic) == ("applicant@example.org", application.reference)
        assert mail.attachments == [
            {
                "sha256": digest(NEW_RESUME),
                "name": f"resume-v2-{application.reference}.pdf",
                "title": "推免硕士-TestApplicant-TestUniversity-简历-v2.pdf",
            }
        ]
        assert f"http://127.0.0.1:8000/review/{application.reference}/versions/" in mail.text
        assert digest(NEW_RESUME) in mail.html
    [confirmation] = mails("change_confirmation")
    assert (confirmation.recipient, confirmation.locale) == ("applicant@example.org", "en")
    assert confirmation.subject == f"Your application {application.reference} was changed"
    for part in (confirmation.text, confirmation.html):
        assert f"http://127.0.0.1:8000/en/apply/status/{application.reference}/" in part
        assert "3 September 2026, 14:06 (UTC+8)" in part
        assert "Test Applicant" not in part


def test_a_former_address_is_told_too_and_neither_learns_of_the_other(application: Application) -> None:
    change(application, {"email": "new@example.org"})
    sent = {mail.recipient: mail for mail in mails("change_confirmation")}
    assert set(sent) == {"applicant@example.org", "new@example.org"}
    assert all(mail.to == [recipient] for recipient, mail in sent.items())
    assert mails("application_changed")[0].reply_to == "new@example.org"


def test_the_same_draft_from_many_sides_at_once_makes_one_version(app: Flask, application: Application) -> None:
    key, versions, gate = "key-of-a-change-in-a-test", [], threading.Barrier(3)
    begin_change(application=application, key=key, now=CHANGED_AT)

    def send() -> None:
        with app.app_context():
            draft = drafts.draft_by_key(key)
            assert draft
            gate.wait()
            versions.append(changes.amend(draft=draft, consent_version="next", now=CHANGED_AT).version)
            db.session.remove()

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    db.session.rollback()
    assert versions == [2, 2, 2]
    assert (count(FormerVersion), len(mails("change_confirmation"))) == (1, 1)


def test_every_version_is_found_by_the_key_of_its_form(application: Application) -> None:
    first = application.form_key
    change(application, {"cet4": 500}, key="key-of-the-first-change-")
    change(application, {"cet4": 510}, key="key-of-the-second-change")
    for key in (first, "key-of-the-first-change-", "key-of-the-second-change"):
        found = queries.application_by_form_key(key)
        assert found and found.id == application.id
    assert queries.application_by_form_key("another-key-of-nobody---") is None


def test_a_change_that_was_begun_is_gone_on_with(application: Application) -> None:
    first = begin_change(application=application, key="key-of-the-first-change-", now=CHANGED_AT)
    second = begin_change(application=application, key="key-of-the-second-change", now=CHANGED_AT)
    assert (first.id, count(Draft)) == (second.id, 1)


def test_a_change_that_was_left_alone_too_long_is_begun_anew(application: Application) -> None:
    close_call(CHANGED_AT + timedelta(days=365))
    first = begin_change(application=application, key="key-of-the-first-change-", now=CHANGED_AT)
    drafts.attach(draft=first, kind="resume", document=upload(NEW_RESUME), now=CHANGED_AT)
    drafts.save_topic(draft=first, topic="english", answers={"cet4": 500}, seen=0, now=CHANGED_AT)
    last_moment = drafts.ends_at(first)
    assert begin_change(application=application, key="key-of-a-change-in-time-", now=last_moment).key == first.key
    afterwards = last_moment + timedelta(seconds=1)
    second = begin_change(application=application, key="key-of-the-second-change", now=afterwards)
    assert (second.key, second.answers["cet4"], second.documents, count(Draft)) == (
        "key-of-the-second-change", 400, [], 1,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["interview", "waitlist", "offer", "declined", "withdrawn"])
def test_what_is_further_on_its_way_is_not_changed(application: Application, state: str) -> None:
    draft = begin_change(application=application, key="key-of-a-change-in-a-test", now=CHANGED_AT)
    move(application, state)
    with pytest.raises(TooLateError):
        changes.amend(draft=draft, consent_version="next", now=CHANGED_AT)
    with pytest.raises(TooLateError):
        begin_change(application=the_application(), key="key-of-another-change---", now=CHANGED_AT)
    assert (count(Draft), count(FormerVersion), the_application().version) == (1, 0, 1)


@pytest.mark.parametrize("state", ["interview", "waitlist", "offer", "declined"])
def test_a_decision_that_is_not_shown_keeps_nobody_from_anything(application: Application, state: str) -> None:
    move(application, state, release=False)
    assert change(application, {"cet4": 500}).version == 2
    withdraw(application=application, now=LATER)
    db.session.expire_all()
    assert (application.state, application.shown_state, application.withdrawn_from) == ("withdrawn", "withdrawn", state)
    take_back_withdrawal(application=application, now=LATER)
    db.session.expire_all()
    assert (application.state, application.shown_state) == (state, "submitted")


def test_after_the_close_nothing_is_changed(application: Application) -> None:
    draft = begin_change(application=application, key="key-of-a-change-in-a-test", now=CHANGED_AT)
    close_call()
    with pytest.raises(TooLateError):
        changes.amend(draft=draft, consent_version="next", now=CHANGED_AT)
    assert (count(Draft), the_application().version) == (1, 1)


def test_a_change_that_leaves_something_out_is_not_taken(application: Application) -> None:
    with pytest.raises(IncompleteError) as error:
        change(application, {"phone": ""}, removed=("resume",))
    assert sorted(error.value.names) == ["phone", "resume"]
    assert (count(Draft), count(FormerVersion), the_application().version) == (1, 0, 1)


def test_a_change_whose_mail_cannot_be_written_leaves_everything_as_it_was(application: Application) -> None:
    before = files(application)
    draft = begin_change(application=application, key="key-of-a-change-in-a-test", now=CHANGED_AT)
    drafts.attach(draft=draft, kind="resume", document=upload(NEW_RESUME), now=CHANGED_AT)
    with transaction() as session:
        session.execute(update(Draft).values(answers={**draft.answers, "email": "not an address"}))
    with pytest.raises(ValueError):
        changes.amend(draft=draft, consent_version="next", now=CHANGED_AT)
    assert (files(application), count(FormerVersion), count(Draft), application.version) == (before, 0, 1, 1)
    assert len(mails("application_changed")) == 0


def test_a_withdrawal_is_mailed_to_both_sides(application: Application) -> None:
    withdraw(application=application, now=CHANGED_AT)
    [confirmation] = mails("application_withdrawn")
    assert (confirmation.recipient, confirmation.reply_to) == ("applicant@example.org", "pi@example.org")
    assert confirmation.subject == f"Your application {application.reference} is withdrawn"
    assert "3 September 2026, 14:06 (UTC+8)" in confirmation.text
    notices = mails("withdrawal_notice")
    assert [mail.recipient for mail in notices] == ["pi@example.org", "co@example.org"]
    assert notices[0].subject == "已撤回：推免硕士-Test Applicant-Test University Test College Test Studies"
    assert (application.state, application.withdrawn_from) == ("withdrawn", "submitted")


def test_a_withdrawal_is_taken_back_while_the_call_is_open(application: Application) -> None:
    withdraw(application=application, now=CHANGED_AT)
    take_back_withdrawal(application=application, now=LATER)
    db.session.expire_all()
    assert (application.state, application.state_at, application.withdrawn_from) == ("submitted", LATER, None)
    assert (
        mails("withdrawal_notice")[-1].subject
        == "不再撤回：推免硕士-Test Applicant-Test University Test College Test Studies"
    )
    assert len(mails("application_withdrawn")) == 1


def test_a_withdrawal_stays_once_the_call_has_closed(application: Application) -> None:
    withdraw(application=application, now=CHANGED_AT)
    close_call()
    with pytest.raises(TooLateError):
        take_back_withdrawal(application=application, now=LATER)
    assert the_application().state == "withdrawn"


def test_a_withdrawal_stays_once_the_files_are_gone(application: Application) -> None:
    withdraw(application=application, now=CHANGED_AT)
    assert changes.may_come_back(application, now=LATER)
    with transaction() as session:
        session.execute(update(Application).values(files_removed_at=CHANGED_AT))
    assert not changes.may_come_back(the_application(), now=LATER)
    with pytest.raises(TooLateError):
        take_back_withdrawal(application=application, now=LATER)
    assert the_application().state == "withdrawn"


def test_links_of_a_former_address_lead_nowhere(application: Application) -> None:
    with transaction() as session:
        issue(session, purpose=Purpose.MANAGE, subject=application.reference, now=CHANGED_AT)
    change(application, {"email": "Applicant@Example.org"}, key="key-of-the-first-change-")
    assert count(Link) == 1
    change(application, {"email": "new@example.org"}, key="key-of-the-second-change")
    assert count(Link) == 0


def test_a_change_ends_with_its_call_and_a_new_draft_with_the_grace(application: Application) -> None:
    change = begin_change(application=application, key="key-of-a-change-in-a-test", now=CHANGED_AT)
    new = drafts.start_draft(route=application.route, key="key-of-a-draft-in-a-test-", answers={}, locale="en",
                             now=CHANGED_AT)  # fmt: skip
    close_call(LATER)
    db.session.expire_all()
    grace = timedelta(minutes=application.route.call.grace_minutes)
    assert grace > timedelta(0)
    assert (drafts.ends_at(change), drafts.ends_at(new)) == (LATER, LATER + grace)


def test_what_is_not_there_to_be_withdrawn_is_not(application: Application) -> None:
    with pytest.raises(ForbiddenMoveError):
        take_back_withdrawal(application=application, now=CHANGED_AT)
    move(application, "declined")
    with pytest.raises(ForbiddenMoveError):
        withdraw(application=application, now=CHANGED_AT)
    assert db.session.scalar(select(func.count()).where(OutboxMail.message == "withdrawal_notice")) == 0
    assert count(ApplicationDocument) == 2
