"""Mailed links that sign in: for the owner of an account at which somebody else tries passwords."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from s2group.accounts.models import OneTimeLink, User
from s2group.accounts.queries import user_by_email
from s2group.accounts.rules import SIGN_IN_LINK_LIFE, token_hash
from s2group.accounts.services import LinkError, normal_email
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.extensions import db

SIGN_IN = "sign_in"
# Puts a mail with the link of this token, which works until that moment, into the outbox.
Mailer = Callable[[Session, User, str, datetime], None]


def mail_sign_in_link(*, email: str, mailer: Mailer, now: datetime) -> None:
    """Have `mailer` write to the account of this address, if there is one that may sign in.

    The caller cannot tell, and must not.
    """
    with transaction() as session:
        user = user_by_email(normal_email(email) or "")
        if user and user.active:
            token, expires_at = new_token(), now + SIGN_IN_LINK_LIFE
            link = OneTimeLink(purpose=SIGN_IN, user_id=user.id, token_hash=token_hash(token), expires_at=expires_at)
            session.add(link)
            mailer(session, user, token, expires_at)


def sign_in_link_works(token: str, *, now: datetime) -> bool:
    """Whether `token` can still sign somebody in; asking does not use it up."""
    usable = select(OneTimeLink.id).join(User, OneTimeLink.user_id == User.id).where(User.active, *_usable(token, now))
    return db.session.scalar(usable) is not None


def use_sign_in_link(*, token: str, now: datetime) -> User:
    """Use up a link; the account that it signs in. Raises LinkError, also where the account was closed meanwhile.

    Of two requests at once the database lets only one through. The account's other links stop working with it.
    """
    with transaction() as session:
        used = update(OneTimeLink).where(*_usable(token, now)).values(used_at=now).returning(OneTimeLink.user_id)
        user = session.get(User, session.scalar(used) or 0)
        if user is None or not user.active:
            raise LinkError("this link does not work, or no longer")
        session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id))
    return user


def _usable(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLink.purpose == SIGN_IN,
        OneTimeLink.token_hash == token_hash(token),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
