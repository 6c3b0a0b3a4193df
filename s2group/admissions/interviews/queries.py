"""Reads of interviews for their applicants, and of whom a slot would clash with."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from s2group.accounts.models import User
from s2group.admissions.interviews.models import Interview, InterviewChange, InterviewRound, InterviewSlot
from s2group.admissions.interviews.rules import Span
from s2group.admissions.models import Application, ApplicationFacts
from s2group.admissions.rules.states import State
from s2group.extensions import db


def interviews_of(application: Application) -> Sequence[Interview]:
    """The rounds to which an application is invited, as its applicant knows; each with its slot, as they know it.

    In the order of the invitations.
    """
    is_told = ~Interview.change.has(InterviewChange.is_invitation)
    statement = select(Interview).where(Interview.application_id == application.id, is_told).order_by(Interview.id)
    return db.session.scalars(
        statement.options(joinedload(Interview.round), joinedload(Interview.slot), joinedload(Interview.change))
    ).all()


def interview_in(application: Application, round_key: str) -> Interview | None:
    """The interview of an application in the round with this key."""
    return next((each for each in interviews_of(application) if each.round.key == round_key), None)


def offered_slots(interview: Interview, *, now: datetime) -> Sequence[InterviewSlot]:
    """What the applicant can choose now: the open slots that are nobody's, and the one that is theirs or kept for them.

    Not what the staff are about to give to somebody, be it to them: that shows once it is told.

    In the order of time, without those that have begun and those that overlap another interview of the same person.
    """
    free = ~exists().where(Interview.slot_id == InterviewSlot.id) & ~InterviewSlot.change.has()
    is_theirs = InterviewSlot.id == interview.slot_id
    statement = (
        select(InterviewSlot)
        .where(InterviewSlot.round_id == interview.round_id, InterviewSlot.starts_at > now)
        .where((InterviewSlot.is_open & free) | is_theirs)
        .order_by(InterviewSlot.starts_at, InterviewSlot.id)
    )
    taken = other_slots_of_person(db.session(), interview)
    return [slot for slot in db.session.scalars(statement) if not _overlaps_any(slot, taken)]


def _overlaps_any(slot: InterviewSlot, others: Collection[InterviewSlot]) -> bool:
    return any(slot.starts_at < other.ends_at and other.starts_at < slot.ends_at for other in others)


def other_slots_of_person(session: Session, interview: Interview) -> Sequence[InterviewSlot]:
    """The slots of all other interviews by the same e-mail address, in whatever round, also those not told yet."""
    person = select(ApplicationFacts.email_key).where(ApplicationFacts.application_id == interview.application_id)
    statement = (
        select(InterviewSlot)
        .outerjoin(InterviewSlot.change)
        .join(Interview, or_(Interview.slot_id == InterviewSlot.id, Interview.id == InterviewChange.interview_id))
        .join(ApplicationFacts, ApplicationFacts.application_id == Interview.application_id)
        .where(ApplicationFacts.email_key == person.scalar_subquery(), Interview.id != interview.id)
    )
    return session.scalars(statement).all()


def slots_of_interviewers(session: Session, users: Collection[int], span: Span) -> Sequence[InterviewSlot]:
    """The slots at which one of these accounts interviews somebody and that overlap `span`, with their interviewers."""
    statement = (
        select(InterviewSlot)
        .where(InterviewSlot.starts_at < span.ends_at, InterviewSlot.ends_at > span.starts_at)
        .where(InterviewSlot.interviewers.any(User.id.in_(users)))
        .options(selectinload(InterviewSlot.interviewers), joinedload(InterviewSlot.round))
        .order_by(InterviewSlot.starts_at, InterviewSlot.id)
    )
    return session.scalars(statement).all()


def to_remind_of_slot(now: datetime, until: datetime) -> Select[Interview]:
    """The interviews that were agreed before and take place until then, of which nobody was reminded.

    Of what is about to be another time, that is told and not this one.
    """
    return _with_application().where(
        Interview.chosen_at.is_not(None),
        Interview.told_at.is_(None),
        ~Interview.change.has(),
        InterviewSlot.starts_at > now,
        InterviewSlot.starts_at <= until,
    )


def to_remind_to_choose(now: datetime, until: datetime) -> Select[Interview]:
    """Of rounds in which can be chosen until then at the latest: whoever has chosen nothing and was not reminded."""
    return _with_application().where(
        InterviewRound.choose_until > now,
        InterviewRound.choose_until <= until,
        Interview.chosen_at.is_(None),
        Interview.reminded_at.is_(None),
        Interview.none_fits_at.is_(None),
        ~Interview.change.has(),
        Application.shown_state == State.INTERVIEW,
    )


def changes_due(now: datetime) -> Sequence[int]:
    """The interviews of which both sides are to be told something by now, first what was settled first."""
    due = select(InterviewChange.interview_id).where(InterviewChange.told_at <= now)
    return db.session.scalars(due.order_by(InterviewChange.told_at, InterviewChange.interview_id)).all()


def ended_for_their_applicant(now: datetime) -> Select[Interview]:
    """The interviews to come of applications that are withdrawn or declined, as their applicants know.

    Of what is held it is decided first whether that is still told.
    """
    return _with_application().where(
        InterviewSlot.starts_at > now,
        Application.shown_state.in_([State.WITHDRAWN, State.DECLINED]),
        ~Interview.change.has(),
    )


def _with_application() -> Select[Interview]:
    return (
        select(Interview)
        .join(Interview.round)
        .join(Interview.application)
        .outerjoin(Interview.slot)
        .options(contains_eager(Interview.round), contains_eager(Interview.application), contains_eager(Interview.slot))
        .order_by(Interview.id)
    )
