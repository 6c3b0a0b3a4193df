"""What staff do with rounds, slots and invitations: all of it or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.interviews import held
from s2group.admissions.interviews.models import Interview, InterviewRound, InterviewSlot, News
from s2group.admissions.interviews.queries import slots_of_interviewers
from s2group.admissions.interviews.rules import clashes
from s2group.admissions.interviews.services import (
    ClashError,
    SlotTakenError,
    cancel,
    changing,
    check_free,
    hold,
    may_choose,
    place,
)
from s2group.admissions.interviews.telling import settle
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.rules.states import State
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


def change_round(
    *, interview_round: InterviewRound, values: RoundValues, actor: User, told_at: datetime, now: datetime
) -> None:
    """Let it say something else. Who was told otherwise hears of it at `told_at`.

    Whoever has agreed on a time hears of another title or text, and of another place where theirs is that of the round:
    until then, and for good where that is taken back, it stays where it was. Whoever has not chosen hears of another
    last day. Another zone changes no moment, and nobody hears of it.
    """
    with changing() as session:
        session.refresh(interview_round)
        differs = {name: value != getattr(interview_round, name) for name, value in vars(values).items()}
        staying = _agreed_at_its_place(interview_round) if differs["place"] else {}
        for slot in staying.values():
            slot.place = interview_round.place
        for name, value in vars(values).items():
            setattr(interview_round, name, value)
        session.flush()
        for interview in interview_round.interviews:
            hold(session, interview)
            # Whatever is held is written when it is told, with what the round says then.
            if interview.change is None and interview.application.state == State.INTERVIEW:
                _tell_of_round(
                    session, interview, differs, staying.get(interview), actor=actor, told_at=told_at, now=now
                )


def _agreed_at_its_place(interview_round: InterviewRound) -> dict[Interview, InterviewSlot]:
    return {
        each: each.slot
        for each in interview_round.interviews
        if each.is_chosen and each.slot is not None and not each.slot.place
    }


def _tell_of_round(
    session: Session,
    interview: Interview,
    differs: Mapping[str, bool],
    staying: InterviewSlot | None,
    *,
    actor: User,
    told_at: datetime,
    now: datetime,
) -> None:
    """Settle what is told of a round that says something else; `staying` is the slot that is to be where it is now."""
    slot, about = interview.slot, dict[str, Any](actor=actor, told_at=told_at, now=now)
    if not interview.is_chosen:
        if differs["choose_until"] and may_choose(interview, now=now):
            settle(session, interview, News.REMINDED, **about)
    elif slot is not None and slot.starts_at > now:
        if staying is not None:
            _move_to_its_place(session, interview, staying, **about)
        elif differs["title"] or differs["text"]:
            settle(session, interview, News.BOOKED, slot=slot, **about)


def _move_to_its_place(session: Session, interview: Interview, slot: InterviewSlot, **about: Any) -> None:
    """Settle that it is at the same time where the round is."""
    to, span = _slot_beside(session, slot), Span(slot.starts_at, slot.ends_at)
    _change(session, to, span, SlotValues("", slot.is_open, slot.interviewers), interview)
    settle(session, interview, News.BOOKED, slot=to, replaces_slot=True, **about)


def add_slots(*, interview_round: InterviewRound, spans: Sequence[Span], values: SlotValues) -> None:
    """Add slots at these times, all or none. Raises ClashError for the first interviewer who would be in two."""
    with changing() as session:
        for span in spans:
            _no_clash(session, values.interviewers, span)
            slot = InterviewSlot(round_id=interview_round.id, starts_at=span.starts_at, ends_at=span.ends_at)
            _say(slot, values)
            session.add(slot)
            session.flush()


def change_slot(
    *, slot: InterviewSlot, span: Span, values: SlotValues, actor: User, told_at: datetime, now: datetime
) -> None:
    """Let a slot be at another time or place, or with others; where it is agreed on, everybody concerned is told.

    Until then a slot that is agreed on stays as it is, beside one that takes its place at `told_at`. Raises ClashError,
    and NotInInterviewsError where somebody would be told who has left interviews.
    """
    with changing() as session:
        session.refresh(slot)
        interview, before = slot.holder, _said(slot)
        _no_clash(session, values.interviewers, span, but=_slots_of(interview, slot))
        if interview is None or not _is_other(before, span, values, slot) or not _is_to_be_told(interview, slot):
            _change(session, slot, span, values, interview)
            return
        to = _slot_beside(session, slot) if slot is interview.slot else slot
        _change(session, to, span, values, interview)
        replaces = to is not slot or (interview.change is not None and interview.change.replaces_slot)
        settle(session, interview, News.BOOKED, slot=to, replaces_slot=replaces, actor=actor, told_at=told_at, now=now)


def _is_to_be_told(interview: Interview, slot: InterviewSlot) -> bool:
    """Not of a slot that is only kept for them."""
    return slot is not interview.slot or interview.is_chosen


def _slots_of(interview: Interview | None, slot: InterviewSlot) -> list[InterviewSlot]:
    """Where the same interview is, or is about to be: nobody is in two of these at once."""
    if interview is None:
        return [slot]
    about_to = interview.change.slot if interview.change else None
    return [each for each in (slot, interview.slot, about_to) if each is not None]


def _said(slot: InterviewSlot) -> tuple[object, ...]:
    return slot.starts_at, slot.ends_at, slot.where, list(slot.interviewers)


def _is_other(before: tuple[object, ...], span: Span, values: SlotValues, slot: InterviewSlot) -> bool:
    """Whether an applicant, or who interviews, would see a difference."""
    where, who = values.place or slot.round.place, sorted(values.interviewers, key=lambda user: user.id)
    return (span.starts_at, span.ends_at, where, who) != before


def _slot_beside(session: Session, slot: InterviewSlot) -> InterviewSlot:
    added = InterviewSlot(round=slot.round, starts_at=slot.starts_at, ends_at=slot.ends_at, place="", is_open=False)
    session.add(added)
    return added


def _change(session: Session, slot: InterviewSlot, span: Span, values: SlotValues, interview: Interview | None) -> None:
    slot.starts_at, slot.ends_at = span.starts_at, span.ends_at
    _say(slot, values)
    session.flush()
    if interview is not None:
        check_free(session, interview, slot)


def remove_slot(*, slot: InterviewSlot) -> None:
    """Remove a slot that is nobody's. Raises SlotTakenError."""
    with changing() as session:
        session.refresh(slot)
        if slot.holder is not None:
            raise SlotTakenError
        session.delete(slot)


