"""How often a password may be tried: counted for each account in the database, so that every worker knows.

Somebody who tries passwords holds up their own kind only: a browser in which the owner has signed in before has a count
of its own, and whoever reads the mail of the account can have a link sent there that makes theirs such a one.
"""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from s2group.accounts.models import KnownDevice, SignInTries, User
from s2group.accounts.rules import DEVICE_LIFE, TRIES_FORGOTTEN_AFTER, wait_after
from s2group.audit.rules import SignedIn
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.identifiers import new_token, token_hash
from s2group.extensions import db


def tries_key(email: str, *, device: str | None, now: datetime) -> str:
    """What tries for an address are counted under: the address, or the device where it is the account's own."""
    if device and _is_known(device, email, now):
        return token_hash(f"device {device}")
    return token_hash(f"address {email}")


def begin_try(key: str, *, now: datetime) -> timedelta:
    """Count one more try, right or wrong; how long it has to wait. Nothing is counted of one that has to.

    Counted beforehand, because many may come at once.
    """
    try:
        with transaction() as session:
            found = session.get(SignInTries, key, with_for_update=True)
            if found is None or found.last_at <= now - TRIES_FORGOTTEN_AFTER:
                found = session.merge(SignInTries(key=key, tries=0, last_at=now, opens_at=now))
            if found.opens_at > now:
                return found.opens_at - now
            found.tries += 1
            found.last_at, found.opens_at = now, now + wait_after(found.tries)
    except IntegrityError:  # two first tries at once
        return timedelta(seconds=1)
    return timedelta()


def forget_tries(key: str) -> None:
    """The password was right."""
    with transaction() as session:
        session.execute(delete(SignInTries).where(SignInTries.key == key))


def device_cookie() -> str:
    """The name of the cookie by which a known device is known; it signs nobody in."""
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def know_device(user: User, *, former: str | None = None, now: datetime) -> str:
    """Know a browser, in which the owner has just signed in, for DEVICE_LIFE; the token that it is to keep.

    `former` is the token that it has had, which is worth nothing from then on.
    """
    token = new_token()
    with transaction() as session:
        known = (KnownDevice.token_hash == token_hash(former or ""), KnownDevice.user_id == user.id)
        session.execute(delete(KnownDevice).where(*known))
        record(session, SignedIn(), about=user.subject, at=now, actor_id=user.id)
        session.add(KnownDevice(token_hash=token_hash(token), user_id=user.id, ends_at=now + DEVICE_LIFE))
    return token


def forget_old_tries(*, now: datetime) -> int:
    """Remove what no longer counts, known devices too; how many rows there were."""
    tries = delete(SignInTries).where(SignInTries.last_at <= now - TRIES_FORGOTTEN_AFTER)
    devices = delete(KnownDevice).where(KnownDevice.ends_at <= now)
    with transaction() as session:
        return sum(
            len(session.execute(statement).all())
            for statement in (tries.returning(SignInTries.key), devices.returning(KnownDevice.id))
        )


def _is_known(device: str, email: str, now: datetime) -> bool:
    known = exists().where(
        KnownDevice.token_hash == token_hash(device),
        KnownDevice.ends_at > now,
        KnownDevice.user_id == User.id,
        User.email == email,
    )
    return bool(db.session.scalar(select(known)))
