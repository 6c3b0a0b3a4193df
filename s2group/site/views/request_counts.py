"""How many requests were answered: one small file that all processes of the portal count in."""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
NUMBERS = struct.Struct(f"={len(CLASSES)}Q")


class RequestCounts:
    """Answers by class of status, since the file was made. A count may be lost with the power; nobody waits for it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, float]:
        """How many answers of each class. Raises OSError."""
        with self._locked() as file:
            return dict(zip(CLASSES, _numbers(file), strict=True))

    def add(self, status: str) -> None:
        """Count an answer with a status such as `404 NOT FOUND`. Raises OSError."""
        with self._locked() as file:
            numbers = _numbers(file)
            numbers[int(status[0]) - 1] += 1
            os.pwrite(file, NUMBERS.pack(*numbers), 0)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Opened each time: what a process or thread holds of its own is what the kernel can lock against others."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            flock(file, LOCK_EX)
            yield file
        finally:
            os.close(file)


def _numbers(file: int) -> list[int]:
    return list(NUMBERS.unpack(os.pread(file, NUMBERS.size, 0).ljust(NUMBERS.size, b"\0")))
