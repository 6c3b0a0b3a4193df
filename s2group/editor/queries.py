"""What the editors' pages show besides the record itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from s2group.accounts.models import User
from s2group.content.records.kinds import Kind
from s2group.content.records.models import Revision
from s2group.extensions import db


def revisions_of(
    kind: Kind, row: Any, *, size: int, before: int | None = None
) -> Sequence[tuple[Revision, User | None]]:
    """So many revisions of a record with whoever made them, the newest first, from the one `before` a number on."""
    of_record = Revision.kind == kind.name, Revision.record_id == row.id
    statement = select(Revision, User).outerjoin(User, User.id == Revision.actor_id).where(*of_record)
    if before is not None:
        statement = statement.where(Revision.number < before)
    rows = db.session.execute(statement.order_by(Revision.number.desc()).limit(size))
    return [(revision, user) for revision, user in rows]


def revision_of(kind: Kind, row: Any, number: int) -> Revision | None:
    """One revision of a record; None where there is none of this number."""
    return db.session.get(Revision, (kind.name, row.id, number))
