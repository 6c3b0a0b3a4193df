"""Moving applications from state to state. Nobody outside the staff learns of it before it is released."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.offers import terms
from s2group.admissions.offers.queries import answer_due
from s2group.admissions.offers.services import tell_due
from s2group.admissions.offers.waitlist import hold_route, step
from s2group.admissions.rules.states import TAKES_A_PLACE, Mover, State
from s2group.admissions.services import states
from s2group.audit.rules import MoreOffersThanPlaces, WaitlistStep
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.evaluation.pipeline.models import Decision
from s2group.evaluation.pipeline.queries import decision_of, places
from s2group.evaluation.pipeline.rules import Places
from s2group.evaluation.releases.rules import effective_at


@dataclass(frozen=True)
class Choice:
    """What somebody decides: the state, what the staff keep of it, and for an offer until when it is answered."""

    to: State
    # None leaves the note as it is.
    note: str | None = None
    answer_due_at: datetime | None = None
    # Why there shall be more offers than places; empty where nobody was asked.
    over_places_reason: str = ""
    # Decision.seen as it was when the note was shown; empty where there was no decision.
    seen: str = ""


class StaleNoteError(Exception):
    """A colleague has decided and noted something else since the form was shown; nothing was done."""


class NoPlaceLeftError(Exception):
    """The route would have more offers than places, and nobody has said why."""

    def __init__(self, places: Places) -> None:
        super().__init__(f"{places.taken} of {places.total} places are taken")
        self.places = places


def decide(*, application: Application, choice: Choice, actor: User, now: datetime) -> None:
    """Move an application as `choice` says; the applicant goes on seeing what they see.

    Raises ForbiddenMoveError, StaleNoteError, and NoPlaceLeftError where a reason is wanted.
    """
    with transaction() as session:
        put(session, application=application, choice=choice, actor=actor, now=now)


def step_on_waitlist(*, application: Application, earlier: bool, actor: User, now: datetime) -> bool:
    """Let an application change places with the one before it on its route's list, or with the one behind it.

    False where there is none, or it is not on the list any more.
    """
    with transaction() as session:
        session.refresh(application, with_for_update={"of": Application})
        number = step(session, application, earlier=earlier)
        if number:
            record(session, WaitlistStep(number), about=application.subject, at=now, actor_id=actor.id)
    return number is not None


def put(session: Session, *, application: Application, choice: Choice, actor: User, now: datetime) -> None:
    """The same within the caller's transaction. Of where it stands already, note and day alone change."""
    session.refresh(application, with_for_update={"of": Application})
    was = State(application.state)
    if was is not choice.to:
        states.move(session, application=application, to=choice.to, by=Mover.STAFF, actor=actor, release=False, now=now)
    if choice.to is State.OFFER:
        _set_due(session, application, choice.answer_due_at, now)
        if was not in TAKES_A_PLACE:
            _want_a_reason(session, application, choice, actor, now)
    _note(session, application, choice, actor, now)


def _set_due(session: Session, application: Application, due_at: datetime | None, now: datetime) -> None:
    """Whoever is shown the offer already is told of another day by mail, and it is held like all that tells them."""
    minutes, is_shown = current_app.config["HOLD_MINUTES"], application.shown_state == State.OFFER
    if is_shown and minutes:
        terms.hold_due(session, application, due_at, told_at=effective_at(now, minutes))
        return
    before = answer_due(application)
    terms.set_due(session, application, due_at)
    if is_shown and due_at and due_at != before:
        session.flush()
        tell_due(session, application, now)


def _want_a_reason(session: Session, application: Application, choice: Choice, actor: User, now: datetime) -> None:
    """The offer itself is counted already."""
    hold_route(session, application.route_id)
    session.flush()
    found = places(actor, [application.route])[application.route_id]
    if found.left is None or found.left >= 0:
        return
    if not choice.over_places_reason:
        raise NoPlaceLeftError(found)
    details = MoreOffersThanPlaces(found.taken, found.total or 0, choice.over_places_reason)
    record(session, details, about=application.subject, at=now, actor_id=actor.id)


def _note(session: Session, application: Application, choice: Choice, actor: User, now: datetime) -> None:
    decision = decision_of(actor, application)
    if decision is None:
        decision = Decision(application_id=application.id)
        session.add(decision)
    if choice.note is not None and choice.note != decision.note:
        if choice.seen != (decision.seen if decision.at else ""):
            raise StaleNoteError
        decision.note = choice.note
    decision.over_places_reason = choice.over_places_reason
    decision.actor_id, decision.at = actor.id, now
