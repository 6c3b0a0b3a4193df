"""Noting who has a page of the editor open, and telling who else has."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from s2group.accounts.models import User
from s2group.content.presence.models import EditorPresence
from s2group.core.database import transaction
from s2group.extensions import db

# A page that is open and in use says so every 20 seconds (static/js/presence.js); twice it may be late.
FORGOTTEN_AFTER = timedelta(seconds=60)


def look_in(page: str, user: User, *, now: datetime) -> Sequence[User]:
    """Note that an account has the page open; the others that have, in the order of their accounts."""
    # Where the account has the page open twice, either window may be the first to note it.
    with suppress(IntegrityError), transaction() as session:
        session.merge(EditorPresence(page=page, user_id=user.id, seen_at=now))
    others = (
        select(User)
        .join(EditorPresence, EditorPresence.user_id == User.id)
        .where(EditorPresence.page == page, EditorPresence.seen_at > now - FORGOTTEN_AFTER, User.id != user.id)
    )
    return db.session.scalars(others.order_by(User.id)).all()


def forget_presences(*, now: datetime) -> int:
    """Remove who is not there any more; how many there were."""
    with transaction() as session:
        gone = delete(EditorPresence).where(EditorPresence.seen_at <= now - FORGOTTEN_AFTER)
        return len(session.execute(gone.returning(EditorPresence.page)).all())
