"""The journal of deletions: a file in the data folder that outlives the database it tells of.

A backup still holds what was deleted after it was made; whoever restores it replays this file. It is only ever appended
to, and it names references, never people that applied.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

from flask import current_app

from s2group.core.disk import flush
from s2group.core.locks import exclusive

NAME = "deletions.jsonl"


class DeletionLogError(Exception):
    """A line of a journal cannot be read."""


@dataclass(frozen=True)
class Entry:
    """That an application was deleted: when (ISO 8601), why, and which of the staff did it (an address), if anyone."""

    reference: str
    at: str
    reason: str
    actor: str | None


def deletion_log_path() -> Path:
    """Where the portal's own journal lies, or would lie."""
    folder: Path = current_app.config["DATA_DIR"]
    return folder / NAME


def append(entries: Iterable[Entry]) -> None:
    """Write entries behind the others, flushed to the disk: all of them or, where the disk refuses (OSError), none."""
    lines = "".join(json.dumps(asdict(entry)) + "\n" for entry in entries).encode()
    path = deletion_log_path()
    with exclusive("deletion-log"), _opened(path) as file:
        end = file.seek(0, os.SEEK_END)
        try:
            _write_whole(file, (b"\n" if _ends_within_a_line(file, end) else b"") + lines)
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise
    flush(path.parent)


def read(path: Path) -> list[Entry]:
    """The entries of a journal; none where there is no file. Raises JournalError, which names the line."""
    if not path.exists():
        return []
    entries = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise DeletionLogError(f"Line {number} of {path} cannot be read.") from error
    return entries


def _opened(path: Path) -> FileIO:
    return FileIO(path, "a+", opener=lambda name, flags: os.open(name, flags, 0o600))


def _ends_within_a_line(file: FileIO, end: int) -> bool:
    """The power failed while the last line was written: the next one must not be spoilt by it."""
    return end > 0 and os.pread(file.fileno(), 1, end - 1) != b"\n"


def _write_whole(file: FileIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) :]
