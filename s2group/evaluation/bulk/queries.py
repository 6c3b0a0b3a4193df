"""Runs of a person, and their applications."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application
from s2group.evaluation.access import visible_to
from s2group.evaluation.bulk.models import BulkItem, BulkRun
from s2group.extensions import db


def run_of(user: User, key: str) -> BulkRun | None:
    """What `user` has planned or done under this key; nobody else's."""
    return db.session.scalar(select(BulkRun).where(BulkRun.key == key, BulkRun.actor_id == user.id))


def applications_of(user: User, run: BulkRun, *, hold: bool = False) -> Sequence[Application]:
    """The applications of a run that `user` sees, in the order of coming.

    With `hold` nobody else changes them until the end of the caller's transaction.
    """
    return _loaded(visible_to(user).join(BulkItem).where(BulkItem.run_id == run.id), hold=hold)


def applications_with(user: User, ids: Sequence[int]) -> Sequence[Application]:
    """Those with these ids that `user` sees."""
    return _loaded(visible_to(user).where(Application.id.in_(ids)))


def ids_of(user: User, references: Sequence[str], most: int) -> Sequence[int]:
    """The ids of the applications with these references that `user` sees, at most so many."""
    statement = visible_to(user).with_only_columns(Application.id).where(Application.reference.in_(references))
    return db.session.scalars(statement.order_by(Application.id).limit(most)).all()


def _loaded(statement: Select[Application], *, hold: bool = False) -> Sequence[Application]:
    route = joinedload(Application.route).joinedload(AdmissionRoute.call)
    found = statement.join(Application.facts).options(contains_eager(Application.facts), route)
    if hold:
        found = found.with_for_update(of=Application).execution_options(populate_existing=True)
    return db.session.scalars(found.order_by(Application.id)).all()
