"""What the staff settle about an interview is held: nobody knows of it until it is told, and it can be taken back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.admissions.interviews import queries
from s2group.admissions.interviews.models import Interview, InterviewChange, InterviewRound, InterviewSlot
from s2group.admissions.interviews.services import ClashError, NoChoiceError, SlotTakenError, by_the_clock, choose
from s2group.admissions.interviews.telling import NotInInterviewsError, take_effect
from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.core.localized import LocalizedText
from s2group.evaluation.interviews import services
from s2group.evaluation.interviews.services import RoundValues, SlotValues, Span
from s2group.extensions import db
from s2group.links.models import Link
from s2group.mail.models import OutboxMail
from s2group.privacy.data_export import contents
from tests.support.interviewing import NOW, a_round, applicant, hour, invited, mails_about, slots, told
from tests.support.moving import move

TOLD_AT = NOW + timedelta(minutes=10)
ZONE = "Europe/Warsaw"


def held_by(user: User, now: datetime = NOW) -> dict[str, Any]:
    """Who settles it now, to be told ten minutes later."""
    return {"actor": user, "told_at": now + timedelta(minutes=10), "now": now}


def mails() -> list[tuple[str, str]]:
    """Which mails about interviews there are, and to whom."""
    about = OutboxMail.message.startswith("interview")
    return [(each.message, each.recipient) for each in db.session.scalars(select(OutboxMail).where(about))]


def kinds(interview: Interview) -> list[str]:
    """What the log has about it, in the order of happening."""
    about = (Event.application_id == interview.application_id, Event.kind.startswith("interview"))
    return list(db.session.scalars(select(Event.kind).where(*about).order_by(Event.id)))


def move_slot(slot: InterviewSlot, start: str, user: User, now: datetime = NOW) -> None:
    """Let it be at another time, and twenty minutes."""
    span = Span(hour(start), hour(start) + timedelta(minutes=20))
    values = SlotValues("", is_open=True, interviewers=list(slot.interviewers))
    services.change_slot(slot=slot, span=span, values=values, **held_by(user, now))


def agreed(chosen_round: InterviewRound, user: User, slot: InterviewSlot) -> Interview:
    """Somebody who knows that they have this slot."""
    interview = invited(chosen_round, applicant(), user)
    choose(interview=interview, slot_id=slot.id, timezone=ZONE, now=NOW)
    return interview


def test_an_invitation_is_known_to_nobody_before_it_is_told(pi: User, chosen_round: InterviewRound) -> None:
    application = applicant()
    services.invite(interview_round=chosen_round, applications=[application], **held_by(pi))
    [interview] = chosen_round.interviews
    links = db.session.scalars(select(Link.id)).all()
    assert (mails(), queries.interviews_of(application)) == ([], [])
    assert contents(application, None, [], NOW)["interviews"] == []
    with pytest.raises(NoChoiceError):
        choose(interview=interview, slot_id=chosen_round.slots[0].id, timezone=ZONE, now=NOW)
    assert by_the_clock(now=chosen_round.choose_until - timedelta(minutes=1)) == {"told": 0, "asked": 0, "freed": 0}
    assert take_effect(now=TOLD_AT - timedelta(seconds=1)) == 0
    assert db.session.scalars(select(Link.id)).all() == links
    assert (take_effect(now=TOLD_AT), take_effect(now=TOLD_AT)) == (1, 0)
    [mail] = mails_about("interview_invited")
    assert "/apply/continue/" in mail.text
    assert len(db.session.scalars(select(Link.id)).all()) == len(links) + 1
    assert (queries.interviews_of(application), interview.invited_at) == ([interview], TOLD_AT)
    assert kinds(interview) == ["interview_held", "interview_invited"]
    assert services.take_back(interviews=[interview], actor=pi, now=TOLD_AT) == 0


def test_an_invitation_is_taken_back_with_all_that_was_settled_since(pi: User, chosen_round: InterviewRound) -> None:
    applications = [applicant(f"Test {number}") for number in range(2)]
    services.invite(interview_round=chosen_round, applications=applications, **held_by(pi))
    first, second = chosen_round.interviews
    services.agree(interview=first, slot=chosen_round.slots[0], **held_by(pi))
    services.keep_slot(interview=second, slot=chosen_round.slots[1])
    assert services.take_back(interviews=[first, second], actor=pi, now=NOW) == 2
    assert (take_effect(now=TOLD_AT), mails(), db.session.scalars(select(Interview)).all()) == (0, [], [])
    db.session.refresh(chosen_round, ["slots"])
    assert [slot.holder for slot in chosen_round.slots] == [None, None, None]
    assert services.invite(interview_round=chosen_round, applications=applications, **held_by(pi)) == 2


def test_of_all_that_was_settled_meanwhile_only_the_last_is_told(pi: User, chosen_round: InterviewRound) -> None:
    services.invite(interview_round=chosen_round, applications=[applicant()], **held_by(pi))
    [interview] = chosen_round.interviews
    later = NOW + timedelta(minutes=5)
    services.agree(interview=interview, slot=chosen_round.slots[0], **held_by(pi))
    services.agree(interview=interview, slot=chosen_round.slots[1], **held_by(pi, later))
    assert take_effect(now=TOLD_AT) == 0  # the ten minutes begin anew
    assert take_effect(now=TOLD_AT + timedelta(minutes=5)) == 1
    assert mails() == [
        ("interview_booked", "test.applicant@example.org"),
        ("interview_booked_notice", "pi@example.org"),
    ]
    own = told(mails_about("interview_booked")[0])
    assert (own.sequence, own.starts_at) == (0, hour("09:20"))
    assert (interview.slot_id, interview.sequence) == (chosen_round.slots[1].id, 1)


def test_an_agreed_time_stays_as_it_is_until_the_move_is_told(pi: User, chosen_round: InterviewRound) -> None:
    first, second, third = chosen_round.slots
    interview = agreed(chosen_round, pi, first)
    move_slot(first, "10:20", pi)
    move_slot(interview.change.slot, "10:30", pi) if interview.change and interview.change.slot else None
    [shown] = queries.interviews_of(interview.application)
    assert (shown.slot, first.starts_at) == (first, hour("09:00"))
    other = invited(chosen_round, applicant("Test Other"), pi)
    assert queries.offered_slots(other, now=NOW) == [second, third]
    with pytest.raises(ClashError):  # the interviewer is awaited at both times
        slots(a_round(), pi, begin=hour("18:30").time(), end=hour("18:50").time())
    assert by_the_clock(now=hour("08:00")) == {"told": 0, "asked": 0, "freed": 0}  # of which time is not known yet
    assert take_effect(now=TOLD_AT) == 1
    assert interview.slot
    assert (interview.slot.starts_at, interview.sequence) == (hour("10:30"), 2)
    assert [told(mail).sequence for mail in mails_about("interview_booked")] == [0, 1]
    starts = [slot.starts_at for slot in db.session.scalars(select(InterviewSlot).order_by(InterviewSlot.starts_at))]
    assert starts == [hour("09:20"), hour("09:40"), hour("10:30")]


def test_a_move_and_a_cancellation_are_taken_back_without_a_trace(pi: User, chosen_round: InterviewRound) -> None:
    first, _second, third = chosen_round.slots
    interview = agreed(chosen_round, pi, first)
    before = mails()
    move_slot(first, "10:20", pi)
    services.free(interview=interview, **held_by(pi))
    services.agree(interview=interview, slot=third, **held_by(pi))
    other = invited(chosen_round, applicant("Test Other"), pi)
    for slot in (first, third):
        with pytest.raises(SlotTakenError):
            services.agree(interview=other, slot=slot, **held_by(pi))
    with pytest.raises(SlotTakenError):
        services.remove_slot(slot=third)
    assert services.take_back(interviews=[interview], actor=pi, now=NOW) == 1
    assert (take_effect(now=TOLD_AT), mails()[: len(before)]) == (0, before)
    assert [mail for mail in mails()[len(before) :] if "invited" not in mail[0]] == []
    assert (interview.slot, interview.sequence, first.starts_at) == (first, 1, hour("09:00"))
    assert len(db.session.scalars(select(InterviewSlot)).all()) == 3
    assert kinds(interview)[-4:] == ["interview_held", "interview_held", "interview_held", "interview_taken_back"]
    services.agree(interview=other, slot=third, **held_by(pi))
    services.free(interview=interview, **held_by(pi))
    assert take_effect(now=TOLD_AT) == 2
    assert told(mails_about("interview_cancelled")[0]).sequence == 1
    assert (first.holder, third.holder) == (None, other)


def test_of_a_time_that_nobody_was_told_nobody_hears_that_it_is_off(pi: User, chosen_round: InterviewRound) -> None:
    interview = invited(chosen_round, applicant(), pi)
    services.agree(interview=interview, slot=chosen_round.slots[0], **held_by(pi))
    services.free(interview=interview, **held_by(pi))
    assert (interview.change, take_effect(now=TOLD_AT)) == (None, 0)
    services.invite(interview_round=chosen_round, applications=[applicant("Test Other")], **held_by(pi))
    other = chosen_round.interviews[-1]
    services.agree(interview=other, slot=chosen_round.slots[0], **held_by(pi))
    services.free(interview=other, **held_by(pi))
    assert take_effect(now=TOLD_AT) == 1
    assert [mail[0] for mail in mails()] == ["interview_invited", "interview_invited"]


def test_what_applicants_do_themselves_is_so_at_once_and_overtakes_what_is_held(
    pi: User, chosen_round: InterviewRound
) -> None:
    first, second, third = chosen_round.slots
    interview = agreed(chosen_round, pi, first)
    services.agree(interview=interview, slot=third, **held_by(pi))
    choose(interview=interview, slot_id=second.id, timezone=ZONE, now=NOW)
    assert (interview.slot, interview.change, take_effect(now=TOLD_AT)) == (second, None, 0)
    assert kinds(interview)[-2:] == ["interview_not_told", "interview_booked"]
    services.remind(interview=invited(chosen_round, applicant("Test Other"), pi), **held_by(pi))
    choose(interview=chosen_round.interviews[-1], slot_id=first.id, timezone=ZONE, now=NOW)
    assert (take_effect(now=TOLD_AT), mails_about("interview_reminder")) == (0, [])


def test_a_slot_that_was_moved_is_moved_also_where_its_applicant_leaves_it(
    pi: User, chosen_round: InterviewRound
) -> None:
    first, second, _third = chosen_round.slots
    interview = agreed(chosen_round, pi, first)
    move_slot(first, "10:20", pi)
    choose(interview=interview, slot_id=second.id, timezone=ZONE, now=NOW)
    db.session.refresh(chosen_round, ["slots"])
    assert [(slot.starts_at, slot.holder) for slot in chosen_round.slots] == [
        (hour("09:20"), interview),
        (hour("09:40"), None),
        (hour("10:20"), None),
    ]


@pytest.mark.parametrize("is_released", [True, False])
def test_who_left_interviews_meanwhile_is_told_nothing_but_a_cancellation(
    pi: User, chosen_round: InterviewRound, *, is_released: bool
) -> None:
    invitee, planned, booked = (applicant(f"Test {number}") for number in range(3))
    has_time = invited(chosen_round, booked, pi)
    choose(interview=has_time, slot_id=chosen_round.slots[0].id, timezone=ZONE, now=NOW)
    knows = invited(chosen_round, planned, pi)
    services.invite(interview_round=chosen_round, applications=[invitee], **held_by(pi))
    services.agree(interview=knows, slot=chosen_round.slots[1], **held_by(pi))
    services.free(interview=has_time, **held_by(pi))
    for application in (invitee, planned, booked):
        move(application, "declined", release=is_released)
    before = len(mails())
    assert take_effect(now=TOLD_AT) == 1
    assert [mail[0] for mail in mails()[before:]] == ["interview_cancelled", "interview_cancelled_notice"]
    assert db.session.scalars(select(Interview).where(Interview.application_id == invitee.id)).all() == []
    assert (knows.slot, db.session.scalars(select(InterviewChange)).all()) == (None, [])
    not_told = [event.details.to_dict() for event in planned.events if event.kind == Kind.INTERVIEW_NOT_TOLD]
    assert not_told == [{"what": "booked", "reason": "left"}]
    with pytest.raises(NotInInterviewsError):
        services.remind(interview=knows, **held_by(pi))


def say(chosen_round: InterviewRound, user: User, **changes: Any) -> None:
    """Let the round say this, and everything else as it did."""
    names = ("title", "text", "place", "timezone", "minutes", "choose_until", "changes_allowed")
    values = {name: getattr(chosen_round, name) for name in names} | changes
    said = RoundValues(**values, routes=list(chosen_round.routes))
    services.change_round(interview_round=chosen_round, values=said, **held_by(user))


def places(chosen_round: InterviewRound) -> tuple[int, int]:
    """How many places there are, and how many of them are taken."""
    db.session.expire_all()
    found = [slot for slot in chosen_round.slots if slot.is_place]
    return len(found), sum(slot.is_taken for slot in found)


def test_while_a_move_is_held_person_and_place_are_counted_once(pi: User, chosen_round: InterviewRound) -> None:
    first, second, third = chosen_round.slots
    interview = agreed(chosen_round, pi, first)
    assert places(chosen_round) == (3, 1)
    move_slot(first, "11:00", pi)
    assert (len(chosen_round.slots), places(chosen_round)) == (4, (3, 1))
    services.agree(interview=interview, slot=second, **held_by(pi))
    assert (second.holder, places(chosen_round)) == (interview, (3, 1))
    newcomer = invited(chosen_round, applicant("Test Other"), pi)
    services.agree(interview=newcomer, slot=third, **held_by(pi))
    assert places(chosen_round) == (3, 2)
    assert (take_effect(now=TOLD_AT), places(chosen_round)) == (2, (3, 2))


def test_what_a_round_says_otherwise_is_told_to_whom_it_concerns(pi: User, chosen_round: InterviewRound) -> None:
    first, second, third = chosen_round.slots
    interview = agreed(chosen_round, pi, first)
    waiting = invited(chosen_round, applicant("Test Waiting"), pi)
    moved = invited(chosen_round, applicant("Test Moved"), pi)
    choose(interview=moved, slot_id=second.id, timezone=ZONE, now=NOW)
    services.agree(interview=moved, slot=third, **held_by(pi))
    before = mails()
    say(chosen_round, pi, timezone="Europe/Warsaw", minutes=30, changes_allowed=2)
    assert (interview.change, waiting.change) == (None, None)
    say(chosen_round, pi, title=LocalizedText("第二轮", "Second round"))
    assert interview.change and (interview.change.slot, waiting.change, mails()) == (first, None, before)
    say(chosen_round, pi, choose_until=chosen_round.choose_until - timedelta(days=1))
    assert waiting.change
    assert take_effect(now=TOLD_AT) == 3
    assert (interview.slot, moved.slot) == (first, third)
    assert told(mails_about("interview_booked")[2]).sequence == 1
    assert all("Second round" in mail.text for mail in mails_about("interview_booked")[2:])
    assert [mail.text.count("24 September 2026, 18:00 (UTC+2)") for mail in mails_about("interview_reminder")] == [1]
    # To both sides: that theirs changed, and the reminder to choose.
    assert len(mails()) == len(before) + 5


def test_another_place_of_the_round_is_told_to_whoever_has_a_time_there(pi: User, chosen_round: InterviewRound) -> None:
    first, second, third = chosen_round.slots
    services.change_slot(
        slot=second,
        span=Span(second.starts_at, second.ends_at),
        values=SlotValues("Room 9", is_open=True, interviewers=[pi]),
        **held_by(pi),
    )
    interview = agreed(chosen_round, pi, first)
    elsewhere = invited(chosen_round, applicant("Test Elsewhere"), pi)
    choose(interview=elsewhere, slot_id=second.id, timezone=ZONE, now=NOW)
    kept = invited(chosen_round, applicant("Test Kept"), pi)
    services.keep_slot(interview=kept, slot=third)
    before = mails()
    say(chosen_round, pi)
    assert db.session.scalars(select(InterviewChange)).all() == []
    say(chosen_round, pi, place="Room 2")
    assert [change.interview for change in db.session.scalars(select(InterviewChange))] == [interview]
    assert (first.where, second.where, third.where, mails()) == (
        "https://meeting.example.org/1",
        "Room 9",
        "Room 2",
        before,
    )
    assert take_effect(now=TOLD_AT) == 1
    own = told(mails_about("interview_booked")[-1])
    assert (own.location, own.starts_at, own.sequence) == ("Room 2", hour("09:00"), 1)
    assert interview.slot
    assert (interview.slot.place, interview.slot.is_open, interview.slot.interviewers) == ("", True, [pi])
    assert len(mails()) == len(before) + 2
    say(chosen_round, pi, place="Room 3")
    assert services.take_back(interviews=[interview], actor=pi, now=NOW) == 1
    assert (interview.slot.where, chosen_round.place, len(mails())) == ("Room 2", "Room 3", len(before) + 2)
