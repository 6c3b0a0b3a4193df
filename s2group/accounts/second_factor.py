"""Setting up a second factor, and what stands in for it when the phone is lost."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_security import Totp, hash_password, verify_password
from passlib.exc import UsedTokenError
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.rules import (
    CLOCK_SLACK,
    RECOVERY_CODES,
    FactorChange,
    normal_recovery_code,
)
from s2group.accounts.services import changing
from s2group.audit.rules import (
    Details,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorAdded,
    SecondFactorRemoved,
    SecondFactorReset,
    WrongCode,
)
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.permissions import Action, authorize
from s2group.extensions import db

# Puts a mail about this change into the outbox, to the owner of the account.
Mailer = Callable[[Session, User, FactorChange], None]
# 8 random bytes: what the portal takes for granted of a code that it counts the tries of (OWASP ASVS 5.0, 6.5.4).
BYTES, GROUP = 8, 4
APP = "authenticator"


def encryption_key(secret_key: str) -> str:
    """What the keys of apps are encrypted with: whoever reads the database alone cannot make codes."""
    return hmac.digest(secret_key.encode(), b"second factor", "sha256").hex()


def lacks_second_factor(user: User) -> bool:
    """Whether the account sees applicants, and so must have a second factor, and has none."""
    return authorize(user, Action.READ_APPLICATIONS) and not user.has_second_factor


def new_app_key() -> str:
    """A key for an app that is to be set up, encrypted."""
    return _totp().generate_totp_secret()


def shown_key(user: User, key: str) -> tuple[str, str]:
    """What an app must be told of a key: as the address in a QR code, and as text to type."""
    return _totp().get_totp_uri(user.email, key), _totp().get_totp_pretty_key(key)


def _totp() -> Totp:
    factory: Totp = current_app.extensions["security"].totp_factory
    return factory


def set_up_app(*, user: User, key: str, code: str, mailer: Mailer, now: datetime) -> list[str] | None:
    """Have codes of the app that was given `key` asked for at sign-in; None where `code` is none of its codes.

    The recovery codes, which are shown this once, where the account has none yet.
    """
    if not is_code_of(user, code, key=key):
        return None
    codes = [] if user.mf_recovery_codes else new_codes()
    hashes = hashes_of(codes)
    with transaction() as session:
        user.tf_primary_method, user.tf_totp_secret = APP, key
        user.mf_recovery_codes = hashes or user.mf_recovery_codes
        tell(session, user, SecondFactorAdded("app"), FactorChange.APP_ADDED, mailer, now)
    return codes


def is_code_of(user: User, code: str, *, key: str | None) -> bool:
    """Whether the app that was given `key` shows this code, which is taken once; none where there is no app."""
    return key is not None and _totp().verify_totp(code, key, user, window=int(CLOCK_SLACK.total_seconds()))


def remove_app(*, user: User, mailer: Mailer, now: datetime) -> None:
    """Ask for no codes of an app any more."""
    if user.tf_primary_method is None:
        return
    with transaction() as session:
        user.tf_primary_method = user.tf_totp_secret = None
        forget_useless_codes(user)
        tell(session, user, SecondFactorRemoved("app"), FactorChange.APP_REMOVED, mailer, now)


def make_recovery_codes(*, user: User, mailer: Mailer, now: datetime) -> list[str]:
    """New recovery codes in place of the earlier ones. Only their hashes are kept."""
    codes = new_codes()
    hashes = hashes_of(codes)
    with transaction() as session:
        user.mf_recovery_codes = hashes
        tell(session, user, RecoveryCodesMade(), FactorChange.CODES_MADE, mailer, now)
    return codes


def use_recovery_code(*, user: User, code: str, mailer: Mailer, now: datetime) -> bool:
    """Use up a recovery code; whether it was one. Of two requests with the same one the second finds it gone."""
    typed = normal_recovery_code(code)
    found = next((each for each in user.mf_recovery_codes or () if verify_password(typed, each)), None)
    if found is None:
        return False
    with transaction() as session:
        held = session.scalars(select(User).where(User.id == user.id).with_for_update()).one()
        session.refresh(held)
        left = [each for each in held.mf_recovery_codes or () if each != found]
        is_there = len(left) < len(held.mf_recovery_codes or ())
        if is_there:
            held.mf_recovery_codes = left
            tell(session, held, RecoveryCodeUsed(len(left)), FactorChange.CODE_USED, mailer, now)
    return is_there


def note_wrong_code(user: User, *, now: datetime) -> None:
    """Write into the log that somebody gave the right password and a wrong code."""
    with transaction() as session:
        record(session, WrongCode(), about=user.subject, at=now, actor_id=None)


def reset_second_factor(*, email: str, actor: User | None, mailer: Mailer, now: datetime) -> None:
    """Take away everything that proves a second factor, and end the sessions. Raises AccountError."""
    with changing(email, actor=actor, now=now) as user:
        user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = None
        user.passkeys.clear()
        session = db.session()
        mailer(session, user, FactorChange.RESET)
        record(session, SecondFactorReset(), about=user.subject, at=now, actor_id=actor.id if actor else None)


def use_code(user: User, counter: int) -> None:
    """Note the 30 seconds of a code. Raises UsedTokenError where it or a later one was taken, by whichever worker."""
    newer = or_(User.totp_counter.is_(None), User.totp_counter < counter)
    with transaction() as session:
        noted = update(User).where(User.id == user.id, newer).values(totp_counter=counter).returning(User.id)
        if session.execute(noted).first() is None:
            raise UsedTokenError


def tell(session: Session, user: User, details: Details, change: FactorChange, mailer: Mailer, now: datetime) -> None:
    """Write the event and the mail about a change that the owner has made, within the caller's transaction."""
    record(session, details, about=user.subject, at=now, actor_id=user.id)
    mailer(session, user, change)


def forget_useless_codes(user: User) -> None:
    """Without any second factor there is nothing that recovery codes would stand in for."""
    if not user.has_second_factor:
        user.mf_recovery_codes = None


def new_codes() -> list[str]:
    """Recovery codes, each in groups, so that it can be read from paper."""
    codes = (secrets.token_hex(BYTES) for _ in range(RECOVERY_CODES))
    return ["-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP)) for code in codes]


def hashes_of(codes: list[str]) -> list[str]:
    """What is kept of recovery codes."""
    return [str(hash_password(normal_recovery_code(each))) for each in codes]
