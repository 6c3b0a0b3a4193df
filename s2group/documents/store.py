"""The files themselves, each under the SHA-256 of its bytes: nothing but their store knows where they lie.

Who counts on a file whose row is not committed yet, or reads many at once, does so within `held()`; who removes files
does so within `held(alone=True)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256 as new_hash
from pathlib import Path
from typing import Any

from flask import current_app
from werkzeug.local import LocalProxy

from s2group.core.locks import exclusive, shared
from s2group.documents.stores import DamagedFileError, Store
from s2group.documents.stores.folder import INCOMING, FolderStore

S3 = "s3://"


def _store() -> Store:
    """The store of the app at hand, as S2_STORAGE_URL names it; boto3 is there only where it names a bucket."""
    place = current_app.config["STORAGE_URL"]
    if not place.startswith(S3):
        return FolderStore(Path(place), current_app.config["DATA_DIR"])
    return _bucket(place, **current_app.config["S3"], folder=current_app.config["DATA_DIR"] / INCOMING)


@lru_cache(maxsize=1)
def _bucket(place: str, *, folder: Path, **how: Any) -> Store:
    from s2group.documents.stores.s3 import Bucket, S3Store

    name, _, prefix = place.removeprefix(S3).partition("/")
    return S3Store(Bucket(name, prefix.strip("/"), **how), folder)


store: Store = LocalProxy(_store)  # type: ignore[assignment]


@contextmanager
def held(*, alone: bool = False) -> Iterator[None]:
    """Hold the store together with others, who may all add to it; or `alone`, to remove what no row names.

    Without it a file could be removed as nobody's in the moment when the same bytes are uploaded again.
    """
    with exclusive("store") if alone else shared("store"):
        yield


def read_bytes(sha256: str) -> bytes:
    """A stored file, proven to be the one that was taken. Raises FileNotFoundError, DamagedFileError."""
    with store.open(sha256) as file:
        data = file.read()
    if new_hash(data).hexdigest() != sha256:
        raise DamagedFileError(f"{sha256} holds other bytes")
    return data
