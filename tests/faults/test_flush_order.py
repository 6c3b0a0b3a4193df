"""The kernel's own record: file, folders and database are flushed before 'received' goes out on the line."""

import os
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.applying import REQUIRED
from tests.support.pdf import make_pdf
from tests.support.receipts import FORM
from tests.support.server import Portal
from tests.support.visitor import Visitor

RESUME = make_pdf("Test Applicant")
CALLS = "fsync,fdatasync,rename,renameat,renameat2,pwrite64,pwritev,write,writev,sendto,sendmsg"
# What strace prints with -y: `1234 fsync(9</data/files/ab>) = 0`.
CALL = re.compile(r"(\w+)\((.*)")
FILE = re.compile(r"\d+<([^>]*)>")
NAMES = re.compile(r'"([^"]*)"')


@pytest.fixture
def portal(portal: Portal, tmp_path: Path) -> Iterator[Portal]:
    """A portal under strace's eyes."""
    if shutil.which("strace") is None:
        assert not os.environ.get("CI"), "strace is not installed, and under CI nothing may be skipped"
        pytest.skip("strace is not installed")
    portal.environ["S2_EMBEDDED_WORKER"] = "off"
    portal.watcher = ("strace", "-f", "-y", "-qq", "-s", "200", "-e", f"trace={CALLS}", "-o", str(tmp_path / "trace"))
    portal.start()
    yield portal
    portal.kill()


def _calls(trace: str) -> list[tuple[str, str, str]]:
    """Thread, call and the rest of each line; a call that another thread's interrupted counts where it ended."""
    begun: dict[str, str] = {}
    calls = []
    for line in trace.splitlines():
        thread, text = line.split(maxsplit=1)
        if text.endswith("<unfinished ...>"):
            begun[thread] = text.removesuffix("<unfinished ...>")
        elif found := CALL.match(_resumed(text, begun.get(thread, ""))):
            calls.append((thread, found[1], found[2]))
    return calls


def _resumed(text: str, beginning: str) -> str:
    return beginning + text.partition(" resumed>")[2] if text.startswith("<... ") else text


def _what_happened(calls: list[tuple[str, str, str]], data_dir: Path) -> list[str]:
    """The writes and flushes below the data folder by one thread, and what it said over the line, in their order."""
    events = []
    for _, call, rest in calls:
        found = FILE.match(rest)
        path = found[1] if found else ""
        if call.startswith("rename"):
            source, target = NAMES.findall(rest)[-2:]
            events.append(f"{_known(source, data_dir)} becomes {_known(target, data_dir)}")
        elif path.startswith(str(data_dir)) and not path.endswith((".log", "-shm")):
            assert call not in ("fsync", "fdatasync") or rest.endswith("= 0"), rest
            events.append(f"{'flush' if 'sync' in call else 'write'} {_known(path, data_dir)}")
        elif '"HTTP/1.1 ' in rest:
            events.append("answer " + rest.partition('"HTTP/1.1 ')[2][:3])
    return events


def _known(path: str, data_dir: Path) -> str:
    digest = sha256(RESUME).hexdigest()
    name = str(Path(path).relative_to(data_dir)) if Path(path) != data_dir else "data folder"
    name = name.replace(f"{digest[:2]}/{digest[2:]}", "kept file").replace(f"files/{digest[:2]}", "its folder")
    return re.sub(r"files/incoming/.*", "incoming file", name).removeprefix("files/")


def _without_repeats(events: list[str]) -> list[str]:
    return [event for event, before in zip(events, [None, *events], strict=False) if event != before]


def test_received_is_said_only_after_everything_is_flushed(portal: Portal, tmp_path: Path) -> None:
    visitor = Visitor(portal.url)
    hidden = visitor.opened_form(FORM)
    page = visitor.send(FORM, {**REQUIRED, **hidden}, RESUME)
    assert "/en/apply/received/" in page.url
    portal.kill()

    calls = _calls((tmp_path / "trace").read_text())
    [thread] = {thread for thread, _, rest in calls if '"HTTP/1.1 303' in rest}
    events = _what_happened([call for call in calls if call[0] == thread], portal.data_dir)
    begin, end = events.index("write incoming file"), events.index("answer 303")
    assert _without_repeats(events[begin : end + 1]) == [
        "write incoming file",
        "flush files",  # where the folder for the kept file was made
        "flush incoming file",
        "incoming file becomes kept file",
        "flush its folder",
        "flush files",
        "flush data folder",
        "write portal.sqlite3-wal",
        "flush portal.sqlite3-wal",
        "flush data folder",  # SQLite has made its log
        "write portal.sqlite3-wal",
        "flush portal.sqlite3-wal",
        # The browser's right to this application, and its session, which a connection of its own writes: SQLite flushes
        # the folder once for each of them.
        "write portal.sqlite3-wal",
        "flush portal.sqlite3-wal",
        "write portal.sqlite3-wal",
        "flush portal.sqlite3-wal",
        "flush data folder",
        "write portal.sqlite3-wal",
        "flush portal.sqlite3-wal",
        "answer 303",
    ]
