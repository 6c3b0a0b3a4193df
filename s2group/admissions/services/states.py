"""The one way in which the state of an application changes, and in which the applicant comes to see it."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.facts.services import refresh_facts
from s2group.admissions.models import Application
from s2group.admissions.offers import terms, waitlist
from s2group.admissions.rules.states import Mover, State, may_move
from s2group.audit.rules import Moved, MoveUndone, Shown, TakenBack
from s2group.audit.services import record


class ForbiddenMoveError(ValueError):
    """Nobody, or not this mover, may move an application from this state to that one."""

    def __init__(self, state: State, to: State, by: Mover) -> None:
        super().__init__(f"no {by} may move an application from {state} to {to}")


def move(
    session: Session,
    *,
    application: Application,
    to: State,
    by: Mover,
    actor: User | None,
    release: bool,
    now: datetime,
) -> None:
    """Change the state of an application, within the caller's transaction; its row is locked until the end of that.

    Writes `state`, `state_at`, `withdrawn_from` and an event `Moved`. What the applicant sees, `shown_state`, follows
    where it was not the staff who moved, or where `release` says so; then there is also an event `Shown`. Who takes a
    withdrawal back sees what they saw before it, kept as `withdrawn_shown`: a decision that was not released stays so.
    The event is `TakenBack` then. Whoever comes to the waiting list stands last on it.

    `actor` is the member of the staff, or None. Raises ForbiddenMoveError; what applicant and clock may do goes by what
    is shown, so that a refusal tells no decision, and an offer that was made is one until its taking back was told.
    """
    session.refresh(application, with_for_update={"of": Application})
    state = State(application.state)
    known = state if by is Mover.STAFF else State(application.shown_state)
    if not may_move(known, to, by, withdrawn_from=_withdrawn_from(application)):
        raise ForbiddenMoveError(known, to, by)
    seen_before = application.withdrawn_shown
    application.state, application.state_at = to.value, now
    application.withdrawn_from = state.value if to is State.WITHDRAWN else None
    application.withdrawn_shown = application.shown_state if to is State.WITHDRAWN else None
    actor_id = actor.id if actor else None
    record(session, Moved(state.value, to.value), about=application.subject, at=now, actor_id=actor_id)
    if by is Mover.STAFF and to is State.WAITLIST:
        waitlist.join(session, application)
    if state is State.WITHDRAWN:
        _show(session, application, TakenBack(seen_before or State.SUBMITTED.value), actor, now)
    elif release or by is not Mover.STAFF:
        _show(session, application, Shown(to.value), actor, now)
    refresh_facts(session, [application.id])


def may_be_withdrawn(application: Application) -> bool:
    """Whether its applicant may withdraw it, as far as they know."""
    return may_move(State(application.shown_state), State.WITHDRAWN, Mover.APPLICANT)


def release(session: Session, *, application: Application, actor: User | None, now: datetime) -> None:
    """Show the applicant the state as it is, within the caller's transaction. Writes `shown_state` and an event.

    Where that is an offer, its time begins: nobody has less than offers.rules.LEAST_TIME to answer.
    """
    session.refresh(application, with_for_update={"of": Application})
    _show(session, application, Shown(application.state), actor, now)
    refresh_facts(session, [application.id])


def put_back(
    session: Session, *, application: Application, state: State, state_at: datetime, actor: User, now: datetime
) -> None:
    """Undo the last move of the staff, of which nobody was told, within the caller's transaction, which holds it.

    The caller knows where the application was before, and since when. Writes `state`, `state_at` and an event
    `MoveUndone`.
    """
    before = application.state
    application.state, application.state_at = state.value, state_at
    record(session, MoveUndone(before, state.value), about=application.subject, at=now, actor_id=actor.id)
    refresh_facts(session, [application.id])


def _withdrawn_from(application: Application) -> State | None:
    return State(application.withdrawn_from) if application.withdrawn_from else None


def _show(
    session: Session, application: Application, told: Shown | TakenBack, actor: User | None, now: datetime
) -> None:
    if application.shown_state == told.state:
        return
    application.shown_state = told.state
    if told.state == State.OFFER:
        terms.begin(session, application, now)
    record(session, told, about=application.subject, at=now, actor_id=actor.id if actor else None)
