"""Mailed links of accounts, of tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.invitations import mail_password_link
from s2group.accounts.models import User
from s2group.accounts.rules import Notify
from s2group.accounts.services import add_account
from s2group.accounts.settings import Settings, save_settings
from s2group.accounts.sign_in_links import mail_sign_in_link
from s2group.core import clock
from s2group.core.permissions import Role
from s2group.links.rules import Purpose
from tests.support.staff import PASSWORD


def sign_in_token(email: str = "owner@example.org") -> str:
    """The token of a link that signs in a new account of this address."""
    now, tokens = clock.now(), list[str]()
    add_account(email=email, role=Role.EDITOR, password=PASSWORD, now=now)

    def keep(_session: Session, _user: User, token: str, _ends_at: datetime) -> None:
        tokens.append(token)

    mail_sign_in_link(email=email, mailer=keep, now=now)
    return tokens[0]


def password_token(email: str = "forgetful@example.org") -> str:
    """The token of a link behind which the owner of a new account of this address chooses another password."""
    now, tokens = clock.now(), list[str]()
    user = add_account(email=email, role=Role.EDITOR, password=PASSWORD, now=now)

    def keep(_session: Session, _user: User, _purpose: Purpose, token: str) -> None:
        tokens.append(token)

    mail_password_link(user=user, mailer=keep, actor=user, now=now)
    return tokens[0]


def address_token(email: str = "owner-of-an-address@example.org", address: str = "other@example.org") -> str:
    """The token of a link that lets mail for a new account of this e-mail go to another address."""
    now, tokens = clock.now(), list[str]()
    user = add_account(email=email, role=Role.EDITOR, password=PASSWORD, now=now)

    def keep(_session: Session, _user: User, token: str) -> None:
        tokens.append(token)

    chosen = Settings(name="", locale="en", notify=Notify.AT_ONCE, notify_email=address, keys_on=True)
    save_settings(user=user, settings=chosen, mailer=keep, now=now)
    return tokens[0]
