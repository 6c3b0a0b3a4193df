"""Hundreds of damaged and hostile PDF files come in, while somebody else reads the home page."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from s2group.documents.store import read_bytes
from tests.support.applying import REQUIRED
from tests.support.fuzz import hostile_files
from tests.support.receipts import FORM, LONG, in_form
from tests.support.server import Portal
from tests.support.visitor import Visitor

FILES = in_form(short=60, long=500)
SEED = 20260902
SENDERS = 3
# No answer may take longer, in seconds; and no page for somebody else.
LONGEST_ANSWER = 20
LONGEST_PAGE = 1
# The short form shares the machine with other tests, which now and then take its processors for a moment.
PROMPT_SHARE = 1.0 if LONG else 0.95


@pytest.fixture
def portal(portal: Portal) -> Portal:
    portal.start()
    return portal


@dataclass
class Reader:
    """Opens the home page again and again, and takes the time."""

    portal: Portal
    stop: threading.Event = field(default_factory=threading.Event)
    seconds: list[float] = field(default_factory=list)

    def read(self) -> None:
        """Read until told to stop."""
        while not self.stop.is_set():
            started = time.monotonic()
            assert Visitor(self.portal.url).get("/en/").status == 200
            self.seconds.append(time.monotonic() - started)
            time.sleep(0.05)


@contextmanager
def reading(reader: Reader) -> Iterator[None]:
    """Let somebody read while the block runs."""
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(reader.read)
        try:
            yield
        finally:
            reader.stop.set()
    work.result()


def _send(portal: Portal, number: int, content: bytes) -> tuple[int, str]:
    """Apply with this file; the status, and the reference or the reason. Fails where the answer takes too long."""
    visitor = Visitor(portal.url, timeout=LONGEST_ANSWER)
    fields = {**REQUIRED, **visitor.opened_form(FORM), "email": f"applicant-{number}@example.org"}
    page = visitor.send(FORM, fields, content)
    if page.status == 200:
        assert "/en/apply/received/" in page.url
        assert sha256(content).hexdigest() in page.text
        return 200, ""
    reasons = [words for words in ("not a PDF", "without a password", "at most 10 MB") if words in page.text]
    assert (page.status, len(reasons)) == (422, 1), page.text
    return page.status, reasons[0]


def _processes(portal: Portal) -> set[str]:
    assert portal.process is not None
    return {
        child
        for task in Path(f"/proc/{portal.process.pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    }


def test_no_file_brings_the_service_down_or_holds_others_up(portal: Portal, custody: Flask) -> None:
    files = list(hostile_files(FILES, SEED))
    reader, processes = Reader(portal), _processes(portal)
    with reading(reader), ThreadPoolExecutor(SENDERS) as pool:
        answers = list(pool.map(lambda each: _send(portal, *each), enumerate(files)))

    assert _processes(portal) == processes, "a process ended and was replaced"
    assert "Traceback" not in portal.log
    assert "failed:" not in portal.log
    for content, (status, _) in zip(files, answers, strict=True):
        if status == 200:
            assert read_bytes(sha256(content).hexdigest()) == content
    # The files mean nothing unless most get past the first look at them.
    assert Counter(status for status, _ in answers)[200] > FILES / 2
    prompt = [seconds for seconds in reader.seconds if seconds < LONGEST_PAGE]
    assert len(prompt) >= PROMPT_SHARE * len(reader.seconds), sorted(reader.seconds)[-5:]
