"""Beginning a sitting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.evaluation.access import visible_to
from s2group.evaluation.sittings.models import Sitting, SittingPlace
from s2group.evaluation.sittings.queries import MOST_PLACES
from s2group.extensions import db

KEPT = timedelta(days=30)


class NothingToReadError(Exception):
    """None of the applications is there for this reader."""


def begin(*, user: User, ids: Sequence[int], search: str = "", now: datetime) -> Sitting:
    """Freeze these applications in this order, the first MOST_PLACES of those that `user` sees.

    Sittings that began more than KEPT ago are removed, anybody's. Raises NothingToReadError.
    """
    wanted = list(dict.fromkeys(ids))[:MOST_PLACES]
    found = set(
        db.session.scalars(visible_to(user).with_only_columns(Application.id).where(Application.id.in_(wanted)))
    )
    places = [application_id for application_id in wanted if application_id in found]
    if not places:
        raise NothingToReadError
    with transaction() as session:
        _forget_old(session, now)
        sitting = Sitting(key=new_token(), user_id=user.id, begun_at=now, search=search, size=len(places), user=user)
        session.add(sitting)
        session.flush()
        session.add_all(
            SittingPlace(sitting_id=sitting.id, position=position, application_id=application_id)
            for position, application_id in enumerate(places, 1)
        )
    return sitting


def _forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Sitting).where(Sitting.begun_at < now - KEPT))
