"""Keeping what the staff settle about an interview until it is told, and telling it, page and mail together."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.interviews import held, mails
from s2group.admissions.interviews.models import Interview, InterviewChange, InterviewSlot, News
from s2group.admissions.interviews.queries import changes_due
from s2group.admissions.interviews.services import book, cancel, changing, hold, remind_to_choose
from s2group.admissions.rules.states import State
from s2group.audit.rules import InterviewHeld, InterviewInvited
from s2group.audit.services import record
from s2group.core.errors import log_error
from s2group.extensions import db


class NotInInterviewsError(ValueError):
    """The application is somewhere else by now: its applicant is invited to nothing, and offered no time."""


def settle(
    session: Session,
    interview: Interview,
    what: News,
    *,
    slot: InterviewSlot | None = None,
    replaces_slot: bool = False,
    actor: User,
    told_at: datetime,
    now: datetime,
) -> None:
    """Keep what both sides are told at `told_at`, in the place of what was held before, within changing().

    It is told here where that is now. Raises NotInInterviewsError for anything but a cancellation.
    """
    if what is not News.CANCELLED and interview.application.state != State.INTERVIEW:
        raise NotInInterviewsError(interview.application.reference)
    before = interview.change
    is_invitation = what is News.INVITED or (before is not None and before.is_invitation)
    if before is not None:
        held.drop(session, before, but=slot)
    change = InterviewChange(
        interview=interview, what=what.value, is_invitation=is_invitation, slot=slot, replaces_slot=replaces_slot,
        settled_at=now, told_at=told_at, actor_id=actor.id,
    )  # fmt: skip
    session.add(change)
    session.flush()
    if told_at <= now:
        _tell(session, change, now)
    else:
        kept = InterviewHeld(what.value, held.starts_at(change))
        record(session, kept, about=interview.application.subject, at=now, actor_id=actor.id)


def take_effect(*, now: datetime) -> int:
    """Tell what was held until now; how many interviews it was about.

    As many workers as like may do so at once. What fails is logged, and tried again the next time.
    """
    return sum(_try_to_tell(interview_id, now) for interview_id in changes_due(now))


def _try_to_tell(interview_id: int, now: datetime) -> bool:
    try:
        with changing() as session:
            change = session.get(InterviewChange, interview_id, populate_existing=True)
            if change is None or change.told_at > now:  # taken back, settled anew, or told by another worker
                return False
            hold(session, change.interview)
            return _tell(session, change, now)
    except Exception as error:
        log_error(f"what was settled about interview {interview_id} could not be told", error)
        db.session.rollback()
        return False


def _tell(session: Session, change: InterviewChange, now: datetime) -> bool:
    """Nothing to somebody who has left interviews since, but that one does not take place."""
    if not change.will_be_told:
        held.skip(session, change, "left", now=now)
        return False
    interview, actor, what = change.interview, change.actor, News(change.what)
    slot, replaced = change.slot, interview.slot if change.replaces_slot else None
    if change.is_invitation:
        interview.invited_at = now
    held.drop(session, change, but=slot)
    _do(session, interview, what, slot, actor, now)
    if replaced is not None:
        held.remove(session, replaced)
    return True


def _do(
    session: Session, interview: Interview, what: News, slot: InterviewSlot | None, actor: User, now: datetime
) -> None:
    if what is News.BOOKED and slot is not None:
        book(session, interview, slot, actor=actor, now=now)
    elif what is News.CANCELLED:
        cancel(session, interview, actor=actor, now=now)
    elif what is News.REMINDED:
        remind_to_choose(session, interview, actor=actor, now=now)
    else:
        record(session, InterviewInvited(), about=interview.application.subject, at=now, actor_id=actor.id)
        mails.invite(session, interview, "interview_invited", now=now)
