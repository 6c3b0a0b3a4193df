"""Mailed links that sign in: for the owner of an account at which somebody else tries passwords."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import LinkError, normal_email
from s2group.core.database import transaction
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import LIFETIMES, Purpose
from s2group.links.services import issue, remove, use

# Puts a mail with the link of this token, which works until that moment, into the outbox.
Mailer = Callable[[Session, User, str, datetime], None]


def mail_sign_in_link(*, email: str, mailer: Mailer, now: datetime) -> None:
    """Have `mailer` write to the account of this address, if there is one that may sign in.

    The caller cannot tell, and must not.
    """
    with transaction() as session:
        user = user_by_email(normal_email(email) or "")
        if user and user.active:
            token = issue(session, purpose=Purpose.SIGN_IN, subject=user.fs_uniquifier, now=now)
            mailer(session, user, token, now + LIFETIMES[Purpose.SIGN_IN])


def sign_in_link_works(token: str, *, now: datetime) -> bool:
    """Whether `token` can still sign somebody in; asking does not use it up."""
    return _account(find(token, Purpose.SIGN_IN, now=now)) is not None


def use_sign_in_link(*, token: str, now: datetime) -> User:
    """Use up a link; the account that it signs in. Raises LinkError, also where the account was closed meanwhile.

    Of two requests at once the database lets only one through. The account's other links stop working with it.
    """
    with transaction() as session:
        user = _account(use(session, token, Purpose.SIGN_IN, now=now))
        if user is None:
            raise LinkError("this link does not work, or no longer")
        remove(session, (Purpose.SIGN_IN,), [user.fs_uniquifier])
    return user


def _account(link: Link | None) -> User | None:
    if link is None:
        return None
    return db.session.scalar(select(User).where(User.fs_uniquifier == link.subject, User.active))
