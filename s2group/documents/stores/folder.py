"""A store that is a folder: ab/cdef…, and what is on its way under incoming/."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from hashlib import sha256 as new_hash
from io import BufferedReader
from pathlib import Path
from sys import maxsize
from typing import IO

from s2group.core.disk import flush
from s2group.documents.stores import DamagedFileError, Received, Stored, TooBigError, proper_name

INCOMING = "incoming"
# No upload takes that many seconds: what is older was left by a process that was killed.
REMAINS_AGE = 24 * 3600
# What uploads leave free on the disk: mail, the database and its log need some too.
RESERVE = 1024**3
CHUNK = 64 * 1024


@dataclass(frozen=True)
class FolderStore:
    """Files in `root`, which is made with the first one."""

    root: Path

    def __str__(self) -> str:
        """Where it is."""
        return str(self.root)

    @contextmanager
    def receive(self, chunks: Iterable[bytes], *, limit: int) -> Iterator[Received]:
        """Beside the kept ones, so that keeping one is a change of its name."""
        with receive(self.root / INCOMING, chunks, limit) as received:
            yield received

    def put(self, file: Received | IO[bytes]) -> str:
        """Flushed before it has its name, and its name flushed after."""
        if isinstance(file, Received):
            self._keep(file)
            return file.sha256
        with self.receive(iter(partial(file.read, CHUNK), b""), limit=maxsize) as received:
            self._keep(received)
        return received.sha256

    def open(self, sha256: str) -> BufferedReader:
        """The file itself."""
        return self._place(sha256).open("rb")

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """The file itself, which nobody may change."""
        place = self._place(sha256)
        place.stat()
        yield place

    def has(self, sha256: str) -> bool:
        """Whether it has its place."""
        return self._place(sha256).exists()

    def size(self, sha256: str) -> int:
        """As the disk has it."""
        return self._place(sha256).stat().st_size

    def delete(self, sha256: str) -> None:
        """Flushed as well."""
        place = self._place(sha256)
        if place.exists():
            place.unlink()
            flush(place.parent)

    def list(self, prefix: str) -> Iterator[Stored]:
        """What is not named like one of ours is none of ours."""
        begin = prefix[:2]
        for folder in self.root.glob(begin + "[0-9a-f]" * (2 - len(begin))):
            if folder.is_dir():
                yield from _files(folder, prefix)

    def free_bytes(self) -> int:
        """RESERVE is kept back, on a small disk a twentieth."""
        return free_bytes(self.root)

    def try_writing(self) -> None:
        """A file without a name."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.root) as file:
            file.write(b"ready")

    def _keep(self, file: Received) -> None:
        place = self._place(file.sha256)
        _make_folder(place.parent)
        if place.exists():
            _check_size(place, file.size)
            flush(place)
        else:
            flush(file.path)
            file.path.rename(place)
        flush(place.parent)
        _flush_names_above(place.parent, place.parent.stat().st_ino)

    def _place(self, sha256: str) -> Path:
        if not proper_name(sha256):
            raise ValueError("not a SHA-256 in lower-case hexadecimal")
        return self.root / sha256[:2] / sha256[2:]


@contextmanager
def receive(folder: Path, chunks: Iterable[bytes], limit: int) -> Iterator[Received]:
    """Write `chunks` into a file of `folder` that is gone at the end, unless it has got another name by then.

    Raises TooBigError.
    """
    _make_folder(folder)
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    _drop_remains(folder, path.stat().st_mtime)
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, size = _write(chunks, file, limit)
        yield Received(path, digest, size)
    finally:
        path.unlink(missing_ok=True)


def free_bytes(folder: Path) -> int:
    """What uploads may take of the disk that `folder` is on, or will be."""
    disk = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.is_dir()))
    return disk.free - min(RESERVE, disk.total // 20)


def _files(folder: Path, prefix: str) -> Iterator[Stored]:
    for path in folder.iterdir():
        name = folder.name + path.name
        if proper_name(name) and name.startswith(prefix):
            with suppress(FileNotFoundError):  # removed meanwhile
                found = path.stat()
                yield Stored(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _drop_remains(folder: Path, now: float) -> None:
    """Remove what dead processes have left; `now` by the clock of the file system."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another upload ends, or tidies up as well
            if path.stat().st_mtime < now - REMAINS_AGE:
                path.unlink()


def _write(chunks: Iterable[bytes], file: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = new_hash(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooBigError
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest(), size


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
