"""Making staff accounts, and saying what they may do."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import lazy_gettext
from flask_security import hash_password
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.accounts import rules
from s2group.accounts.changes import record_changes, state_of
from s2group.accounts.common_passwords import common_passwords
from s2group.accounts.models import RoleGrant, User
from s2group.accounts.queries import accounts, admin_exists, administrators, user_by_email
from s2group.accounts.rules import PasswordProblem
from s2group.accounts.sessions import end_sessions
from s2group.audit.rules import AccountRenamed, SessionsEnded, Subject, SubjectKind
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.permissions import ROLES_OF_ROUTES, Role
from s2group.core.text import comparable, plain
from s2group.links.rules import PORTAL, Purpose
from s2group.links.services import issue, remove, use

# No address is longer than 254 characters (RFC 5321, erratum 1690), blanks and signs that nobody sees aside.
LONGEST_TYPED_EMAIL = 1000
EVERYBODY = Subject(SubjectKind.PORTAL, "")
PASSWORD_WORDS = {
    PasswordProblem.TOO_SHORT: lazy_gettext("Use at least %(count)s characters", count=rules.SHORTEST_PASSWORD),
    PasswordProblem.TOO_LONG: lazy_gettext("Use at most %(count)s characters", count=rules.LONGEST_PASSWORD),
    PasswordProblem.COMMON: lazy_gettext("Many people use this password. Choose another one"),
    PasswordProblem.OF_CONTEXT: lazy_gettext(
        "Nearly all of this are words that everybody ties to this portal. Choose another password"
    ),
    PasswordProblem.IS_EMAIL: lazy_gettext("Choose a password that is not your e-mail address"),
}


class AccountError(ValueError):
    """An account cannot be made or changed as asked: `field` ("email", "password", "name" or "role") is wrong.

    Its text says what to do, in the language that is being spoken when it is read.
    """

    def __init__(self, field: str, words: Any) -> None:
        super().__init__(words)
        self.field = field


class LinkError(LookupError):
    """A one-time link does not exist, is used up, has expired, or is no longer needed."""


def normal_email(email: str) -> str | None:
    """The one form in which an address is kept and looked up; None where it is no e-mail address."""
    if len(email) > LONGEST_TYPED_EMAIL:
        return None
    try:
        return validate_email(plain(email), check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError:
        return None


def add_account(
    *, email: str, role: Role, password: str, name: str = "", route_id: int | None = None, now: datetime
) -> User:
    """Make an account that can sign in at once; its role holds everywhere, or for one route. Raises AccountError.

    `name` is what colleagues call its owner.
    """
    user = _new_user(email=email, role=role, password=password, route_id=route_id, now=now)
    user.name = _free_name(name, user)
    with transaction() as session:
        insert_account(session, user)
    return user


def set_password(*, email: str, password: str, now: datetime) -> None:
    """Give an account another password and end its sessions. Raises AccountError."""
    with changing(email, actor=None, now=now) as user:
        user.password = hashed(password, email=user.email)


def set_role(*, email: str, role: Role, route_id: int | None = None, now: datetime) -> None:
    """Give an account one role in place of those that it has, and end its sessions. Raises AccountError."""
    with changing(email, actor=None, now=now) as user:
        if not _holds(user, role, route_id):
            _add_grant(user, role, route_id)
        for grant in [grant for grant in user.grants if (grant.role, grant.route_id) != (role, route_id)]:
            user.grants.remove(grant)


def grant_role(
    *, email: str, role: Role, route_id: int | None = None, actor: User | None = None, now: datetime
) -> None:
    """Give an account a further role, everywhere or for the applications of one route, and end its sessions.

    Raises AccountError, also for a role that cannot be limited to a route.
    """
    with changing(email, actor=actor, now=now) as user:
        if not _holds(user, role, route_id):
            _add_grant(user, role, route_id)


def revoke_role(
    *, email: str, role: Role, route_id: int | None = None, actor: User | None = None, now: datetime
) -> None:
    """Take back a role as it was granted, everywhere or for one route, and end the sessions. Raises AccountError."""
    with changing(email, actor=actor, now=now) as user:
        grant = next((grant for grant in user.grants if (grant.role, grant.route_id) == (role, route_id)), None)
        if grant is None:
            raise AccountError("role", lazy_gettext("This account does not have this role"))
        user.grants.remove(grant)


def set_name(*, email: str, name: str, now: datetime) -> None:
    """Say what colleagues call the owner of an account. Raises AccountError for a name that a colleague has."""
    with transaction() as session:
        user = _user(email)
        rename(session, user, name=name, actor=None, now=now)


def rename(session: Session, user: User, *, name: str, actor: User | None, now: datetime) -> None:
    """Give an account another name, within the caller's transaction. Raises AccountError as set_name does."""
    free = _free_name(name, user)
    if free != user.name:
        user.name = free
        record(session, AccountRenamed(free), about=user.subject, at=now, actor_id=actor.id if actor else None)


def _free_name(name: str, user: User) -> str:
    """The name as it is kept. Two who are called the same could not be told apart where one is mentioned."""
    tidy = " ".join(plain(name).split())
    if len(tidy) > rules.LONGEST_NAME:
        raise AccountError("name", lazy_gettext("Use at most %(count)s characters", count=rules.LONGEST_NAME))
    if any(comparable(tidy) == comparable(other.name) for other in accounts() if other.name and other.id != user.id):
        raise AccountError("name", lazy_gettext("A colleague has this name. Add something that tells you apart"))
    return tidy


