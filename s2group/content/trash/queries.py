"""Reads of what was removed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.content.kinds import KINDS
from s2group.content.news.files import NEWS
from s2group.content.trash.models import RemovedRecord
from s2group.extensions import db


def removed_records() -> Sequence[tuple[RemovedRecord, User]]:
    """What can be brought back, with whoever removed it, the latest first."""
    statement = select(RemovedRecord, User).join(User, User.id == RemovedRecord.actor_id)
    latest = statement.order_by(RemovedRecord.removed_at.desc(), RemovedRecord.id.desc())
    return [(removed, user) for removed, user in db.session.execute(latest)]


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
