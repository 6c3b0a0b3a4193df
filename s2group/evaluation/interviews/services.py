"""What staff do with rounds, slots and invitations: all of it or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.interviews import mails
from s2group.admissions.interviews.models import Interview, InterviewRound, InterviewSlot
from s2group.admissions.interviews.queries import slots_of_interviewers
from s2group.admissions.interviews.rules import clashes
from s2group.admissions.interviews.services import (
    ClashError,
    SlotTakenError,
    book,
    cancel,
    changing,
    hold,
    place,
    remind_to_choose,
)
from s2group.admissions.models import AdmissionRoute, Application
from s2group.audit.rules import InterviewBooked, InterviewInvited
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.core.localized import LocalizedText
from s2group.evaluation.interviews.models import InterviewNote
from s2group.evaluation.interviews.queries import note_by


@dataclass(frozen=True)
class RoundValues:
    """What is said of a round."""

    title: LocalizedText
    text: LocalizedText
    place: str
    timezone: str
    minutes: int
    choose_until: datetime
    changes_allowed: int
    routes: Sequence[AdmissionRoute]


@dataclass(frozen=True)
class SlotValues:
    """What is said of a slot beside its time."""

    place: str
    is_open: bool
    interviewers: Sequence[User]


@dataclass(frozen=True)
class Span:
    """A time that may become a slot."""

    starts_at: datetime
    ends_at: datetime


def add_round(*, values: RoundValues, now: datetime) -> InterviewRound:
    """Begin a round without slots; nobody is invited yet."""
    with transaction() as session:
        added = InterviewRound(key=new_token(), created_at=now, **vars(values))
        session.add(added)
    return added


def change_round(*, interview_round: InterviewRound, values: RoundValues) -> None:
    """Let it say something else. Nobody is mailed."""
    with transaction():
        for name, value in vars(values).items():
            setattr(interview_round, name, value)


def add_slots(*, interview_round: InterviewRound, spans: Sequence[Span], values: SlotValues) -> None:
    """Add slots at these times, all or none. Raises ClashError for the first interviewer who would be in two."""
    with changing() as session:
        for span in spans:
            _no_clash(session, values.interviewers, span)
            slot = InterviewSlot(round_id=interview_round.id, starts_at=span.starts_at, ends_at=span.ends_at)
            _say(slot, values)
            session.add(slot)
            session.flush()


def change_slot(*, slot: InterviewSlot, span: Span, values: SlotValues, actor: User, now: datetime) -> None:
    """Let a slot be at another time or place, or with others; where it is agreed on, everybody concerned is told.

    Raises ClashError.
    """
    with changing() as session:
        session.refresh(slot)
        before, was = list(slot.interviewers), (slot.starts_at, slot.ends_at, slot.where)
        _no_clash(session, values.interviewers, span, but=slot)
        slot.starts_at, slot.ends_at = span.starts_at, span.ends_at
        _say(slot, values)
        session.flush()
        interview = slot.interview
        if interview is None:
            return
        place(session, interview, slot)
        is_other = (slot.starts_at, slot.ends_at, slot.where) != was or before != list(slot.interviewers)
        if interview.is_chosen and is_other:
            gone = [user for user in before if user not in slot.interviewers]
            mails.tell_former(session, interview, slot, gone, now=now)
            interview.told_at = None
            booked = InterviewBooked(slot.starts_at.isoformat())
            record(session, booked, about=interview.application.subject, at=now, actor_id=actor.id)
            mails.tell_booked(session, interview, is_change=True, now=now)
            interview.sequence += 1


def remove_slot(*, slot: InterviewSlot) -> None:
    """Remove a slot that is nobody's. Raises SlotTakenError."""
    with changing() as session:
        session.refresh(slot)
        if slot.interview is not None:
            raise SlotTakenError
        session.delete(slot)


def invite(
    *, interview_round: InterviewRound, applications: Collection[Application], actor: User, now: datetime
) -> int:
    """Let these applicants choose a slot, and mail it to them; how many were not invited before."""
    with changing() as session:
        session.refresh(interview_round, ["interviews"])
        known = {each.application_id for each in interview_round.interviews}
        added = [each for each in applications if each.id not in known]
        for application in added:
            _invite(session, interview_round, application, actor, now)
    return len(added)


def _invite(
    session: Session, interview_round: InterviewRound, application: Application, actor: User, now: datetime
) -> None:
    interview = Interview(key=new_token(), round=interview_round, application=application, invited_at=now)
    session.add(interview)
    session.flush()
    record(session, InterviewInvited(), about=application.subject, at=now, actor_id=actor.id)
    mails.invite(session, interview, "interview_invited", now=now)


def remind(*, interview: Interview, actor: User, now: datetime) -> bool:
    """Mail an applicant once more that they may choose; False where they have."""
    with changing() as session:
        hold(session, interview)
        if interview.is_chosen:
            return False
        remind_to_choose(session, interview, actor=actor, now=now)
    return True


def keep_slot(*, interview: Interview, slot: InterviewSlot) -> None:
    """Keep a slot for an applicant, whom it is offered to and nobody else. Raises ClashError, SlotTakenError.

    SlotTakenError also where the applicant has chosen one.
    """
    with changing() as session:
        hold(session, interview)
        if interview.is_chosen:
            raise SlotTakenError
        place(session, interview, slot)


def agree(*, interview: Interview, slot: InterviewSlot, actor: User, now: datetime) -> None:
    """Give an applicant this slot, in place of theirs if they have one, and tell both sides.

    Raises ClashError, SlotTakenError.
    """
    with changing() as session:
        hold(session, interview)
        book(session, interview, slot, actor=actor, now=now)


def free(*, interview: Interview, actor: User, now: datetime) -> None:
    """Take the slot from an applicant, who may then choose another; told to both sides where it was agreed on."""
    with changing() as session:
        hold(session, interview)
        cancel(session, interview, actor=actor, now=now)


class StaleNoteError(Exception):
    """Another tab has saved something else since; what was sent is not stored. `note` is what is."""

    def __init__(self, note: InterviewNote | None) -> None:
        super().__init__("the note was saved elsewhere")
        self.note = note


def write_note(*, interview: Interview, text: str, seen: str, actor: User, now: datetime) -> None:
    """Keep what the actor notes of an interview; without text there is no note.

    `seen` is that of the note when its form was shown, empty where there was none. Saying the same once more changes
    nothing. Raises StaleNoteError.
    """
    with transaction() as session:
        session.refresh(interview, with_for_update={"of": Interview})
        note = note_by(actor, interview)
        if note and note.text == text:
            return
        if seen != (note.seen if note else ""):
            raise StaleNoteError(note)
        if note is None:
            note = InterviewNote(interview_id=interview.id, user_id=actor.id)
            session.add(note)
        note.text, note.saved_at = text, now


def _say(slot: InterviewSlot, values: SlotValues) -> None:
    slot.place, slot.is_open, slot.interviewers = values.place, values.is_open, list(values.interviewers)


def _no_clash(session: Session, interviewers: Sequence[User], span: Span, but: InterviewSlot | None = None) -> None:
    ids = {user.id for user in interviewers}
    busy = [slot for slot in slots_of_interviewers(session, ids, span) if slot is not but]
    for slot in clashes(span, busy):
        who = next(user for user in slot.interviewers if user.id in ids)
        raise ClashError(who.shown_name, slot)
