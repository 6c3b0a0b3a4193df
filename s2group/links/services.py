"""Making, using and removing links."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from s2group.core.database import delete_some_at_a_time
from s2group.core.identifiers import new_token, token_hash
from s2group.links.models import Link
from s2group.links.queries import is_usable
from s2group.links.rules import LIFETIMES, TOKEN, Purpose


def issue(session: Session, *, purpose: Purpose, subject: str, now: datetime) -> str:
    """Add a link; its token, which is kept nowhere. `subject` is a key or an id, see Purpose."""
    token, expires_at = new_token(), now + LIFETIMES[purpose]
    session.add(
        Link(
            token_hash=token_hash(token), purpose=purpose.value, subject=subject, created_at=now, expires_at=expires_at
        )
    )
    return token


def begin_anew(session: Session, text: str, *, now: datetime) -> None:
    """Let the links in a mail work for their whole time from `now`, when it goes out: it may have waited for days."""
    hashes = [token_hash(token) for token in TOKEN.findall(text)]
    for link in session.scalars(select(Link).where(Link.token_hash.in_(hashes))):
        link.expires_at = max(link.expires_at, now + LIFETIMES[Purpose(link.purpose)])


def use(session: Session, token: str, *purposes: Purpose, now: datetime) -> Link | None:
    """Note that a link was followed; None where it does not work, or no longer.

    Of two requests at once the database lets one use a link that works once. Only a POST may call this: a program
    that looks at mail must not use a link up.
    """
    used = update(Link).where(is_usable(token, purposes, now)).values(used_at=now).returning(Link)
    return session.scalar(used, execution_options={"synchronize_session": False, "populate_existing": True})


def remove(session: Session, purposes: Collection[Purpose], subjects: Collection[str] | Select[str]) -> None:
    """Remove the links to these subjects, which end or change hands."""
    gone = delete(Link).where(Link.subject.in_(subjects), Link.purpose.in_(purposes))
    session.execute(gone, execution_options={"synchronize_session": False})


def remove_about(session: Session, purpose: Purpose, beginning: str) -> None:
    """Remove the links of this purpose whose subject begins so."""
    gone = delete(Link).where(Link.purpose == purpose, Link.subject.startswith(beginning, autoescape=True))
    session.execute(gone, execution_options={"synchronize_session": False})


def forget_expired(*, now: datetime) -> int:
    """Remove the links that work no longer, some in each transaction; how many there were."""
    return delete_some_at_a_time(Link.id, Link.expires_at <= now)
