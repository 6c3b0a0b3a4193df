"""Mailed links by which the owner of an account chooses its password: the first one, or another."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.services import AccountError, LinkError, changing, hashed, insert_account, unopened_account
from s2group.audit.rules import AccountInvited, PasswordLinkSent
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.links.services import issue, remove, use

TO_CHOOSE = (Purpose.INVITATION, Purpose.NEW_PASSWORD)
# Puts a mail with the link of this token and purpose into the outbox, to the account's address.
Mailer = Callable[[Session, User, Purpose, str], None]


def invite(
    *, email: str, role: Role, route_id: int | None, locale: Locale, mailer: Mailer, actor: User, now: datetime
) -> User:
    """Make an account and have `mailer` write to its owner, in whose language it is. Raises AccountError.

    Nobody can sign in, and no mail about applicants goes there, before the owner has chosen a password.
    """
    user = unopened_account(email=email, role=role, route_id=route_id, now=now)
    user.locale = locale
    with transaction() as session:
        insert_account(session, user, actor=actor)
        _mail(session, user, mailer, actor, now)
    return user


def mail_password_link(*, user: User, mailer: Mailer, actor: User, now: datetime) -> None:
    """Have `mailer` write once more to whoever was invited, or send another account a link to choose a new password.

    Its earlier links stop working. Raises AccountError for an account that is closed.
    """
    if not (user.active or user.is_invited):
        raise AccountError("email", lazy_gettext("This account is closed. Open it again first"))
    with transaction() as session:
        remove(session, TO_CHOOSE, [user.fs_uniquifier])
        _mail(session, user, mailer, actor, now)


def _mail(session: Session, user: User, mailer: Mailer, actor: User, now: datetime) -> None:
    purpose = Purpose.INVITATION if user.is_invited else Purpose.NEW_PASSWORD
    details = AccountInvited() if user.is_invited else PasswordLinkSent()
    mailer(session, user, purpose, issue(session, purpose=purpose, subject=user.fs_uniquifier, now=now))
    record(session, details, about=user.subject, at=now, actor_id=actor.id)


def account_to_open(token: str, *, now: datetime) -> User | None:
    """The account whose password this link lets somebody choose; None where it does not work. Asking costs nothing."""
    return _account(find(token, *TO_CHOOSE, now=now))


def choose_password(*, token: str, password: str, now: datetime) -> User:
    """Use up a link: its account has this password, its sessions are over, and who was invited can sign in.

    Raises LinkError, and AccountError for a password that will not do, which leaves the link as it was.
    """
    owner = account_to_open(token, now=now)
    if owner is None:
        raise LinkError("this link does not work, or no longer")
    kept = hashed(password, email=owner.email)
    with changing(owner.email, actor=owner, now=now) as user:
        if _account(use(db.session(), token, *TO_CHOOSE, now=now)) is None:
            raise LinkError("this link does not work, or no longer")
        user.password, user.active = kept, True
    return user


def _account(link: Link | None) -> User | None:
    """Whose link it is: one that invites ends with the first password, the other with the account."""
    if link is None:
        return None
    user = db.session.scalar(select(User).where(User.fs_uniquifier == link.subject))
    return user if user and user.is_invited == (link.purpose == Purpose.INVITATION) else None
