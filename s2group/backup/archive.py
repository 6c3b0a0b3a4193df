"""The archive itself: a tar file, sealed under a passphrase where there is one.

    files/<sha256>               each stored file, under the hash of its bytes
    tables/<name>.jsonl          each table, a line for each row
    manifest-<sha256>.json       when, of which revision, how much of what, and a hash over all of the above

The manifest comes last and carries its own hash in its name: an archive that was cut off has none, and one that was
altered does not fit it.
"""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from s2group.backup.encryption import MAGIC, Opener, Sealer, SealError, Source

CHUNK = 1024 * 1024
MANIFEST = "manifest-"
Take = Callable[[str, IO[bytes]], None]


class ArchiveError(Exception):
    """An archive cannot be read: damaged, cut off, or sealed under another passphrase."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: rows by table, the number of files, and files that were not whole when it was made."""

    made_at: str
    revision: str
    rows: dict[str, int]
    files: int
    unreadable: list[str]
    # Over one line for each member, as `sha256sum` prints it.
    sha256: str = ""


class Hashed(io.RawIOBase):
    """A source that is hashed while it is read."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._hash = sha256()

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        data = self._source.read(len(buffer))
        self._hash.update(data)
        buffer[: len(data)] = data
        return len(data)

    def hexdigest(self) -> str:
        """The SHA-256 of what was read so far."""
        return self._hash.hexdigest()


class ArchiveWriter:
    """Writes one member after the other."""

    def __init__(self, tar: tarfile.TarFile, now: datetime) -> None:
        self._tar = tar
        self._now = now
        self._members = sha256()

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Add the next `size` bytes of `file`. Raises OSError where there are fewer."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self._now.timestamp())
        hashed = Hashed(file)
        self._tar.addfile(member, io.BufferedReader(hashed))
        self._members.update(_line(hashed.hexdigest(), name))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, as the last member."""
        data = json.dumps(asdict(replace(manifest, sha256=self._members.hexdigest())), indent=1).encode()
        self.add(f"{MANIFEST}{sha256(data).hexdigest()}.json", io.BytesIO(data), len(data))


@contextmanager
def writing(file: IO[bytes], *, passphrase: str | None, now: datetime) -> Iterator[ArchiveWriter]:
    """A writer to `file`, sealed where there is a passphrase; the caller finishes it."""
    sealer = None if passphrase is None else Sealer(file, passphrase)
    with tarfile.open(fileobj=sealer or file, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
        yield ArchiveWriter(tar, now)
    if sealer:
        sealer.close()


def read_archive(path: Path, *, passphrase: str | None, take: Take | None = None) -> Manifest:
    """Read an archive to its end, hand every member but the manifest to `take`, and prove that it is whole.

    `take` gets name and bytes before all is proven: unless the archive was read once before, it must do nothing that
    cannot be undone. Raises ArchiveError, and OSError where the disk refuses.
    """
    with path.open("rb") as file:
        source = _opened(file, passphrase)
        try:
            return _read(source, take)
        except tarfile.TarError as error:
            raise ArchiveError("This archive is damaged or cut off.") from error
        except SealError as error:
            raise ArchiveError(f"This archive cannot be opened: {error}.") from error


def _opened(file: IO[bytes], passphrase: str | None) -> Source:
    sealed = file.read(len(MAGIC)) == MAGIC
    if sealed and passphrase is None:
        raise ArchiveError("This archive is sealed: name the file with its passphrase.")
    if passphrase is None:
        file.seek(0)
        return file
    if not sealed:
        raise ArchiveError("This archive is not sealed, though a passphrase was given.")
    return Opener(file, passphrase)


def _read(source: Source, take: Take | None) -> Manifest:
    members, manifest = sha256(), None
    with tarfile.open(fileobj=source, mode="r|") as tar:  # type: ignore[call-overload]
        for member in tar:
            if manifest is not None or not member.isfile():
                raise tarfile.ReadError("nothing but files, and nothing behind the manifest")
            hashed = Hashed(tar.extractfile(member))
            if member.name.startswith(MANIFEST):
                manifest = _manifest(hashed, member.name, members.hexdigest())
                continue
            buffered = io.BufferedReader(hashed)
            if take is not None:
                take(member.name, buffered)
            _read_to_end(buffered)
            members.update(_line(hashed.hexdigest(), member.name))
            tar.members = []  # or it would remember every one
    _read_to_end(source)
    if manifest is None:
        raise tarfile.ReadError("no manifest")
    return manifest


def _manifest(file: Hashed, name: str, members: str) -> Manifest:
    data = file.read()
    if name != f"{MANIFEST}{file.hexdigest()}.json":
        raise tarfile.ReadError("an altered manifest")
    try:
        manifest = Manifest(**json.loads(data))
    except (TypeError, ValueError) as error:
        raise ArchiveError("This archive was made by another version: its manifest says other things.") from error
    if manifest.sha256 != members:
        raise tarfile.ReadError("other members than the manifest says")
    return manifest


def _read_to_end(source: Source) -> None:
    while source.read(CHUNK):
        pass


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()