def invite(
    *,
    interview_round: InterviewRound,
    applications: Collection[Application],
    actor: User,
    told_at: datetime,
    now: datetime,
) -> int:
    """Let these applicants choose a slot, and mail it to them at `told_at`; how many were not invited before.

    Raises NotInInterviewsError.
    """
    with changing() as session:
        session.refresh(interview_round, ["interviews"])
        known = {each.application_id for each in interview_round.interviews}
        added = [each for each in applications if each.id not in known]
        for application in added:
            interview = Interview(key=new_token(), round=interview_round, application=application, invited_at=now)
            session.add(interview)
            session.flush()
            settle(session, interview, News.INVITED, actor=actor, told_at=told_at, now=now)
    return len(added)


def remind(*, interview: Interview, actor: User, told_at: datetime, now: datetime) -> bool:
    """Mail an applicant at `told_at` once more that they may choose; False where they have, or are told anything else.

    Raises NotInInterviewsError.
    """
    with changing() as session:
        hold(session, interview)
        if interview.is_chosen or interview.change is not None:
            return False
        settle(session, interview, News.REMINDED, actor=actor, told_at=told_at, now=now)
    return True


def keep_slot(*, interview: Interview, slot: InterviewSlot) -> None:
    """Keep a slot for an applicant, whom it is offered to and nobody else. Raises ClashError, SlotTakenError.

    SlotTakenError also where a time is agreed on, or about to be.
    """
    with changing() as session:
        hold(session, interview)
        if interview.is_chosen or _is_held(interview, News.BOOKED):
            raise SlotTakenError
        place(session, interview, slot)


def agree(*, interview: Interview, slot: InterviewSlot, actor: User, told_at: datetime, now: datetime) -> None:
    """Give an applicant this slot, in place of theirs if they have one, and tell both sides at `told_at`.

    The one that they have is nothing to be told: what was held is taken back then. Raises ClashError,
    NotInInterviewsError, SlotTakenError.
    """
    with changing() as session:
        hold(session, interview)
        check_free(session, interview, slot)
        if interview.is_chosen and slot is interview.slot:
            held.take_back(session, interview, actor=actor, now=now)
        else:
            settle(session, interview, News.BOOKED, slot=slot, actor=actor, told_at=told_at, now=now)


def free(*, interview: Interview, actor: User, told_at: datetime, now: datetime) -> None:
    """Take the slot from an applicant, who may then choose another; told to both sides where they know of it.

    Of a time that they were not told yet they never hear.
    """
    with changing() as session:
        hold(session, interview)
        about: dict[str, Any] = {"actor": actor, "told_at": told_at, "now": now}
        if interview.is_chosen:
            if not _is_held(interview, News.CANCELLED):
                settle(session, interview, News.CANCELLED, **about)
        elif _is_held(interview, News.BOOKED):
            _give_no_time(session, interview, **about)
        else:
            cancel(session, interview, actor=actor, now=now)


def _give_no_time(session: Session, interview: Interview, *, actor: User, told_at: datetime, now: datetime) -> None:
    """Of an invitation that is held the rest goes on: they are invited to choose."""
    if interview.change is not None and interview.change.is_invitation:
        settle(session, interview, News.INVITED, actor=actor, told_at=told_at, now=now)
    else:
        held.take_back(session, interview, actor=actor, now=now)


def _is_held(interview: Interview, what: News) -> bool:
    return interview.change is not None and interview.change.what == what


def take_back(*, interviews: Collection[Interview], actor: User, now: datetime) -> int:
    """Take back what is held of these interviews, an invitation with all that was settled since; how many there were.

    The others were told already.
    """
    taken = 0
    with changing() as session:
        for interview in interviews:
            hold(session, interview)
            taken += held.take_back(session, interview, actor=actor, now=now)
    return taken


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


def _no_clash(session: Session, interviewers: Sequence[User], span: Span, but: Collection[InterviewSlot] = ()) -> None:
    ids = {user.id for user in interviewers}
    busy = [slot for slot in slots_of_interviewers(session, ids, span) if slot not in but]
    for slot in clashes(span, busy):
        who = next(user for user in slot.interviewers if user.id in ids)
        raise ClashError(who.shown_name, slot)
