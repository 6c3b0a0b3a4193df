"""A ZIP archive that is sent while it is made."""

import io
from collections.abc import Iterator
from datetime import datetime
from zipfile import ZipFile

from s2group.exports.archives import Outlet, zip_pieces

AT = datetime(2026, 9, 2, 9, 30)


def test_it_holds_each_entry_whole_under_its_name() -> None:
    entries = [("测试孙丁-7K3M/resume-7K3M.pdf", [b"a" * 1000, b"b"]), ("empty.txt", [])]
    made = b"".join(zip_pieces(entries, at=AT))
    with ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [name for name, _ in entries]
        assert archive.read("测试孙丁-7K3M/resume-7K3M.pdf") == b"a" * 1000 + b"b"
        assert archive.getinfo("empty.txt").date_time == (2026, 9, 2, 9, 30, 0)


def test_nothing_of_it_is_held_back() -> None:
    asked = []

    def entry(number: int) -> Iterator[bytes]:
        asked.append(number)
        yield b"x" * 10_000

    pieces = zip_pieces(((f"{number}.pdf", entry(number)) for number in range(3)), at=AT)
    assert len(next(pieces)) > 10_000
    assert asked == [0]
    assert max(map(len, pieces)) < 11_000


def test_the_outlet_cannot_be_sought_in() -> None:
    outlet = Outlet()
    assert (outlet.writable(), outlet.seekable()) == (True, False)
