"""Passkeys: signed challenges of a device that has checked who holds it, so that one is both factors at once.

Flask-Security's own views would tell nobody what went wrong, because its flashes are off, and take a challenge again
within a minute; the library beneath them does the rest here, too.
"""

import hmac
from datetime import datetime
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from sqlalchemy import delete, select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from s2group.accounts.models import Passkey, User
from s2group.accounts.rules import LONGEST_CREDENTIAL, FactorChange
from s2group.accounts.second_factor import Mailer, forget_useless_codes, hashes_of, new_codes, tell
from s2group.audit.rules import SecondFactorAdded, SecondFactorRemoved
from s2group.core.database import transaction
from s2group.extensions import db

# What a browser, or somebody in its place, can send that is no answer to the challenge.
NO_ANSWER = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
ALWAYS = UserVerificationRequirement.REQUIRED


class PasskeyError(ValueError):
    """The device did not answer the challenge as it must."""


def options_to_add(user: User, *, origin: str) -> tuple[str, str]:
    """What the browser needs to make a passkey, as JSON, and the challenge in it."""
    known = [PublicKeyCredentialDescriptor(base64url_to_bytes(each.credential_id)) for each in user.passkeys]
    options = webauthn.generate_registration_options(
        rp_id=_host(origin),
        rp_name=_host(origin),
        user_id=_handle(user),
        user_name=user.email,
        user_display_name=user.shown_name,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=ALWAYS
        ),
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def options_to_sign_in(*, origin: str) -> tuple[str, str]:
    """What the browser needs to sign in with a passkey, as JSON, and the challenge in it. It names no account."""
    options = webauthn.generate_authentication_options(rp_id=_host(origin), user_verification=ALWAYS)
    return options_to_json(options), bytes_to_base64url(options.challenge)


def add_passkey(
    *, user: User, name: str, credential: str, challenge: str, origin: str, mailer: Mailer, now: datetime
) -> list[str]:
    """Keep a new passkey; the recovery codes, shown this once, where the account has none yet. Raises PasskeyError."""
    try:
        found = webauthn.verify_registration_response(
            credential=credential[:LONGEST_CREDENTIAL],
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    except NO_ANSWER as error:
        raise PasskeyError from error
    kept = Passkey(
        credential_id=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        name=name,
        created_at=now,
    )
    if _by_credential(kept.credential_id):
        raise PasskeyError
    codes = [] if user.mf_recovery_codes else new_codes()
    hashes = hashes_of(codes)
    with transaction() as session:
        user.passkeys.append(kept)
        user.mf_recovery_codes = hashes or user.mf_recovery_codes
        tell(session, user, SecondFactorAdded("passkey", name), FactorChange.PASSKEY_ADDED, mailer, now)
    return codes


def use_passkey(*, credential: str, challenge: str, origin: str, now: datetime) -> User:
    """The account that a passkey signs in, which is noted. Raises PasskeyError, also where it is closed."""
    try:
        answer = webauthn.helpers.parse_authentication_credential_json(credential[:LONGEST_CREDENTIAL])
        passkey = _by_credential(bytes_to_base64url(answer.raw_id))
        if passkey is None or not passkey.user.active:
            raise PasskeyError
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(origin),
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except NO_ANSWER as error:
        raise PasskeyError from error
    with transaction():
        passkey.sign_count, passkey.used_at = found.new_sign_count, now
    return passkey.user


def remove_passkey(*, user: User, which: str | None, mailer: Mailer, now: datetime) -> None:
    """Take away the owner's passkey of this number."""
    found = next((each for each in user.passkeys if str(each.id) == which), None)
    if found is None:
        return
    name = found.name
    with transaction() as session:
        session.execute(delete(Passkey).where(Passkey.id == found.id))
        session.expire(user, ["passkeys"])
        forget_useless_codes(user)
        tell(session, user, SecondFactorRemoved("passkey", name), FactorChange.PASSKEY_REMOVED, mailer, now)


def _by_credential(credential_id: str) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _handle(user: User) -> bytes:
    """What the device keeps beside the key: it tells nobody whose account it is."""
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), f"passkeys of {user.id}".encode(), "sha256")
