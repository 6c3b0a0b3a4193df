"""How much may be uploaded that no application holds: by one visitor, and by all of them together."""

import hmac
from datetime import datetime, timedelta

from flask import current_app

from s2group.admissions.queries import unsent_bytes
from s2group.core.storage_errors import DiskFullError
from s2group.documents.services import UnacceptableDocument
from s2group.documents.store import store
from s2group.extensions import client_network

PERIOD = timedelta(days=1)
# So many of the largest files; a whole lab may sit behind one address.
FILES = 60


def visitor_within_quota(*, now: datetime) -> str:
    """Who uploads, as `Document.visitor` has it. What a visitor has sent with an application does not count.

    Raises UnacceptableDocument where this visitor, and DiskFull where all of them together have stored too much within
    a day: what nobody has sent may take up half of the room, and never the store's reserve.
    """
    visitor, since = _visitor(), now - PERIOD
    if unsent_bytes(since=since, visitor=visitor) >= FILES * current_app.config["MAX_DOCUMENT_BYTES"]:
        raise UnacceptableDocument("quota")
    free = store.free_bytes()
    if free <= 0 or unsent_bytes(since=since) > free:
        raise DiskFullError
    return visitor


def _visitor() -> str:
    """The network, by a keyed hash: nobody who reads the database learns it."""
    key, network = current_app.config["SECRET_KEY"].encode(), client_network().encode()
    return hmac.new(key, b"visitor " + network, "sha256").hexdigest()
