"""Referees are asked once, reminded twice at most, and forgotten where an applicant names somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from s2group.admissions.models import Application, Call, Referee
from s2group.admissions.services import letters, referees
from s2group.admissions.services.referees import MAILS_A_DAY, remind_referees
from s2group.audit.rules import LetterReceived
from s2group.core.database import transaction
from s2group.extensions import db
from s2group.links.models import Link
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import CHANGED_AT, change, mails, upload
from tests.support.moving import move
from tests.support.pdf import make_pdf
from tests.support.refereeing import FIRST, SECOND, THIRD, apply_with_referees, token_in

DAY = timedelta(days=1)
CLOSES_AT = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)


@pytest.fixture
def portal(app: Flask) -> Flask:
    load_fictional_content(app)
    return app


@pytest.fixture
def application(portal: Flask) -> Application:
    return apply_with_referees()


def rows(application: Application) -> list[tuple[int, str, str, str]]:
    db.session.expire_all()
    return [(each.position, each.name, each.email, each.title) for each in application.referees]


def links() -> int:
    return db.session.scalar(select(func.count()).select_from(Link)) or 0


def close_call(at: datetime = CLOSES_AT) -> None:
    with transaction() as session:
        session.execute(update(Call).values(closes_at=at))


def send_letter(application: Application, position: int, now: datetime = CHANGED_AT) -> None:
    referee_id, document = application.referees[position - 1].id, upload(make_pdf(f"letter {position}"))
    letters.receive_letter(referee_id=referee_id, document=document, now=now)


def test_each_is_asked_in_both_languages(application: Application) -> None:
    assert rows(application) == [
        (1, "测试乙", "First.Referee@example.org", "Professor, Test University"),
        (2, "Test Bing", "second@example.org", "Lecturer, Test University"),
    ]
    first, second = mails("letter_asked")
    assert (first.recipient, first.to, first.copies) == (FIRST["email"], [FIRST["email"]], [])
    assert second.recipient == SECOND["email"]
    assert (first.topic, first.reply_to, first.attachments) == (application.reference, "pi@example.org", [])
    token = token_in(first)
    for part in (first.text, first.html):
        english = f"http://127.0.0.1:8000/en/apply/letter/{token}/"
        chinese = f"http://127.0.0.1:8000/apply/letter/{token}/"
        assert part.index(english) < part.index(chinese)
        assert part.count("16 September 2026, 14:06 (UTC+8)") == 1
        assert part.count("2026 年 9 月 16 日 14:06（UTC+8）") == 1
        assert part.count("Sample Research Group") == part.count("示例研究组") == 2
        assert part.count("Dear 测试乙,") == part.count("尊敬的测试乙：您好！") == 1
        # Whoever typed the address may have typed anything beside it.
        assert "Professor" not in part
    assert first.text.startswith("Sample Research Group · Sample University\n")
    assert first.html.index('<div lang="en">') < first.html.index('<div lang="zh-CN">')
    assert first.subject.startswith("Letter of recommendation for Test Applicant / ")
    referee = letters.referee_by_token(token, now=MORNING)
    assert referee and referee.email == FIRST["email"]


def test_a_name_stays_a_name_in_the_mail(portal: Flask) -> None:
    apply_with_referees(name='<a href="https://example.org">')
    assert '<a href="https://example.org">' not in mails("letter_asked")[0].html


def test_whoever_names_nobody_asks_nobody(portal: Flask) -> None:
    application = apply_with_referees([])
    assert (rows(application), mails("letter_asked"), links()) == ([], [], 0)


def test_a_change_asks_the_new_one_and_forgets_who_is_gone(application: Application) -> None:
    [gone, kept] = [token_in(mail) for mail in mails("letter_asked")]
    renamed = {**SECOND, "email": "SECOND@example.org", "position": "Professor, Test University"}
    change(application, {"referees": [renamed, THIRD]})
    assert rows(application) == [
        (1, "Test Ding", "third@example.org", "Reader, Test University"),
        (2, "Test Bing", "second@example.org", "Professor, Test University"),
    ]
    # What still waited for who is gone is not sent.
    assert [mail.recipient for mail in mails("letter_asked")] == [SECOND["email"], THIRD["email"]]
    assert letters.referee_by_token(gone, now=CHANGED_AT) is None
    assert letters.referee_by_token(kept, now=CHANGED_AT) is not None
    assert links() == 2


def test_a_change_of_something_else_asks_nobody(application: Application) -> None:
    before = rows(application)
    change(application, {"phone": "13900139000"})
    assert (rows(application), len(mails("letter_asked")), links()) == (before, 2, 2)


def test_a_letter_that_has_come_stays_when_its_writer_is_no_longer_named(application: Application) -> None:
    send_letter(application, 1)
    change(application, {"referees": [SECOND, THIRD]})
    assert [(position, name) for position, name, _, _ in rows(application)] == [
        (1, "测试乙"),
        (2, "Test Bing"),
        (3, "Test Ding"),
    ]
    assert application.referees[0].document is not None


def test_nobody_is_asked_about_more_than_some_applicants_in_a_day(portal: Flask) -> None:
    for number in range(MAILS_A_DAY + 1):
        apply_with_referees(key=f"key-{number}", now=MORNING)
    assert len(mails("letter_asked")) == 2 * MAILS_A_DAY
    assert db.session.scalar(select(func.count()).select_from(Referee)) == 2 * MAILS_A_DAY + 2
    apply_with_referees(key="key-tomorrow", now=MORNING + DAY)
    assert len(mails("letter_asked")) == 2 * MAILS_A_DAY + 2


def reminded_on(until: datetime) -> list[int]:
    """Days after the asking on which reminders went out, when asked every hour."""
    now, days = MORNING, []
    while now <= until:
        if remind_referees(now=now):
            days.append((now - MORNING).days)
        now += timedelta(hours=12)
    return days


@pytest.mark.parametrize(
    ("closes_after", "days"),
    [(None, [7, 11]), (28, [7, 25]), (10, [7]), (9, [6]), (8, [5]), (2, [4])],
)
def test_they_are_reminded_twice_at_most_and_not_once_it_is_overdue(
    application: Application, closes_after: int | None, days: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referees, "AT_ONCE", 1)
    if closes_after:
        close_call(MORNING + closes_after * DAY)
    assert reminded_on(MORNING + 40 * DAY) == days
    reminders = mails("letter_reminder")
    assert len(reminders) == 2 * len(days)
    now = MORNING + days[-1] * DAY
    assert application.referees[0].reminded_at == now
    assert reminders[0].subject.startswith("Reminder: letter of recommendation for Test Applicant / ")
    for mail in (mails("letter_asked")[0], reminders[0]):
        referee = letters.referee_by_token(token_in(mail), now=now)
        assert referee and referee.email == FIRST["email"]


def test_who_has_written_is_not_reminded(application: Application) -> None:
    send_letter(application, 1)
    assert remind_referees(now=MORNING + 7 * DAY) == 1
    assert [mail.recipient for mail in mails("letter_reminder")] == [SECOND["email"]]


@pytest.mark.parametrize("state", ["offer", "declined", "withdrawn"])
def test_nobody_is_reminded_of_what_is_decided(application: Application, state: str) -> None:
    move(application, state)
    assert remind_referees(now=MORNING + 7 * DAY) == 0


def test_a_letter_late_and_on_time(application: Application) -> None:
    close_call()
    send_letter(application, 1, now=CLOSES_AT)
    send_letter(application, 2, now=CLOSES_AT + timedelta(seconds=1))
    assert [referee.late for referee in application.referees] == [False, True]


def test_a_letter_is_told_to_the_group_and_kept_from_the_applicant(application: Application) -> None:
    send_letter(application, 1)
    told = mails("letter_received")
    assert [mail.recipient for mail in told] == ["pi@example.org", "co@example.org"]
    assert (told[0].reply_to, told[0].attachments) == (FIRST["email"], [])
    assert f"http://127.0.0.1:8000/review/{application.reference}/" in told[0].text
    assert "测试乙 · Professor, Test University" in told[0].text
    db.session.expire_all()
    last = application.events[-1]
    assert (last.details, last.at, last.actor_id) == (LetterReceived("测试乙"), CHANGED_AT, None)
    assert [entry.kind for entry in application.all_documents] == ["resume", "transcript"]


def test_the_same_letter_a_second_time_changes_nothing(application: Application) -> None:
    send_letter(application, 1)
    send_letter(application, 1, now=CHANGED_AT + DAY)
    assert len(mails("letter_received")) == 2
    assert application.referees[0].received_at == CHANGED_AT


def test_it_can_be_replaced_until_it_is_due(application: Application) -> None:
    send_letter(application, 1)
    referee = application.referees[0]
    due_at = MORNING + 14 * DAY
    newer, newest = upload(make_pdf("newer")), upload(make_pdf("newest"))
    letters.receive_letter(referee_id=referee.id, document=newer, now=due_at)
    assert (referee.document_id, referee.received_at, referee.late) == (newer.id, due_at, False)
    with pytest.raises(letters.LetterNotTakenError):
        letters.receive_letter(referee_id=referee.id, document=newest, now=due_at + timedelta(seconds=1))
    assert referee.document_id == newer.id


def test_of_what_is_over_no_letter_is_taken(application: Application) -> None:
    referee, document = application.referees[0], upload(make_pdf("letter"))
    move(application, "withdrawn")
    with pytest.raises(letters.LetterNotTakenError):
        letters.receive_letter(referee_id=referee.id, document=document, now=CHANGED_AT)
    move(application, "declined")
    letters.receive_letter(referee_id=referee.id, document=document, now=CHANGED_AT)
    assert application.referees[0].received_at == CHANGED_AT


def test_whoever_was_exchanged_meanwhile_is_not_heard(application: Application) -> None:
    referee_id, document = application.referees[0].id, upload(make_pdf("letter"))
    change(application, {"referees": [SECOND, THIRD]})
    with pytest.raises(letters.LetterNotTakenError):
        letters.receive_letter(referee_id=referee_id, document=document, now=CHANGED_AT)