def set_active(*, email: str, active: bool, actor: User | None = None, now: datetime) -> None:
    """Close an account, or open it again, and end its sessions. Raises AccountError.

    One for which nobody has chosen a password yet is opened by its invitation alone; closing it ends that.
    """
    with changing(email, actor=actor, now=now) as user:
        if active and user.is_invited:
            raise AccountError("password", lazy_gettext("Nobody has chosen a password yet. Invite them once more"))
        if user.is_invited:
            user.fs_uniquifier = secrets.token_hex()
        user.active = active


def _holds(user: User, role: Role, route_id: int | None) -> bool:
    return (role, route_id) in {(grant.role, grant.route_id) for grant in user.grants}


def _add_grant(user: User, role: Role, route_id: int | None) -> None:
    if route_id is not None and role not in ROLES_OF_ROUTES:
        raise AccountError("role", lazy_gettext("This role cannot be limited to a route"))
    user.grants.append(RoleGrant(role=role.value, route_id=route_id))


def sign_out_everywhere(*, email: str | None, actor: User | None = None, now: datetime) -> int:
    """End the sessions of an account; without `email` those of everybody, applicants too. How many there were.

    Raises AccountError.
    """
    with transaction() as session:
        user = _user(email) if email else None
        count = end_sessions(session, user, now=now)
        about, actor_id = user.subject if user else EVERYBODY, actor.id if actor else None
        record(session, SessionsEnded(count), about=about, at=now, actor_id=actor_id)
    return count


@contextmanager
def changing(email: str, *, actor: User | None, now: datetime) -> Iterator[User]:
    """Change an account in a transaction of its own. What it could do before, its sessions can do no longer.

    An invitation goes on working while nobody has chosen a password: no session could do anything. Raises AccountError
    where nobody could sign in as an administrator afterwards who could before.
    """
    with transaction() as session:
        had_administrator = _hold_administrators(session)
        user = _user(email)
        before = state_of(user)
        yield user
        end_sessions(session, user, now=now)
        if user.password:
            user.fs_uniquifier = secrets.token_hex()
        session.flush()
        record_changes(session, user, before=before, at=now, actor=actor)
        if had_administrator and not admin_exists():
            raise AccountError("role", lazy_gettext("This is the last administrator. Make somebody else one first"))


def _hold_administrators(session: Session) -> bool:
    """Keep the administrators as they are until the end of the transaction; whether there are any.

    Of two changes at once that take one each the second waits, and then sees what is left.
    """
    held = administrators().with_only_columns(User.id).with_for_update(of=[User, RoleGrant])
    return bool(session.scalars(held).all())


def _user(email: str) -> User:
    user = user_by_email(normal_email(email) or "")
    if user is None:
        raise AccountError("email", lazy_gettext("There is no account with this e-mail address"))
    return user


def issue_first_admin_link(*, now: datetime) -> str | None:
    """The token of a new link that creates the first administrator; None where there is one.

    Any earlier link stops working. The database keeps a hash of the token only.
    """
    with transaction() as session:
        if admin_exists():
            return None
        remove(session, (Purpose.FIRST_ADMIN,), [PORTAL])
        return issue(session, purpose=Purpose.FIRST_ADMIN, subject=PORTAL, now=now)


def create_first_admin(*, token: str, email: str, password: str, now: datetime) -> User:
    """Make the first administrator and use up the link, both or neither. Raises LinkError, AccountError."""
    user = _new_user(email=email, role=Role.ADMIN, password=password, now=now)
    with transaction() as session:
        if use(session, token, Purpose.FIRST_ADMIN, now=now) is None:
            raise LinkError("this link does not work, or no longer")
        if admin_exists():
            raise LinkError("there is an administrator already")
        insert_account(session, user)
    return user


def _new_user(*, email: str, role: Role, password: str, route_id: int | None = None, now: datetime) -> User:
    user = unopened_account(email=email, role=role, route_id=route_id, now=now)
    user.password, user.active = hashed(password, email=user.email), True
    return user


def unopened_account(*, email: str, role: Role, route_id: int | None = None, now: datetime) -> User:
    """An account, not yet added, in which nobody can sign in: it has no password. Raises AccountError."""
    address = normal_email(email)
    if address is None:
        raise AccountError("email", lazy_gettext("Enter an e-mail address such as name@example.org"))
    user = User(
        email=address,
        password="",
        active=False,
        fs_uniquifier=secrets.token_hex(),
        created_at=now,
    )
    _add_grant(user, role, route_id)
    return user


def insert_account(session: Session, user: User, *, actor: User | None = None) -> None:
    """Add a new account within the caller's transaction. Raises AccountError where its address has one already."""
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise AccountError("email", lazy_gettext("There is already an account with this e-mail address")) from error
    record_changes(session, user, before=None, at=user.created_at, actor=actor)


def hashed(password: str, *, email: str) -> str:
    """What is kept of a new password for this address. Raises AccountError where it will not do."""
    normal = rules.normal_password(password)
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or ""
    if problem := rules.password_problem(normal, email=email, host=host, common=common_passwords()):
        raise AccountError("password", PASSWORD_WORDS[problem])
    return str(hash_password(normal))
