"""Who gets which slot: the applicant's choice, and what the clock does.

Whatever gives a slot to somebody, or somebody to a slot, does so within `changing`: one at a time, so that nobody is in
two places at once. That a slot is one applicant's is also a constraint of the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.interviews import held, mails, queries
from s2group.admissions.interviews.models import Interview, InterviewSlot, News
from s2group.admissions.interviews.rules import clashes
from s2group.admissions.models import Application
from s2group.admissions.rules.states import State
from s2group.audit.rules import InterviewBooked, InterviewCancelled, InterviewNoneFits, InterviewReminded
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.locks import exclusive

LOCK = "interviews"
REMINDED_BEFORE = timedelta(days=1)


class SlotTakenError(ValueError):
    """The slot is somebody else's, is not offered any more, or has begun."""


class NoChoiceError(ValueError):
    """The applicant can choose or change nothing: it is too late, they did it before, or are not invited any more."""


class ClashError(ValueError):
    """Somebody would have to be in two places; `slot` is where they are already."""

    def __init__(self, who: str, slot: InterviewSlot) -> None:
        super().__init__(who)
        self.who, self.slot = who, slot


@contextmanager
def changing() -> Iterator[Session]:
    """A transaction in which no other changes who is when where. Raises SlotTakenError where two got one slot."""
    with exclusive(LOCK):
        try:
            with transaction() as session:
                yield session
        except IntegrityError as error:
            raise SlotTakenError from error


def may_choose(interview: Interview, *, now: datetime) -> bool:
    """Whether the applicant may choose a slot, or another one than they chose."""
    begun = interview.slot is not None and interview.slot.starts_at <= now
    used_up = interview.is_chosen and interview.changes >= interview.round.changes_allowed
    is_invited = interview.is_told and interview.application.shown_state == State.INTERVIEW
    return is_invited and now < interview.round.choose_until and not begun and not used_up


def choose(*, interview: Interview, slot_id: int, timezone: str, now: datetime) -> None:
    """Give the applicant the slot that they chose, and mail that to both sides; the same once more changes nothing.

    `timezone` is that in which they looked at the times. Raises NoChoiceError, SlotTakenError.
    """
    with changing() as session:
        hold(session, interview)
        if interview.is_chosen and interview.slot_id == slot_id:
            return
        if not may_choose(interview, now=now):
            raise NoChoiceError
        slot = next((each for each in queries.offered_slots(interview, now=now) if each.id == slot_id), None)
        if slot is None:
            raise SlotTakenError
        interview.changes += interview.is_chosen
        interview.timezone = timezone
        moved = _overtake(session, interview, now)
        book(session, interview, slot, actor=None, now=now)
        if moved is not None:
            held.remove(session, moved)


def _overtake(session: Session, interview: Interview, now: datetime) -> InterviewSlot | None:
    """Drop what the staff have settled without knowing of the choice; the slot at which nobody is to be any more.

    Where they moved a slot that the applicant now leaves, it is moved all the same, and nobody's.
    """
    change, moved = interview.change, None
    if change is not None:
        moved = interview.slot if change.replaces_slot else None
        change.replaces_slot = False
        held.skip(session, change, "chosen", now=now)
    return moved


def none_fits(*, interview: Interview, why: str, timezone: str, now: datetime) -> None:
    """Keep why no slot suits the applicant, and mail it to the group. Raises NoChoiceError."""
    with changing() as session:
        hold(session, interview)
        if not may_choose(interview, now=now):
            raise NoChoiceError
        if interview.change is not None and interview.change.what == News.REMINDED:
            held.skip(session, interview.change, "chosen", now=now)
        interview.none_fits, interview.none_fits_at, interview.timezone = why, now, timezone
        record(session, InterviewNoneFits(why), about=interview.application.subject, at=now)
        mails.tell_none_fits(session, interview, now=now)


