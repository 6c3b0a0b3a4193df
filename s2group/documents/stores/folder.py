"""A store that is a folder: ab/cdef…, and what is on its way under incoming/."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BufferedReader, FileIO
from pathlib import Path

from s2group.core.disk import flush
from s2group.documents.stores import DamagedFileError, Received, Stored, proper_name
from s2group.documents.stores.receiving import ReceivingStore, make_folder

INCOMING, ORPHANS = "incoming", "orphans"


@dataclass(frozen=True)
class FolderStore(ReceivingStore):
    """Files in `root`, which is made with the first one; journals and what is set aside lie in `beside`."""

    root: Path
    beside: Path

    @property
    def incoming(self) -> Path:
        """Beside the kept ones, so that keeping one is a change of its name."""
        return self.root / INCOMING

    def __str__(self) -> str:
        """Where it is."""
        return str(self.root)

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

    def set_aside(self, sha256: str, name: str) -> None:
        """Copied whole and flushed first: it may be another disk."""
        target = self.beside / ORPHANS / name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        part = target.with_suffix(".part")
        with self.open(sha256) as source, part.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        flush(part)
        part.rename(target)
        flush(target.parent)
        self.delete(sha256)

    def list(self, prefix: str) -> Iterator[Stored]:
        """What is not named like one of ours is none of ours."""
        begin = prefix[:2]
        for folder in self.root.glob(begin + "[0-9a-f]" * (2 - len(begin))):
            if folder.is_dir():
                yield from _files(folder, prefix)

    def add_to_journal(self, name: str, lines: bytes) -> None:
        """The power may have failed while the last line was written: the next one must not be spoilt by it."""
        with FileIO(self.beside / name, "a+", opener=_for_the_owner) as file:
            end = file.seek(0, os.SEEK_END)
            try:
                _write_whole(file, (b"\n" if _ends_within_a_line(file, end) else b"") + lines)
                os.fsync(file.fileno())
            except OSError:
                file.truncate(end)
                raise
        flush(self.beside)

    def journal(self, name: str) -> bytes:
        """A file."""
        place = self.beside / name
        return place.read_bytes() if place.exists() else b""

    def try_writing(self) -> None:
        """A file without a name."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.root) as file:
            file.write(b"ready")

    def _keep(self, file: Received) -> None:
        """Flushed before it has its name, and its name flushed after."""
        place = self._place(file.sha256)
        make_folder(place.parent)
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


def _files(folder: Path, prefix: str) -> Iterator[Stored]:
    for path in folder.iterdir():
        name = folder.name + path.name
        if proper_name(name) and name.startswith(prefix):
            with suppress(FileNotFoundError):  # removed meanwhile
                found = path.stat()
                yield Stored(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _ends_within_a_line(file: FileIO, end: int) -> bool:
    return end > 0 and os.pread(file.fileno(), 1, end - 1) != b"\n"


def _write_whole(file: FileIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) :]


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
