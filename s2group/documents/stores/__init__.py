"""Where files are kept: what every store does, and a module for each kind of store."""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import IO, Protocol

NAME = re.compile(r"[0-9a-f]{64}")


def proper_name(sha256: str) -> bool:
    """Whether it can be a file's name: a SHA-256 in lower-case hexadecimal."""
    return NAME.fullmatch(sha256) is not None


class TooBigError(Exception):
    """More bytes came than are allowed."""


class DamagedFileError(OSError):
    """A stored file does not hold the bytes it is named after."""


@dataclass(frozen=True)
class Received:
    """A file that has arrived whole but is not kept yet; it lies at `path` as long as its block lasts."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class Stored:
    """A file that is kept: its hash, its size in bytes, and since when it is there."""

    sha256: str
    size: int
    at: datetime


class Store(Protocol):
    """Where files are kept. Nothing is ever overwritten.

    A hash that is none raises ValueError, a file that is not there FileNotFoundError, and a store that refuses OSError.
    """

    def receive(self, chunks: Iterable[bytes], *, limit: int) -> AbstractContextManager[Received]:
        """Write `chunks` beside the store; what the caller does not `put()` is gone at the end.

        Raises TooBigError after more than `limit` bytes.
        """

    def put(self, file: Received | IO[bytes]) -> str:
        """Keep a file, or drop it where the same bytes are kept already; its hash.

        Returns only when the file would outlive a power cut. Raises DamagedFileError where the kept copy has another
        size.
        """

    def open(self, sha256: str) -> BufferedReader:
        """The file, to be read from its beginning; the caller closes it."""

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """A path of this machine under which the file can be read as long as the block lasts."""

    def has(self, sha256: str) -> bool:
        """Whether the file is kept."""

    def size(self, sha256: str) -> int:
        """How many bytes the kept copy has."""

    def delete(self, sha256: str) -> None:
        """Remove a file that no row names; the caller holds the store alone. One that is gone is no error."""

    def set_aside(self, sha256: str, name: str) -> None:
        """Move a file that no row names to where a person finds it as `name`; the caller holds the store alone."""

    def list(self, prefix: str) -> Iterator[Stored]:
        """The files whose hash begins with `prefix`, in no order."""

    def add_to_journal(self, name: str, lines: bytes) -> None:
        """Write `lines` behind those of a journal: all of them, to outlive a power cut, or none. One at a time."""

    def journal(self, name: str) -> bytes:
        """All lines of a journal, oldest first."""

    def free_bytes(self) -> int:
        """How much more can be stored before the room for the portal's own work runs out; negative once it has."""

    def try_writing(self) -> None:
        """Write something and remove it again, which rights and a mount's options do not tell."""
