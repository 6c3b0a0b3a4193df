"""The words of applications and of their documents: written with every change, read by the worker, gone with them."""

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from s2group.admissions.fulltext import rules
from s2group.admissions.fulltext.models import ApplicationText
from s2group.admissions.fulltext.queries import holds
from s2group.admissions.fulltext.services import forget_documents, read_documents
from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.database import transaction
from s2group.custody.reconciliation import check
from s2group.extensions import db
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import CHANGED_AT, change, upload
from tests.support.pdf import make_pdf
from tests.support.pictures import make_png
from tests.support.refereeing import ANSWERS, FIRST, SECOND, apply_with_referees


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    documents = {
        "resume": upload(make_pdf("Reads Prosody and waveforms"), now=MORNING),
        "transcript": upload(make_png(), now=MORNING),
    }
    return apply_with_referees(
        answers=ANSWERS | {"referees": [FIRST, SECOND], "research_plan": "研究語音合成\n與評測。"}, documents=documents
    )


def found(words: str, part: str | None = None) -> int:
    """How many applications hold the words."""
    condition = holds(ApplicationFacts.application_id.expression, rules.terms(words), part)
    return len(db.session.scalars(select(ApplicationFacts.application_id).where(condition)).all())


def words() -> ApplicationText:
    db.session.expire_all()
    return db.session.scalars(select(ApplicationText)).one()


def test_documents_are_read_by_the_worker_and_pictures_say_nothing(application: Application) -> None:
    assert (found("prosody"), found("语音合成与评测")) == (0, 1)
    assert [read_documents(), read_documents()] == [1, 0]
    assert (found("prosody"), found("prosody", "documents"), found("prosody", "answers")) == (1, 1, 0)
    assert {entry.kind: entry.document.has_text for entry in application.documents} == {
        "resume": True, "transcript": False,
    }  # fmt: skip


def test_a_change_takes_words_and_documents_along(application: Application) -> None:
    read_documents()
    change(application, {"university": "另一所大学"}, files={"resume": make_pdf("Knows vocoders")})
    assert (found("另一所", "university"), found("test university", "university"), found("prosody")) == (1, 0, 1)
    assert read_documents() == 1
    assert (found("prosody"), found("vocoders")) == (0, 1)


def test_they_go_with_the_files_and_with_the_application(application: Application) -> None:
    read_documents()
    with transaction() as session:
        forget_documents(session, application.id)
    assert (found("prosody"), found("评测")) == (0, 1)
    delete_application(reference=application.reference, reason="request", actor=None, now=CHANGED_AT)
    assert found("评测") == 0
    assert db.session.execute(text("SELECT count(*) FROM application_text")).scalar_one() == 0


def test_the_check_tells_what_is_wrong_and_the_operator_mends_it(app: Flask, application: Application) -> None:
    read_documents()
    with transaction() as session:
        session.execute(update(ApplicationText).values(made_of="other", answers="x"))
    assert [str(each) for each in check(now=CHANGED_AT)] == ["words of applications: words: 1; `facts index` mends it"]
    assert found("评测") == 0
    result = app.test_cli_runner().invoke(args=["facts", "index"])
    assert result.output == "Words that were missing or others: 1\n"
    assert read_documents() == 1
    assert (check(now=CHANGED_AT), found("评测"), found("prosody")) == ([], 1, 1)
