"""The archive itself: a tar file, encrypted with age where there is a key.

    files/<sha256>               each stored file, under the hash of its bytes
    content/<path>               each content file of the group
    tables/<name>.jsonl          each table, a line for each row
    manifest-<sha256>.json       when, of which revision, how much of what, and a hash over all of the above

The manifest comes last and carries its own hash in its name: an archive that was cut off has none, and one that was
altered does not fit it.
"""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from s2group.backup import encryption, passphrase
from s2group.backup.encryption import DecryptionError, Source

CHUNK = 1024 * 1024
MANIFEST = "manifest-"
Take = Callable[[str, IO[bytes]], None]


class ArchiveError(Exception):
    """An archive cannot be read: damaged, cut off, or encrypted for another key."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: rows by table, the number of files, and files that were not whole when it was made."""

    made_at: str
    revision: str
    rows: dict[str, int]
    files: int
    # Hashes, and content files as content/<path>.
    unreadable: list[str]
    # Content files; archives from before they were kept have none.
    content: int = 0
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
def writing(file: IO[bytes], *, key: str | None, now: datetime) -> Iterator[ArchiveWriter]:
    """A writer to `file`, encrypted where there is a `key`, the text of a key file; the caller finishes it.

    Raises ArchiveError where the text holds no key.
    """
    try:
        with (
            encryption.encrypting(file, key) if key is not None else nullcontext(file) as sink,
            tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            yield ArchiveWriter(tar, now)
    except DecryptionError as error:
        raise ArchiveError(f"Nothing was written: {error}.") from error


def read_archive(path: Path, *, secret: str | None, take: Take | None = None) -> Manifest:
    """Read an archive to its end, hand every member but the manifest to `take`, and prove that it is whole.

    `secret` is the text of the key file, or the passphrase of an archive from before there were keys. `take` gets name
    and bytes before all is proven: unless the archive was read once before, it must do nothing that cannot be undone.
    Raises ArchiveError, and OSError where the disk refuses.
    """
    with path.open("rb") as file:
        try:
            with _opened(file, secret) as source:
                return _read(source, take)
        except tarfile.TarError as error:
            raise ArchiveError("This archive is damaged or cut off.") from error
        except DecryptionError as error:
            raise ArchiveError(f"This archive cannot be opened: {error}.") from error


def _opened(file: IO[bytes], secret: str | None) -> AbstractContextManager[Source]:
    start = file.peek(len(encryption.MAGIC))  # type: ignore[attr-defined]
    under_passphrase = start.startswith(passphrase.MAGIC)
    encrypted = under_passphrase or start.startswith(encryption.MAGIC)
    if not encrypted and secret is not None:
        raise ArchiveError("This archive is not encrypted, though a key was given.")
    if secret is None:
        if encrypted:
            raise ArchiveError(
                f"This archive is encrypted: name its {'passphrase' if under_passphrase else 'key'} file."
            )
        return nullcontext(file)
    if under_passphrase:
        return nullcontext(passphrase.PassphraseReader(file, secret))
    return encryption.decrypting(file, secret)


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
