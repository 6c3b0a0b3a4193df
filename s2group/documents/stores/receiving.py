"""What every store has in common: a file arrives on this machine, under no name, before it is kept."""

import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256 as new_hash
from pathlib import Path
from sys import maxsize
from typing import IO

from s2group.core.disk import flush
from s2group.documents.stores import Received, TooBigError

# No upload takes that many seconds: what is older was left by a process that was killed.
REMAINS_AGE = 24 * 3600
# What uploads leave free on the disk: mail, the database and its log need some too.
RESERVE = 1024**3
CHUNK = 64 * 1024


class ReceivingStore(ABC):
    """Receives files in the folder `incoming`, and leaves to its kinds how one is kept."""

    @property
    @abstractmethod
    def incoming(self) -> Path:
        """A folder of this machine, made when it is first needed."""

    @abstractmethod
    def _keep(self, file: Received) -> None:
        """Keep a file that has arrived, as `put` of every store promises."""

    @contextmanager
    def receive(self, chunks: Iterable[bytes], *, limit: int) -> Iterator[Received]:
        """In a file that is gone at the end, unless it has got another name by then."""
        make_folder(self.incoming)
        descriptor, name = tempfile.mkstemp(dir=self.incoming)
        path = Path(name)
        _drop_remains(self.incoming, path.stat().st_mtime)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest, size = _write(chunks, file, limit)
            yield Received(path, digest, size)
        finally:
            path.unlink(missing_ok=True)

    def put(self, file: Received | IO[bytes]) -> str:
        """A stream is received first."""
        if isinstance(file, Received):
            self._keep(file)
            return file.sha256
        with self.receive(iter(partial(file.read, CHUNK), b""), limit=maxsize) as received:
            self._keep(received)
        return received.sha256

    def free_bytes(self) -> int:
        """RESERVE is kept back, on a small disk a twentieth."""
        folders = (self.incoming, *self.incoming.parents)
        disk = shutil.disk_usage(next(folder for folder in folders if folder.is_dir()))
        return disk.free - min(RESERVE, disk.total // 20)


def make_folder(folder: Path) -> None:
    """Make a folder and the ones above it, each flushed into its parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    flush(folder.parent)


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
