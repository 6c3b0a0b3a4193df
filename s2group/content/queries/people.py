"""The people of the group."""

from collections.abc import Sequence

from sqlalchemy import select

from s2group.content.models import Member
from s2group.extensions import db


def members() -> Sequence[Member]:
    """Everybody, present and past, in the group's order."""
    return db.session.scalars(select(Member).order_by(Member.position)).all()


def member_by_slug(slug: str) -> Member | None:
    """The member whose page has this address."""
    return db.session.scalars(select(Member).where(Member.slug == slug)).one_or_none()
