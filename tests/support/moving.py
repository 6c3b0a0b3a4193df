"""Applications of tests are moved as the portal moves them."""

from datetime import datetime

from sqlalchemy import select

from s2group.admissions.models import Application
from s2group.admissions.rules.states import Mover, State
from s2group.admissions.services import states
from s2group.core.database import transaction
from s2group.extensions import db

# Who moves there; everywhere else the staff do.
MOVERS = {State.ACCEPTED: Mover.APPLICANT, State.REFUSED: Mover.APPLICANT, State.LAPSED: Mover.CLOCK}


def move_all(to: str, *, release: bool = True, at: datetime | None = None) -> None:
    """Move every application there."""
    for application in db.session.scalars(select(Application)).all():
        move(application, to, release=release, at=at)


def move(application: Application, to: str, *, release: bool = True, at: datetime | None = None) -> None:
    """Move it there as the staff, its applicant or the clock does, at that moment or that of its last move.

    A withdrawal is taken back before anything else. With `release` the applicant sees a move of the staff.
    """
    moment = at or application.state_at
    if application.withdrawn_from:
        _move(application, State(application.withdrawn_from), release, moment)
    if application.state != to:
        _move(application, State(to), release, moment)


def _move(application: Application, to: State, release: bool, now: datetime) -> None:
    by = Mover.APPLICANT if State.WITHDRAWN in (application.state, to) else MOVERS.get(to, Mover.STAFF)
    with transaction() as session:
        states.move(session, application=application, to=to, by=by, actor=None, release=release, now=now)
