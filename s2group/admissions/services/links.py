"""Links that are mailed or shown once: random, kept as a hash, for one purpose, for a time."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from s2group.admissions.models import AccessLink, Application, Draft, Referee
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.extensions import db

# A token of ours in an address: 192 bits or more, which is longer than any other part of one.
TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{32,}(?![A-Za-z0-9_@-])")


def without_tokens(text: str) -> str:
    """`text` with dots in the place of every token, for readers who must not have the rights that its links give."""
    return TOKEN.sub("······", text)


class Purpose(StrEnum):
    """What a link lets its holder do."""

    CONTINUE = "continue"
    HANDOFF = "handoff"
    MANAGE = "manage"
    LETTER = "letter"


LIFETIMES = {
    Purpose.CONTINUE: timedelta(days=30),
    Purpose.HANDOFF: timedelta(hours=1),
    Purpose.MANAGE: timedelta(days=7),
    Purpose.LETTER: timedelta(days=120),
}
# It stands on a screen, where anybody may photograph it.
ONCE = (Purpose.HANDOFF,)


def issue_link(session: Session, *, purpose: Purpose, to: Draft | Application | Referee, now: datetime) -> str:
    """Add a link to a draft, an application or a referee within the caller's transaction; its token."""
    token = new_token()
    target = {type(to).__name__.lower(): to}
    expires_at = now + LIFETIMES[purpose]
    session.add(AccessLink(
        token_hash=_hash(token), purpose=purpose.value, created_at=now, expires_at=expires_at, **target
    ))  # fmt: skip
    return token


def link_by_token(token: str, purpose: Purpose | Iterable[Purpose], *, now: datetime) -> AccessLink | None:
    """The link with this token, where it serves one of these purposes and still works."""
    purposes = [purpose] if isinstance(purpose, Purpose) else list(purpose)
    found = db.session.scalar(
        select(AccessLink).where(
            AccessLink.token_hash == _hash(token),
            AccessLink.purpose.in_([each.value for each in purposes]),
            AccessLink.expires_at > now,
        )
    )
    return None if found is None or (found.used_at and Purpose(found.purpose) in ONCE) else found


def use_link(*, link: AccessLink, now: datetime) -> bool:
    """Note that the link was followed; False where it works only once and somebody was faster."""
    statement = update(AccessLink).where(AccessLink.id == link.id)
    if Purpose(link.purpose) in ONCE:
        statement = statement.where(AccessLink.used_at.is_(None))
    with transaction() as session:
        return session.scalar(statement.values(used_at=now).returning(AccessLink.id)) is not None


def drop_expired(*, now: datetime) -> int:
    """Remove the links that work no longer; how many there were."""
    with transaction() as session:
        return len(
            session.scalars(delete(AccessLink).where(AccessLink.expires_at <= now).returning(AccessLink.id)).all()
        )


def _hash(token: str) -> str:
    """A token has 192 random bits: nobody finds it by trying, so a plain hash will do."""
    return sha256(token.encode()).hexdigest()
