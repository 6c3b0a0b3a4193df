"""Reads of links; looking at one does not use it up."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from s2group.core.identifiers import token_hash
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.rules import ONCE, Purpose


def find(token: str, *purposes: Purpose, now: datetime) -> Link | None:
    """The link with this token, where it serves one of `purposes` and still works."""
    return db.session.scalar(select(Link).where(is_usable(token, purposes, now)))


def is_usable(token: str, purposes: tuple[Purpose, ...], now: datetime) -> ColumnElement[bool]:
    """The condition of a link with this token that serves one of `purposes` and still works."""
    return and_(
        Link.token_hash == token_hash(token),
        Link.purpose.in_(purposes),
        Link.expires_at > now,
        or_(Link.used_at.is_(None), Link.purpose.not_in(ONCE)),
    )
