"""What the owner of an account chooses: their name, when and where they are mailed, and the keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.rules import Notify
from s2group.accounts.services import LinkError, normal_email, rename
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.links.services import issue, remove, use

# Puts a mail with the link of this token to the address that waits for it into the outbox.
Mailer = Callable[[Session, User, str], None]


@dataclass(frozen=True)
class Settings:
    """What is chosen; `notify_email` is empty where mail goes to the address of the account."""

    name: str
    locale: Locale
    notify: Notify
    notify_email: str
    keys_on: bool


def save_settings(*, user: User, settings: Settings, mailer: Mailer, now: datetime) -> None:
    """Keep what the owner has chosen. Raises AccountError for a name that a colleague has.

    Another address is used only when its link has been followed, which `mailer` sends to it; until then mail goes
    where it went before.
    """
    with transaction() as session:
        rename(session, user, name=settings.name, actor=user, now=now)
        user.locale, user.notify, user.keys_on = settings.locale, settings.notify.value, settings.keys_on
        wanted = normal_email(settings.notify_email) if settings.notify_email else user.email
        if wanted in (user.notify_address, None):
            user.notify_email_asked = None
        elif wanted == user.email:
            user.notify_email = user.notify_email_asked = None
        elif wanted != user.notify_email_asked:
            _ask(session, user, str(wanted), mailer, now)


def _ask(session: Session, user: User, address: str, mailer: Mailer, now: datetime) -> None:
    user.notify_email_asked = address
    remove(session, (Purpose.NOTIFY_EMAIL,), [user.fs_uniquifier])
    mailer(session, user, issue(session, purpose=Purpose.NOTIFY_EMAIL, subject=user.fs_uniquifier, now=now))


def set_keys(*, user: User, on: bool) -> None:
    """Switch the keys of the account's pages on or off."""
    with transaction():
        user.keys_on = on


def address_to_confirm(token: str, *, now: datetime) -> str | None:
    """The address that this link would let an account use; None where it does not work. Asking does not use it up."""
    user = _account(find(token, Purpose.NOTIFY_EMAIL, now=now))
    return user.notify_email_asked if user else None


def confirm_address(*, token: str, now: datetime) -> str:
    """Use up a link: mail for its account goes to the address that it was sent to, which is returned.

    Raises LinkError, also where the owner has chosen another address meanwhile.
    """
    with transaction() as session:
        user = _account(use(session, token, Purpose.NOTIFY_EMAIL, now=now))
        if user is None or user.notify_email_asked is None:
            raise LinkError("this link does not work, or no longer")
        user.notify_email, user.notify_email_asked = user.notify_email_asked, None
        return user.notify_address


def _account(link: Link | None) -> User | None:
    if link is None:
        return None
    return db.session.scalar(select(User).where(User.fs_uniquifier == link.subject, User.active))
