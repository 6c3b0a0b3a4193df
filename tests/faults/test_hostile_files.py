"""Hundreds of damaged and hostile PDF files come in, while somebody else reads the home page."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute
from s2group.admissions.services import drafts
from s2group.core import clock
from s2group.documents.services import take_upload
from s2group.documents.store import read_bytes
from s2group.extensions import db
from tests.support.applying import REQUIRED
from tests.support.fuzz import hostile_files
from tests.support.pdf import make_pdf, pdf_that_is_slow_to_draw
from tests.support.receipts import FORM, LONG, in_form
from tests.support.server import Portal
from tests.support.visitor import Visitor

FILES = in_form(short=24, long=500)
SEED = 20260902
SENDERS = 3
ASKED = "could not open this file"
REASONS = ("not a PDF", "without a password", "at most 10 MB", "shows nothing", ASKED)
# No answer may take longer, in seconds; and no page for somebody else.
LONGEST_ANSWER = 20
LONGEST_PAGE = 1
LONGEST_WAIT = 2
# How many ask for a page that takes long to draw, more than there are threads, and how many send a CV meanwhile.
ASKERS, POSTERS = 24, 24
HOLDING_SECONDS = in_form(short=24, long=60)
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
    reasons = [words for words in REASONS if words in page.text]
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
    passed = [each for each in answers if each in ((200, ""), (422, ASKED))]
    assert len(passed) > FILES / 2, Counter(answers)
    prompt = [seconds for seconds in reader.seconds if seconds < LONGEST_PAGE]
    assert len(prompt) >= PROMPT_SHARE * len(reader.seconds), sorted(reader.seconds)[-5:]


def _percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))]


def _ask_for(portal: Portal, path: str, until: float) -> list[float]:
    """Ask for a page again and again; how long each answer took."""
    taken = []
    while time.monotonic() < until:
        started = time.monotonic()
        portal.get(path)
        taken.append(time.monotonic() - started)
    return taken


def test_pages_that_take_long_to_draw_and_many_files_at_once_hold_nobody_up(portal: Portal, custody: Flask) -> None:
    key = "k" * 32
    route = db.session.scalars(select(AdmissionRoute)).first()
    assert route is not None
    now = clock.now()
    draft = drafts.start_draft(route=route, key=key, answers={}, locale="en", now=now)
    stream = BytesIO(pdf_that_is_slow_to_draw())
    drafts.attach(
        draft=draft, kind="resume", document=take_upload(stream=stream, original_name="cv.pdf", now=now), now=now
    )
    thumbnail = f"/en/apply/draft/{key}/files/resume/thumbnail.webp"
    for _ in range(4):  # a page that no process has made yet takes its time without anybody's doing
        Visitor(portal.url).get("/en/")
    reader, until = Reader(portal), time.monotonic() + HOLDING_SECONDS
    with reading(reader), ThreadPoolExecutor(ASKERS + POSTERS) as pool:
        asked = [pool.submit(_ask_for, portal, thumbnail, until) for _ in range(ASKERS)]
        posts = list(pool.map(lambda each: _send(portal, each, make_pdf(f"CV {each}")), range(POSTERS)))
        waits = [seconds for each in asked for seconds in each.result()]
    assert [status for status, _ in posts] == [200] * POSTERS
    assert _percentile(reader.seconds, 0.95) < LONGEST_PAGE, sorted(reader.seconds)[-9:]
    assert _percentile(waits, 0.95) < LONGEST_WAIT, sorted(waits)[-9:]
