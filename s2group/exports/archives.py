"""Writes a ZIP archive that is sent while it is made."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from zipfile import ZIP_STORED, ZipFile, ZipInfo


class Outlet(io.RawIOBase):
    """What is written to it is taken from it: it cannot be sought in, and holds nothing back."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def writable(self) -> bool:
        """That it is."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Keep it until it is taken."""
        self.written.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        data, self.written = b"".join(self.written), []
        return data


def zip_pieces(entries: Iterable[tuple[str, Iterable[bytes]]], *, at: datetime) -> Iterator[bytes]:
    """The archive in pieces, none of them larger than a piece of an entry; `at` is the time of all entries.

    Files are stored as they are: PDF and pictures are compressed already.
    """
    outlet = Outlet()
    with ZipFile(outlet, "w", ZIP_STORED) as archive:
        for name, pieces in entries:
            with archive.open(ZipInfo(name, at.timetuple()[:6]), "w") as target:
                for piece in pieces:
                    target.write(piece)
                    yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()
