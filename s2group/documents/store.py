"""The files themselves, in a folder, each under the SHA-256 of its bytes: ab/cdef…

Nothing here is ever overwritten, and `Incoming.keep` returns only when the file would outlive a power cut. Who counts
on a file whose row is not committed yet, or reads many at once, does so within `held()`; who removes files does so
within `held(alone=True)`.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import IO

from flask import current_app

from s2group.core.disk import flush
from s2group.core.locks import exclusive, shared

INCOMING = "incoming"
# No upload takes that many seconds: what is older was left by a process that was killed.
REMAINS_AGE = 24 * 3600
# What uploads leave free on the disk: mail, the database and its log need some too.
RESERVE = 1024**3
NAME = re.compile(r"[0-9a-f]{64}")


class TooBigError(Exception):
    """More bytes came than are allowed."""


class DamagedFileError(OSError):
    """A stored file does not hold the bytes it is named after."""


@dataclass(frozen=True)
class Incoming:
    """A file that has arrived whole but is not kept yet."""

    path: Path
    sha256: str
    size: int

    def keep(self) -> None:
        """Give the file its lasting place, or drop it where the same bytes are kept already.

        Raises OSError where the disk refuses, DamagedFileError where the kept copy has another size.
        """
        place = path_of(self.sha256)
        _make_folder(place.parent)
        if place.exists():
            _check_size(place, self.size)
            flush(place)
        else:
            flush(self.path)
            self.path.rename(place)
        flush(place.parent)
        _flush_names_above(place.parent, place.parent.stat().st_ino)


@contextmanager
def receive(chunks: Iterable[bytes], *, limit: int) -> Iterator[Incoming]:
    """Write `chunks` beside the store; what the caller does not `keep()` is gone at the end.

    Raises TooBigError after more than `limit` bytes, OSError where the disk refuses.
    """
    folder = _root() / INCOMING
    _make_folder(folder)
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    _drop_remains(folder, path.stat().st_mtime)
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, size = _write(chunks, file, limit)
        yield Incoming(path, digest, size)
    finally:
        path.unlink(missing_ok=True)


def path_of(sha256: str) -> Path:
    """Where the file with this hash lies, or would lie. Raises ValueError for anything but a hash."""
    if not NAME.fullmatch(sha256):
        raise ValueError("not a SHA-256 in lower-case hexadecimal")
    return _root() / sha256[:2] / sha256[2:]


def read_bytes(sha256: str) -> bytes:
    """A stored file, proven to be the one that was taken. Raises FileNotFoundError, DamagedFileError."""
    data = path_of(sha256).read_bytes()
    if _hash(data) != sha256:
        raise DamagedFileError(f"{sha256} holds other bytes")
    return data


def free_bytes() -> int:
    """How much more can be stored before the room for the portal's own work runs out; negative once it has.

    RESERVE is kept back, on a small disk a twentieth. Raises OSError.
    """
    disk = shutil.disk_usage(_root() if _root().is_dir() else current_app.config["DATA_DIR"])
    return disk.free - min(RESERVE, disk.total // 20)


@contextmanager
def held(*, alone: bool = False) -> Iterator[None]:
    """Hold the store together with others, who may all add to it; or `alone`, to remove what no row names.

    Without it a file could be removed as nobody's in the moment when the same bytes are uploaded again.
    """
    with exclusive("store") if alone else shared("store"):
        yield


def remove(sha256: str) -> None:
    """Remove a file that no row names; the caller holds the store alone. One that is gone already is no error."""
    place = path_of(sha256)
    if place.exists():
        place.unlink()
        flush(place.parent)


def _root() -> Path:
    root: Path = current_app.config["STORAGE_DIR"]
    return root


def _drop_remains(folder: Path, now: float) -> None:
    """Remove what dead processes have left; `now` by the clock of the file system."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another upload ends, or tidies up as well
            if path.stat().st_mtime < now - REMAINS_AGE:
                path.unlink()


def _write(chunks: Iterable[bytes], file: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooBigError
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest(), size


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def _check_size(place: Path, size: int) -> None:
    if place.stat().st_size != size:
        raise DamagedFileError(f"{place.parent.name}{place.name} has another size")


@lru_cache(maxsize=1024)
def _flush_names_above(folder: Path, _inode: int) -> None:
    """Flush the names of a folder and of the store, for whoever has made them may not have done so yet.

    Once in the life of a process: a name stays on the disk until the folder is removed. One made anew is another.
    """
    flush(folder.parent)
    flush(folder.parent.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder and the ones above it, each flushed into its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    flush(folder.parent)
