"""Reads of staff accounts and their links."""

from datetime import datetime

from sqlalchemy import exists, select

from s2group.accounts.models import OneTimeLink, User
from s2group.accounts.rules import token_hash
from s2group.core.permissions import Role
from s2group.extensions import db

FIRST_ADMIN = "first_admin"


def user_by_email(email: str) -> User | None:
    """The account of an e-mail address in its normal form."""
    return db.session.scalar(select(User).where(User.email == email))


def admin_exists() -> bool:
    """Whether anybody can sign in as an administrator."""
    return bool(db.session.scalar(select(exists().where(User.role == Role.ADMIN.value, User.active))))


def first_admin_link_works(token: str, *, now: datetime) -> bool:
    """Whether `token` can still create the first administrator; asking does not use it up."""
    usable = exists().where(
        OneTimeLink.purpose == FIRST_ADMIN,
        OneTimeLink.token_hash == token_hash(token),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    return bool(db.session.scalar(select(usable))) and not admin_exists()
