"""The journal of deletions: it lies with the store of the files, and outlives the database that it tells of.

A backup still holds what was deleted after it was made; whoever restores it replays this file. It is only ever appended
to, and it names references, never people that applied.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from s2group.core.locks import exclusive
from s2group.documents.store import store

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


def append(entries: Iterable[Entry]) -> None:
    """Write entries behind the others, to outlive a power cut: all, or none where the store refuses (OSError)."""
    lines = "".join(json.dumps(asdict(entry)) + "\n" for entry in entries).encode()
    with exclusive("deletion-log"):
        store.add_to_journal(NAME, lines)


def own_entries() -> list[Entry]:
    """The entries of the portal's own journal. Raises DeletionLogError, which names the line, and OSError."""
    return _entries(store.journal(NAME), NAME)


def read(path: Path) -> list[Entry]:
    """Those of a copy; none where there is no file. Otherwise as own_entries."""
    return _entries(path.read_bytes() if path.exists() else b"", str(path))


def _entries(journal: bytes, name: str) -> list[Entry]:
    entries = []
    for number, line in enumerate(journal.decode(errors="replace").splitlines(), start=1):
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise DeletionLogError(f"Line {number} of {name} cannot be read.") from error
    return entries
