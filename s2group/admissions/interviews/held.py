"""What the staff have settled about an interview and nobody was told: how it is dropped before it is told."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.interviews.models import Interview, InterviewChange, InterviewSlot
from s2group.audit.rules import InterviewNotTold, InterviewTakenBack
from s2group.audit.services import record


def drop(session: Session, change: InterviewChange, *, but: InterviewSlot | None = None) -> None:
    """Let it be as if nothing had been settled, within changing(). A slot made for the move goes, but not `but`."""
    interview, slot = change.interview, change.slot if change.replaces_slot else None
    session.delete(change)
    session.flush()
    session.expire(interview, ["change"])
    if slot is not None and slot is not but:
        remove(session, slot)


def remove(session: Session, slot: InterviewSlot) -> None:
    """Remove a slot that is nobody's any more, within changing()."""
    session.expire(slot)
    session.delete(slot)
    session.flush()


def take_back(session: Session, interview: Interview, *, actor: User, now: datetime) -> bool:
    """Drop what is held, with an invitation the interview itself; False where nothing is, or it was told already."""
    change = interview.change
    if change is None:
        return False
    told = InterviewTakenBack(change.what, starts_at(change))
    record(session, told, about=interview.application.subject, at=now, actor_id=actor.id)
    _undo(session, change)
    return True


def skip(session: Session, change: InterviewChange, reason: str, *, now: datetime) -> None:
    """Drop what does not fit any more, and keep why nobody is told."""
    application, told = change.interview.application, InterviewNotTold(change.what, reason)
    record(session, told, about=application.subject, at=now, actor_id=change.actor_id)
    _undo(session, change)


def _undo(session: Session, change: InterviewChange) -> None:
    interview, is_invitation = change.interview, change.is_invitation
    drop(session, change)
    if is_invitation:
        session.delete(interview)
        session.flush()


def starts_at(change: InterviewChange) -> str | None:
    """When the slot begins that it gives, in ISO 8601."""
    return change.slot.starts_at.isoformat() if change.slot else None
