"""What the editors' pages show besides the record itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from s2group.accounts.models import User
from s2group.content.records.kinds import Kind
from s2group.content.records.models import Revision
from s2group.extensions import db


def revisions_of(kind: Kind, row: Any) -> Sequence[tuple[Revision, User | None]]:
    """Every revision of a record with whoever made it, the newest first."""
    of_record = Revision.kind == kind.name, Revision.record_id == row.id
    statement = select(Revision, User).outerjoin(User, User.id == Revision.actor_id).where(*of_record)
    return [(revision, user) for revision, user in db.session.execute(statement.order_by(Revision.number.desc()))]
