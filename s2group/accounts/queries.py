"""Reads of staff accounts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import selectinload

from s2group.accounts.models import BrowserSession, RoleGrant, User
from s2group.accounts.rules import shown_name
from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.links.queries import find
from s2group.links.rules import Purpose


def user_by_email(email: str) -> User | None:
    """The account of an e-mail address in its normal form."""
    return db.session.scalar(select(User).where(User.email == email))


def user_by_mark(user_id: int, mark: str) -> User | None:
    """The account with this id, if it can sign in and still has this mark of User.mark."""
    user = db.session.get(User, user_id)
    return user if user and user.active and user.mark == mark else None


def names_of(ids: Iterable[int | None]) -> dict[int | None, str]:
    """What these accounts are called, by their ids, in one statement; None is nobody's."""
    wanted = set(ids) - {None}
    if not wanted:
        return {}
    found = db.session.execute(select(User.id, User.name, User.email).where(User.id.in_(wanted)))
    return {user_id: shown_name(name, email) for user_id, name, email in found}


def admin_exists() -> bool:
    """Whether anybody can sign in as an administrator."""
    return bool(db.session.scalar(select(administrators().exists())))


def administrators() -> Select[User]:
    """The accounts that can sign in as an administrator."""
    return select(User).join(User.grants).where(RoleGrant.role == Role.ADMIN.value, User.active).order_by(User.id)


def administrators_emails() -> Sequence[str]:
    """The e-mail addresses of the administrators who can sign in."""
    return db.session.scalars(administrators().with_only_columns(User.email)).all()


def accounts() -> Sequence[User]:
    """Every account with its grants, in the order in which they were made."""
    return db.session.scalars(select(User).order_by(User.id).options(selectinload(User.grants))).all()


def account_by_id(account_id: int) -> User | None:
    """The account with this id."""
    return db.session.get(User, account_id)


def last_uses() -> dict[int, datetime]:
    """When each account was used last: a session still kept, or the last sign-in; nothing of one that never was."""
    sessions = select(BrowserSession.user_id, BrowserSession.seen_at.label("at")).where(
        BrowserSession.user_id.is_not(None)
    )
    sign_ins = select(Event.actor_id, func.max(Event.at)).where(Event.kind == Kind.SIGNED_IN).group_by(Event.actor_id)
    uses = union_all(sessions, sign_ins).subquery()
    found = db.session.execute(select(uses.c.user_id, func.max(uses.c.at)).group_by(uses.c.user_id))
    return dict(found.all())


def first_admin_link_works(token: str, *, now: datetime) -> bool:
    """Whether `token` can still create the first administrator; asking does not use it up."""
    return find(token, Purpose.FIRST_ADMIN, now=now) is not None and not admin_exists()
