"""What the PI sees of an application's state, versions and likely duplicates, and what they can do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.admissions.decision_words import read_decisions
from s2group.admissions.models import Application, DocumentRequest
from s2group.admissions.rules.states import State
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import RESUME, apply, load_fictional_content, pdf, the_application
from tests.support.changing import change, mails
from tests.support.headings import headings
from tests.support.moving import move
from tests.support.pdf import make_pdf
from tests.support.queries import recorded_statements
from tests.support.staff import sign_in, submit

NEWER = make_pdf("newer")


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    apply(app.test_client(), transcript=pdf(make_pdf("grades"), "grades.pdf"), cet4="400")
    return the_application()


@pytest.fixture
def pi(client: FlaskClient, application: Application) -> FlaskClient:
    sign_in(client, Role.PI)
    return client


def page(application: Application, path: str = "") -> str:
    return f"/en/review/{application.reference}/{path}"


def words_of(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).text.split())


def stands() -> tuple[str, str]:
    db.session.expire_all()
    application = the_application()
    return application.state, application.shown_state


def others(client: FlaskClient, address: str) -> list[str]:
    """The names under 'Perhaps the same person'."""
    text = client.get(address).text
    if "Perhaps the same person" not in text:
        return []
    notice = text.split("Perhaps the same person")[1].split("</ul>")[0]
    return [part.split(">")[1].split("<")[0] for part in notice.split("<a ")[1:]]


def test_a_decision_is_shown_to_the_applicant_only_when_it_is_released(
    pi: FlaskClient, application: Application
) -> None:
    answer = submit(pi, page(application, "decision/"), state="screening")
    assert (answer.status_code, answer.location) == (303, page(application))
    assert stands() == ("screening", "submitted")
    words = words_of(pi, page(application))
    for part in (
        "The application is where you have put it.",
        "<b>Screening</b>",
        "the applicant still sees: To screen",
        "Moved · To screen → Screening · pi",
    ):
        assert part in words


def test_to_tell_it_leads_to_the_release(pi: FlaskClient, application: Application) -> None:
    answer = submit(pi, page(application, "decision/"), state="offer", release="y")
    assert (answer.status_code, stands(), mails("decision_told")) == (303, ("offer", "submitted"), [])
    assert headings(pi.get(answer.location).text, "h1") == ["Release 1 message"]


OFFER = '[offer]\nsubject = { zh = "录取", en = "A place" }\ntext = { zh = "一", en = "One\\ntwo" }\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[withdrawn]\n", r"\[withdrawn\] is none of"),
        ("[offer]\nsubject = 1\n", r"\[offer\] needs subject and text"),
        (OFFER.replace('"One', '"" #'), "decisions.toml"),
        (OFFER.replace('en = "A place"', 'en = " "'), r"\[offer\] subject needs a text in zh and one in en"),
        ("[offer", "decisions.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "decisions.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        read_decisions(tmp_path)


def test_the_groups_own_file_is_right() -> None:
    assert set(read_decisions(Path("content"))) == {State.INTERVIEW, State.WAITLIST, State.OFFER, State.DECLINED}


@pytest.mark.parametrize("state", ["withdrawn", "nonsense", ""])
def test_no_other_state_can_be_chosen(pi: FlaskClient, application: Application, state: str) -> None:
    answer = submit(pi, page(application, "decision/"), state=state)
    assert (answer.status_code, stands()) == (422, ("submitted", "submitted"))
    assert '<a href="#state">' in answer.text


def test_a_withdrawn_application_waits_for_nobody(pi: FlaskClient, application: Application) -> None:
    move(application, "withdrawn")
    words = words_of(pi, page(application))
    assert "/decision/" not in words and "/request/" not in words
    assert submit(pi, page(application, "decision/"), state="offer").status_code == 422
    assert pi.get(page(application, "request/")).location == page(application)
    assert "was faster" in words_of(pi, page(application))


def test_a_document_is_asked_for_until_the_end_of_a_day(pi: FlaskClient, application: Application) -> None:
    answer = submit(pi, page(application, "request/"), text="Your degree", due_on="2027-01-31")
    assert (answer.status_code, answer.location) == (303, page(application))
    asked = db.session.scalars(select(DocumentRequest)).one()
    assert (asked.text, asked.due_at) == ("Your degree", datetime(2027, 1, 31, 15, 59, 59, tzinfo=UTC))
    words = words_of(pi, page(application))
    assert "The applicant is asked by mail." in words
    assert 'Your degree <span class="tag wait">goes at' in words
    assert len(mails("documents_asked")) == 1
    submit(pi, page(application, "request/"), text="And a photo of it")
    assert db.session.scalars(select(DocumentRequest.due_at).order_by(DocumentRequest.id)).all()[1] is None


@pytest.mark.parametrize(
    ("text", "due_on", "says"),
    [
        ("", "", "Say which document you need"),
        ("   ", "", "Say which document you need"),
        ("x" * 2001, "", "Use at most 2000 characters"),
        ("Your degree", "tomorrow", "Write the day as 2026-09-02"),
    ],
)
def test_a_request_that_says_nothing_is_not_sent(
    pi: FlaskClient, application: Application, text: str, due_on: str, says: str
) -> None:
    answer = submit(pi, page(application, "request/"), text=text, due_on=due_on)
    assert answer.status_code == 422
    assert says in answer.text
    assert text in answer.text
    assert mails("documents_asked") == []


@pytest.mark.parametrize("path", ["decision/", "request/"])
def test_a_reviewer_decides_nothing(client: FlaskClient, application: Application, path: str) -> None:
    sign_in(client, Role.REVIEWER)
    assert client.get(page(application, path)).status_code == 404
    assert path not in client.get(page(application)).text


@pytest.mark.parametrize("path", ["versions/", "versions/1/resume/", "decision/", "request/"])
def test_an_unknown_application_has_no_pages(pi: FlaskClient, application: Application, path: str) -> None:
    assert pi.get(f"/en/review/7K3M-Q0ZT-9XHB-4WPD/{path}").status_code == 404


def test_versions_are_compared(pi: FlaskClient, application: Application) -> None:
    assert "See what was changed" not in words_of(pi, page(application))
    assert "It was never changed." in words_of(pi, page(application, "versions/"))
    change(application, {"cet4": 500, "name": "测试乙"}, {"resume": NEWER}, removed=("transcript",),
           key="key-of-the-first-change-")  # fmt: skip
    change(application, key="key-of-the-second-change")
    assert "Version 3 of 3, changed on 3 September 2026, 14:06 (UTC+8)." in words_of(pi, page(application))
    response = pi.get(page(application, "versions/"))
    assert headings(response.text, "h2") == [
        "Version 3, sent on 3 September 2026, 14:06 (UTC+8)",
        "Version 2, sent on 3 September 2026, 14:06 (UTC+8)",
    ]
    words = " ".join(response.text.split())
    newest, second = words.split('id="version-2"')
    assert "It says the same as the one before." in newest
    for what, before, after in (
        ("Name", "Test Applicant", "测试乙"),
        ("CET-4", "400", "500"),
        ("CET-4 of 425 or more", "Not met", "Met"),
    ):
        assert f'<th scope="row">{what}</th> <td class="said">{before}</td> <td class="said">{after}</td>' in second
    assert second.count('scope="row"') == 5
    for number, content in ((1, RESUME), (2, NEWER), (3, NEWER)):
        found = pi.get(page(application, f"versions/{number}/resume/"))
        assert (found.data, found.headers["Content-Disposition"]) == (
            content, f"attachment; filename=resume-v{number}-{application.reference}.pdf",
        )  # fmt: skip
        assert found.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        found.close()
    old = pi.get(page(application, "versions/1/transcript/"))
    assert old.status_code == 200
    old.close()
    assert pi.get(page(application, "versions/2/transcript/")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "is_one"),
    [
        ({"email": "APPLICANT@example.org", "name": "B", "phone": "139 0013 8000"}, True),
        ({"email": "b@example.org", "name": "B", "phone": "+86 138-0013-8000"}, True),
        ({"email": "b@example.org", "name": "test  APPLICANT", "phone": "139 0013 8000"}, True),
        ({"email": "b@example.org", "name": "Test Applicant", "phone": "139 0013 8000", "university": "TestUNIVERSITY"},
         True),
        ({"email": "b@example.org", "name": "Test Applicant", "phone": "139 0013 8000", "university": "Other"}, False),
        ({"email": "b@example.org", "name": "Test Other", "phone": "139 0013 8000"}, False),
    ],
)  # fmt: skip
def test_who_may_be_the_same_person_is_told_and_taken_all_the_same(
    app: Flask, pi: FlaskClient, application: Application, fields: dict[str, Any], is_one: bool
) -> None:
    assert others(pi, page(application)) == []
    assert apply(app.test_client(), resume=pdf(make_pdf("b")), **fields).status_code == 303
    assert others(pi, page(application)) == ([fields["name"]] if is_one else [])
    other = db.session.scalars(select(Application).where(Application.id != application.id)).one()
    assert others(pi, page(other)) == (["Test Applicant"] if is_one else [])


def test_chinese_names_are_compared_without_their_spaces(app: Flask, pi: FlaskClient, application: Application) -> None:
    for number, (name, university) in enumerate([("测试 甲", "测试大学"), ("测试甲", "测试　大学")]):
        apply(app.test_client(), name=name, university=university, email=f"{number}@example.org",
              phone=f"139 0013 800{number}", resume=pdf(make_pdf(name)))  # fmt: skip
    first = db.session.scalars(select(Application).where(Application.name == "测试 甲")).one()
    assert others(pi, page(first)) == ["测试甲"]


def test_more_likely_duplicates_take_no_more_queries(app: Flask, pi: FlaskClient, application: Application) -> None:
    counts, path = [], page(application)
    for number in range(3):
        apply(app.test_client(), resume=pdf(make_pdf(str(number))))
        pi.get(path)  # the first look is written down
        with recorded_statements() as statements:
            assert len(others(pi, path)) == number + 1
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2]


def test_the_list_can_be_had_by_state(app: Flask, pi: FlaskClient, application: Application) -> None:
    apply(app.test_client(), name="Test Other", email="b@example.org", resume=pdf(make_pdf("b")))
    submit(pi, page(application, "decision/"), state="offer")
    words = words_of(pi, "/en/review/applications/")
    assert "Test Applicant" in words and "Test Other" in words
    assert '<span class="tag good">Offer</span> <span class="s wait-t">not released</span>' in words
    offers = words_of(pi, "/en/review/applications/?q=status:offer")
    assert "Test Applicant" in offers and "Test Other" not in offers
    assert "No application is what this search asks for." in words_of(pi, "/en/review/applications/?q=status:waitlist")
    assert "Test Other" in words_of(pi, "/en/review/applications/?q=status:nonsense")
