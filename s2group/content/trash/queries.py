"""Reads of what was removed."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from s2group.content.kinds import KINDS
from s2group.content.news.files import NEWS
from s2group.content.trash.models import RemovedRecord
from s2group.core.paging import Page, fetch_page
from s2group.extensions import db


def removed_page(*, size: int, after: int | None = None) -> Page[RemovedRecord]:
    """A page of what can be brought back, with whoever removed it, the latest first, from the one `after` an id on."""
    statement = select(RemovedRecord).options(joinedload(RemovedRecord.actor)).order_by(RemovedRecord.id.desc())
    if after is not None:
        statement = statement.where(RemovedRecord.id < after)
    return fetch_page(statement, size=size, key=lambda removed: str(removed.id))


def is_removed(session: Session, kind: str, key: str) -> bool:
    """Whether a record lies in the trash that went by this key: it may come back."""
    found = select(RemovedRecord.id).where(RemovedRecord.kind == kind, RemovedRecord.key == key)
    return session.scalar(found) is not None


def was_public(kind: str, key: str, *, now: datetime) -> bool:
    """Whether visitors saw a record of this key before it was removed: news only once it was published."""
    found = db.session.scalar(select(RemovedRecord).where(RemovedRecord.kind == kind, RemovedRecord.key == key))
    if found is None or kind != NEWS.name:
        return found is not None
    said = NEWS.read(found.values, "")
    return not said["draft"] and (said["at"] is None or said["at"] <= now)


def removed_keys(session: Session) -> Mapping[str, set[str]]:
    """By kinds the keys that removed records have and had, but for those that other records go by now."""
    found: dict[str, set[str]] = defaultdict(set)
    for removed in session.scalars(select(RemovedRecord)):
        found[removed.kind].update((removed.key, *removed.former_keys))
    for name, keys in found.items():
        column = getattr(KINDS[name].model, KINDS[name].by_name[KINDS[name].key].attribute)
        keys.difference_update(session.scalars(select(column).where(column.in_(keys))))
    return found
