"""Slots are chosen, moved and cancelled, and both calendars are told; nobody is in two places at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.admissions.interviews.models import Interview, InterviewRound, InterviewSlot
from s2group.admissions.interviews.services import (
    ClashError,
    NoChoiceError,
    SlotTakenError,
    by_the_clock,
    changing,
    choose,
    none_fits,
)
from s2group.evaluation.interviews import services
from s2group.evaluation.interviews.services import SlotValues, Span
from s2group.extensions import db
from s2group.mail.composing import compose
from s2group.privacy.deletion import delete_application
from tests.support.interviewing import (
    NOW,
    a_round,
    applicant,
    colleague,
    hour,
    invited,
    mails_about,
    slots,
    told,
)
from tests.support.moving import move

ZONE = "Europe/Warsaw"


def take(interview: Interview, slot: InterviewSlot, now: datetime = NOW) -> None:
    choose(interview=interview, slot_id=slot.id, timezone=ZONE, now=now)


def test_a_choice_is_told_to_both_sides_with_calendar_files(pi: User, chosen_round: InterviewRound) -> None:
    interview = invited(chosen_round, applicant(), pi)
    assert "/apply/continue/" in mails_about("interview_invited")[0].text
    take(interview, chosen_round.slots[1])
    [to_applicant], [to_staff] = mails_about("interview_booked"), mails_about("interview_booked_notice")
    own, group = told(to_applicant), told(to_staff)
    assert (own.method, own.sequence, own.status) == ("REQUEST", 0, "CONFIRMED")
    assert (own.starts_at, own.ends_at) == (hour("09:20"), hour("09:40"))
    assert own.attendees == ["mailto:test.applicant@example.org"]
    assert group.attendees == ["mailto:pi@example.org"]
    assert own.uid != group.uid
    assert "03:20–03:40" in to_applicant.text
    assert "Warsaw" in to_applicant.text
    [kept] = db.session.scalars(select(Interview)).all()
    assert (kept.slot_id, kept.changes, kept.timezone) == (chosen_round.slots[1].id, 0, ZONE)


def test_the_calendar_file_has_a_type_that_mail_programs_act_on(pi: User, chosen_round: InterviewRound) -> None:
    take(invited(chosen_round, applicant(), pi), chosen_round.slots[0])
    mail = mails_about("interview_booked")[0]
    raw = compose(mail, sender="portal@example.org", read_attachment=lambda _sha: b"")
    parts = [part for part in message_from_bytes(raw, policy=policy.default).walk() if not part.is_multipart()]
    types = [part.get_content_type() for part in parts]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert parts[2].get_param("method") == "REQUEST"
    assert parts[2].get_content().replace("\r\n", "\n") == str(mail.calendar).replace("\r\n", "\n")
    assert parts[3].get_filename() == "invite.ics"
    assert parts[3].get_content().decode() == mail.calendar


def test_a_change_and_a_cancellation_keep_the_name_and_count_on(pi: User, chosen_round: InterviewRound) -> None:
    interview = invited(chosen_round, applicant(), pi)
    take(interview, chosen_round.slots[0])
    take(interview, chosen_round.slots[2])
    services.free(interview=interview, actor=pi, told_at=NOW, now=NOW)
    found = [told(mail) for mail in [*mails_about("interview_booked"), *mails_about("interview_cancelled")]]
    assert len({each.uid for each in found}) == 1
    assert [(each.method, each.sequence, each.status) for each in found] == [
        ("REQUEST", 0, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
    ]
    assert found[1].starts_at == hour("09:40")
    assert [told(mail).sequence for mail in mails_about("interview_cancelled_notice")] == [2]
    assert db.session.scalars(select(Interview.slot_id)).all() == [None]


def test_an_interview_across_the_end_of_summer_time_keeps_its_length(pi: User) -> None:
    found = a_round(timezone="Europe/Warsaw", choose_until=datetime(2026, 10, 20, tzinfo=UTC))
    night = slots(found, pi, day=date(2026, 10, 25), begin=time(1, 30), end=time(4), minutes=30)
    # From 3:00 to 2:00 the clock goes back: three and a half hours.
    assert [slot.starts_at for slot in night] == [
        datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(7)
    ]
    take(invited(found, applicant(), pi), night[2])
    own = told(mails_about("interview_booked")[0])
    assert (own.starts_at, own.ends_at) == (night[2].starts_at, night[2].starts_at + timedelta(minutes=30))


def test_who_chose_changes_as_often_as_the_round_says(pi: User, chosen_round: InterviewRound) -> None:
    interview = invited(chosen_round, applicant(), pi)
    take(interview, chosen_round.slots[0])
    take(interview, chosen_round.slots[0])  # the same once more is no change
    take(interview, chosen_round.slots[1])
    with pytest.raises(NoChoiceError):
        take(interview, chosen_round.slots[2])
    assert len(mails_about("interview_booked")) == 2


def test_nobody_chooses_once_it_is_too_late(pi: User, chosen_round: InterviewRound) -> None:
    interview = invited(chosen_round, applicant(), pi)
    with pytest.raises(NoChoiceError):
        take(interview, chosen_round.slots[2], chosen_round.choose_until)


def test_nobody_chooses_who_is_no_longer_in_interviews(pi: User, chosen_round: InterviewRound) -> None:
    application = applicant()
    interview = invited(chosen_round, application, pi)
    move(application, "declined")
    with pytest.raises(NoChoiceError):
        take(interview, chosen_round.slots[2])


def test_what_has_begun_is_changed_no_more(pi: User) -> None:
    found = a_round(choose_until=hour("23:00"))
    slots(found, pi)
    interview = invited(found, applicant(), pi)
    services.agree(interview=interview, slot=found.slots[0], actor=pi, told_at=NOW, now=NOW)
    with pytest.raises(NoChoiceError):
        take(interview, found.slots[2], hour("09:00"))


def test_what_is_kept_closed_or_of_another_round_is_offered_to_nobody_else(
    pi: User, chosen_round: InterviewRound
) -> None:
    interview = invited(chosen_round, applicant("Test One"), pi)
    kept_for = invited(chosen_round, applicant("Test Two"), pi)
    first, second, third = chosen_round.slots
    services.keep_slot(interview=kept_for, slot=first)
    closed = SlotValues("", is_open=False, interviewers=[])
    services.change_slot(
        slot=second, span=Span(second.starts_at, second.ends_at), values=closed, actor=pi, told_at=NOW, now=NOW
    )
    other = slots(a_round(), day=date(2026, 9, 27))[0]
    for slot in (first, second, other):
        with pytest.raises(SlotTakenError):
            take(interview, slot)
    take(kept_for, first)
    take(interview, third)
    assert len(mails_about("interview_booked")) == 2


def test_no_slot_is_two_peoples_however_they_meet(app: Flask, pi: User, chosen_round: InterviewRound) -> None:
    interviews = [invited(chosen_round, applicant(f"Test {number}"), pi).id for number in range(6)]
    slot_id, barrier = chosen_round.slots[0].id, threading.Barrier(6)

    def race(interview_id: int) -> str:
        with app.app_context():
            interview = db.session.get_one(Interview, interview_id)
            assert interview.round.key
            db.session.commit()
            barrier.wait(20)
            try:
                choose(interview=interview, slot_id=slot_id, timezone=ZONE, now=NOW)
            except SlotTakenError:
                return "taken"
            return "got it"

    db.session.commit()
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(race, interviews))
    assert sorted(results) == ["got it", *["taken"] * 5]
    assert len(mails_about("interview_booked")) == 1


def test_the_database_itself_refuses_a_slot_for_two(pi: User, chosen_round: InterviewRound) -> None:
    one, two = (invited(chosen_round, applicant(f"Test {number}"), pi) for number in range(2))
    with pytest.raises(SlotTakenError), changing() as session:
        one.slot_id = two.slot_id = chosen_round.slots[0].id
        session.flush()


def test_no_interviewer_is_in_two_slots(pi: User, chosen_round: InterviewRound) -> None:
    other, busy = a_round(), colleague("other")
    with pytest.raises(ClashError) as clash:
        slots(other, busy, pi, begin=time(9, 10), end=time(9, 30))
    assert (clash.value.who, clash.value.slot.id) == ("pi", chosen_round.slots[0].id)
    assert other.slots == []
    later = slots(other, busy, begin=time(9), end=time(10))
    values = SlotValues("", is_open=True, interviewers=[pi])
    with pytest.raises(ClashError):
        services.change_slot(
            slot=later[0],
            span=Span(later[0].starts_at, later[0].ends_at),
            values=values,
            actor=pi,
            told_at=NOW,
            now=NOW,
        )
    slots(other, pi, begin=time(10), end=time(10, 20))  # when the other one ends


def test_nobody_is_interviewed_twice_at_once(pi: User, chosen_round: InterviewRound) -> None:
    application, other = applicant(), a_round()
    parallel = slots(other, begin=time(9, 10), end=time(9, 50))
    take(invited(chosen_round, application, pi), chosen_round.slots[0])
    services.invite(interview_round=other, applications=[application], actor=pi, told_at=NOW, now=NOW)
    second = db.session.scalars(select(Interview).order_by(Interview.id.desc())).first()
    assert second
    with pytest.raises(SlotTakenError):
        take(second, parallel[0])
    with pytest.raises(ClashError):
        services.agree(interview=second, slot=parallel[0], actor=pi, told_at=NOW, now=NOW)
    take(second, parallel[1])


def test_moved_interviewers_are_told(pi: User, chosen_round: InterviewRound) -> None:
    interview, other = invited(chosen_round, applicant(), pi), colleague("other")
    slot = chosen_round.slots[0]
    take(interview, slot)
    values = SlotValues("Room 203", is_open=True, interviewers=[other])
    services.change_slot(
        slot=slot, span=Span(slot.starts_at, slot.ends_at), values=values, actor=pi, told_at=NOW, now=NOW
    )
    gone, [_, stays] = mails_about("interview_cancelled_notice"), mails_about("interview_booked_notice")
    assert [mail.recipient for mail in gone] == ["pi@example.org"]
    assert (told(gone[0]).method, told(stays).sequence, told(stays).location) == ("CANCEL", 1, "Room 203")
    assert stays.recipient == "other@example.org"
    assert mails_about("interview_cancelled") == []


def test_none_fits_is_told_to_the_group(pi: User, chosen_round: InterviewRound) -> None:
    interview = invited(chosen_round, applicant(), pi)
    none_fits(interview=interview, why="I sit an exam.", timezone=ZONE, now=NOW)
    mails = mails_about("interview_none_fits")
    assert all("I sit an exam." in mail.text for mail in mails)
    assert mails
    take(interview, chosen_round.slots[0])
    assert interview.none_fits_at is None


def test_both_sides_are_reminded_once(pi: User, chosen_round: InterviewRound) -> None:
    chosen, late = (invited(chosen_round, applicant(f"Test {number}"), pi) for number in range(2))
    take(chosen, chosen_round.slots[0])
    assert by_the_clock(now=hour("08:00", date(2026, 9, 24))) == {"told": 0, "asked": 0, "freed": 0}
    assert by_the_clock(now=hour("09:30", date(2026, 9, 25))) == {"told": 1, "asked": 1, "freed": 0}
    take(late, chosen_round.slots[1], hour("10:00", date(2026, 9, 25)))
    assert by_the_clock(now=hour("10:00", date(2026, 9, 25))) == {"told": 0, "asked": 0, "freed": 0}
    for message in ("interview_tomorrow", "interview_tomorrow_notice", "interview_reminder"):
        assert len(mails_about(message)) == 1


def test_who_withdraws_frees_the_slot(pi: User, chosen_round: InterviewRound) -> None:
    application = applicant()
    take(invited(chosen_round, application, pi), chosen_round.slots[0])
    move(application, "withdrawn")
    assert by_the_clock(now=NOW)["freed"] == 1
    assert by_the_clock(now=NOW)["freed"] == 0
    assert told(mails_about("interview_cancelled_notice")[0]).method == "CANCEL"


def test_a_deleted_application_takes_its_interview_and_notes_along(pi: User, chosen_round: InterviewRound) -> None:
    application = applicant()
    interview = invited(chosen_round, application, pi)
    take(interview, chosen_round.slots[0])
    services.write_note(interview=interview, text="Good.", seen="", actor=pi, now=NOW)
    delete_application(reference=application.reference, reason="request", actor=None, now=NOW)
    db.session.expire_all()
    assert db.session.scalars(select(Interview)).all() == []
    assert chosen_round.slots[0].interview is None


def test_only_a_free_slot_is_removed(pi: User, chosen_round: InterviewRound) -> None:
    take(invited(chosen_round, applicant(), pi), chosen_round.slots[0])
    first, second, _ = chosen_round.slots
    services.remove_slot(slot=second)
    with pytest.raises(SlotTakenError):
        services.remove_slot(slot=first)
    assert len(db.session.scalars(select(InterviewSlot)).all()) == 2
