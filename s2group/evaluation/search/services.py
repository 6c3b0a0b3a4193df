"""Keeping searches, and in which order."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.core.database import transaction
from s2group.evaluation.search.asking import by_keys
from s2group.evaluation.search.models import SavedSearch
from s2group.evaluation.search.rules.expressions import Expression
from s2group.evaluation.search.saved import last_position


class NameTakenError(ValueError):
    """Its owner has a search of this name already."""


def save_search(*, name: str, expression: Expression, shared: bool, owner: User, now: datetime) -> SavedSearch:
    """Keep a search behind the owner's others. Raises NameTakenError."""
    query = by_keys(expression, owner)
    try:
        with transaction() as session:
            saved = SavedSearch(name=name, query=query, shared=shared, owner_id=owner.id, created_at=now,
                                position=last_position(owner) + 1)  # fmt: skip
            session.add(saved)
    except IntegrityError as error:
        raise NameTakenError(name) from error
    return saved


def change_search(*, saved: SavedSearch, name: str, expression: Expression, shared: bool) -> None:
    """Give a kept search another name or meaning, or let others see it. Raises NameTakenError."""
    query = by_keys(expression, saved.owner)
    try:
        with transaction() as session:
            session.refresh(saved, with_for_update={"of": SavedSearch})
            saved.name, saved.query, saved.shared = name, query, shared
    except IntegrityError as error:
        raise NameTakenError(name) from error


def forget_search(*, saved: SavedSearch) -> None:
    """Keep it no longer. The applications that it finds stay as they are."""
    with transaction() as session:
        session.delete(session.merge(saved))


def move_search(*, saved: SavedSearch, up: bool) -> None:
    """Let it change places with the one before it, or behind it, in its owner's order; at the end nothing changes."""
    with transaction() as session:
        every = _in_order(session, saved.owner_id)
        place = next(place for place, each in enumerate(every) if each.id == saved.id)
        other = place - 1 if up else place + 1
        if 0 <= other < len(every):
            every[place], every[other] = every[other], every[place]
        for position, each in enumerate(every, 1):
            each.position = position


def _in_order(session: Session, owner_id: int) -> list[SavedSearch]:
    mine = select(SavedSearch).where(SavedSearch.owner_id == owner_id)
    return list(session.scalars(mine.order_by(SavedSearch.position, SavedSearch.id).with_for_update()))
