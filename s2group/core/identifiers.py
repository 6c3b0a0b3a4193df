"""Random names for things whose addresses must not be guessed."""

import secrets
from hashlib import sha256

# Crockford's base 32: no I, L, O or U, so that a reference can be read out over the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """An application's reference, such as `7K3M-Q0ZT-9XHB-4WPD`: 80 random bits in four groups."""
    letters = [secrets.choice(ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def new_token() -> str:
    """A secret of 192 bits for a form or a link, safe in a URL."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What the database keeps of a token: whoever reads it there cannot use the link or the session.

    A token has 192 random bits: nobody finds it by trying, so a plain hash will do.
    """
    return sha256(token.encode()).hexdigest()
