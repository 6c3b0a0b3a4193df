"""Doing something to every application without holding up whoever applies meanwhile."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.admissions.models import Application
from s2group.core.database import transaction


def to_all(change: Callable[[Session, Sequence[int]], int], *, at_once: int) -> int:
    """Call `change` with the ids of all applications, `at_once` of them held in each transaction; the sum it gives."""
    changed, last = 0, 0
    while True:
        with transaction() as session:
            following = select(Application.id).where(Application.id > last).order_by(Application.id)
            ids = session.scalars(following.limit(at_once).with_for_update(of=Application)).all()
            changed += change(session, ids)
        if not ids:
            return changed
        last = ids[-1]
