"""What is kept of the changes of an account."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.audit.rules import (
    AccountClosed,
    AccountMade,
    AccountOpened,
    Details,
    InvitationWithdrawn,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
)
from s2group.audit.services import record


class AccountState(NamedTuple):
    """What events tell of an account: the hash of its password, whether it may sign in, and role and route it has.

    `invitation` is the subject of the links that invite its owner, as long as there is no password.
    """

    password: str
    active: bool
    invitation: str
    grants: frozenset[tuple[str, int | None]]


def state_of(user: User) -> AccountState:
    """How the account is now."""
    invitation = user.fs_uniquifier if user.is_invited else ""
    grants = frozenset((grant.role, grant.route_id) for grant in user.grants)
    return AccountState(user.password, user.active, invitation, grants)


def record_changes(
    session: Session, user: User, *, before: AccountState | None, at: datetime, actor: User | None
) -> None:
    """Write an event for each difference, within the caller's transaction; `before` is None for a new account."""
    for details in differences(before, state_of(user)):
        record(session, details, about=user.subject, at=at, actor_id=actor.id if actor else None)


def differences(before: AccountState | None, after: AccountState) -> Iterator[Details]:
    """What has happened to the account in between."""
    if before is None:
        yield AccountMade()
    elif before.password != after.password:
        yield PasswordChanged()
    if before and before.active != after.active:
        yield AccountOpened() if after.active else AccountClosed()
    if before and after.invitation and before.invitation != after.invitation:
        yield InvitationWithdrawn()
    held = before.grants if before else frozenset()
    yield from (RoleGranted(*grant) for grant in sorted(after.grants - held, key=str))
    yield from (RoleRevoked(*grant) for grant in sorted(held - after.grants, key=str))