def book(session: Session, interview: Interview, slot: InterviewSlot, *, actor: User | None, now: datetime) -> None:
    """Agree on this slot and tell both sides, within changing(). Raises ClashError, SlotTakenError."""
    former, was_chosen = interview.slot, interview.is_chosen
    place(session, interview, slot)
    interview.chosen_at, interview.told_at = now, None
    interview.none_fits, interview.none_fits_at = "", None
    session.flush()
    record(
        session,
        InterviewBooked(slot.starts_at.isoformat()),
        about=interview.application.subject,
        at=now,
        actor_id=actor.id if actor else None,
    )
    if was_chosen and former is not None:
        stay = set(mails.interviewers_emails(slot, interview.application))
        gone = [user for user in former.interviewers if user.email not in stay]
        mails.tell_former(session, interview, former, gone, now=now)
    mails.tell_booked(session, interview, is_change=was_chosen, now=now)
    interview.sequence += 1


def place(session: Session, interview: Interview, slot: InterviewSlot) -> None:
    """Make the slot this application's, within changing(), and tell nobody. Raises ClashError, SlotTakenError."""
    check_free(session, interview, slot)
    interview.slot = slot
    session.flush()


def check_free(session: Session, interview: Interview, slot: InterviewSlot) -> None:
    """Within changing(): raise SlotTakenError where it is somebody else's, ClashError where they are elsewhere then."""
    session.refresh(slot)
    if slot.holder not in (None, interview):
        raise SlotTakenError
    if other := clashes(slot, queries.other_slots_of_person(session, interview)):
        raise ClashError(interview.application.name, other[0])


def cancel(session: Session, interview: Interview, *, actor: User | None, now: datetime) -> None:
    """Free the slot within changing(); where it was agreed on, both sides are told."""
    slot, was_chosen = interview.slot, interview.is_chosen
    interview.slot, interview.chosen_at, interview.told_at = None, None, None
    session.flush()
    if slot is None or not was_chosen:
        return
    cancelled = InterviewCancelled(slot.starts_at.isoformat())
    actor_id = actor.id if actor else None
    record(session, cancelled, about=interview.application.subject, at=now, actor_id=actor_id)
    mails.tell_cancelled(session, interview, slot, now=now)
    interview.sequence += 1


def remind_to_choose(session: Session, interview: Interview, *, actor: User | None, now: datetime) -> None:
    """Mail the applicant that they have not chosen yet, within the caller's transaction."""
    interview.reminded_at, interview.reminders = now, interview.reminders + 1
    actor_id = actor.id if actor else None
    record(session, InterviewReminded(), about=interview.application.subject, at=now, actor_id=actor_id)
    mails.invite(session, interview, "interview_reminder", now=now)


def hold(session: Session, interview: Interview) -> None:
    """The interview and its application as they are now, kept so until the end of the transaction."""
    session.refresh(interview, with_for_update={"of": Interview})
    session.refresh(interview.application, with_for_update={"of": Application})


def by_the_clock(*, now: datetime) -> dict[str, int]:
    """Remind whoever has an interview within a day, and whoever has a day left to choose; free what nobody needs.

    How many there were of each.
    """
    until = now + REMINDED_BEFORE
    with changing() as session:
        ended = _found(session, queries.ended_for_their_applicant(now))
        for each in ended:
            cancel(session, each, actor=None, now=now)
        told = [_remind(session, each, now) for each in _found(session, queries.to_remind_of_slot(now, until))]
        asked = _found(session, queries.to_remind_to_choose(now, until))
        for each in asked:
            remind_to_choose(session, each, actor=None, now=now)
    return {"told": sum(told), "asked": len(asked), "freed": len(ended)}


def _found(session: Session, statement: Select[Interview]) -> list[Interview]:
    return list(session.scalars(statement))


def _remind(session: Session, interview: Interview, now: datetime) -> bool:
    """Not of what was agreed on within the last day before: the mail about that is reminder enough."""
    slot, chosen_at = interview.slot, interview.chosen_at
    interview.told_at = now
    if slot is None or chosen_at is None or chosen_at > slot.starts_at - REMINDED_BEFORE:
        return False
    mails.remind(session, interview, now=now)
    return True
