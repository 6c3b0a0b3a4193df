"""'Received' means kept: the server is killed again and again while four people apply."""

import email
import email.policy
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select

from s2group import create_app
from s2group.admissions.models import Application
from s2group.documents.store import read_bytes
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of, unsent_mails
from tests.support.applying import REQUIRED
from tests.support.databases import SqliteDatabases, settings
from tests.support.pdf import make_pdf
from tests.support.server import Portal
from tests.support.visitor import UnreachableError, Visitor

T = TypeVar("T")

KILLS = 50
CLIENTS = 4
# The longest that the server may serve before it is killed, in seconds: long enough for a few applications.
LONGEST_LIFE = 1.2
# For how many seconds a client tries to reach a server that was killed.
PATIENCE = 120
SEED = 20260902
GROUP = ["co@example.org", "pi@example.org"]
FORM = "/en/apply/"


@dataclass(frozen=True)
class Receipt:
    """What an applicant was shown, and what they had sent."""

    reference: str
    address: str
    resume: bytes


@dataclass
class Client:
    """Applies under one new address after the other, and sends each form again until there is a receipt."""

    number: int
    portal: Portal
    stop: threading.Event
    receipts: list[Receipt] = field(default_factory=list)
    interruptions: int = 0

    def work(self) -> None:
        """Apply until told to stop; the application under way is brought to its end."""
        while not self.stop.is_set():
            self._apply(f"applicant-{self.number}-{len(self.receipts)}@example.org")

    def _apply(self, address: str) -> None:
        visitor, resume = Visitor(self.portal.url), make_pdf(f"Test Applicant {address}")
        hidden = self._until_answered(lambda: visitor.opened_form(FORM))
        fields = {**REQUIRED, **hidden, "email": address}
        page = self._until_answered(lambda: visitor.send(FORM, fields, resume))
        assert (page.status, page.url.startswith(f"{self.portal.url}/en/apply/received/")) == (200, True), page
        assert sha256(resume).hexdigest() in page.text
        self.receipts.append(Receipt(page.url.rstrip("/").rpartition("/")[2], address, resume))

    def _until_answered(self, ask: Callable[[], T]) -> T:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except UnreachableError:
                assert time.monotonic() < deadline, self.portal.log
                self.interruptions += 1
                time.sleep(0.05)


@pytest.fixture
def portal(tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Portal]:
    """A portal with the fictional call, not started yet."""
    folder = tmp_path / "data"
    portal = Portal(settings(folder, sqlite_databases.fresh(folder)))
    portal.run("prepare")
    yield portal
    portal.kill()


@pytest.fixture
def app(portal: Portal) -> Iterator[Flask]:
    """The same portal's data, seen from the test."""
    app = create_app(portal.environ)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _apply_while_the_server_is_killed(portal: Portal) -> list[Client]:
    chance, stop = random.Random(SEED), threading.Event()
    clients = [Client(number, portal, stop) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        try:
            work = [pool.submit(client.work) for client in clients]
            for _ in range(KILLS):
                portal.start()
                time.sleep(chance.uniform(0, LONGEST_LIFE))
                portal.kill()
            portal.start()
        finally:
            stop.set()
    for done in work:
        done.result()
    return clients


def _wait_for_an_empty_outbox() -> None:
    deadline = time.monotonic() + 60
    while unsent_mails():
        assert time.monotonic() < deadline, [(mail.state, mail.reply_text) for mail in unsent_mails()]
        db.session.remove()
        time.sleep(0.2)


def _letters(portal: Portal) -> list[EmailMessage]:
    files = sorted((portal.data_dir / "mail").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def _attached(letter: EmailMessage) -> list[object]:
    return [part.get_payload(decode=True) for part in letter.iter_attachments()]


def _check_application(receipt: Receipt, letters: list[EmailMessage]) -> None:
    """One application, one stored file, one mail to each recipient, each with the right bytes."""
    application = db.session.scalars(select(Application).where(Application.email == receipt.address)).one()
    assert application.reference == receipt.reference
    [entry] = application.documents
    assert read_bytes(entry.document.sha256) == receipt.resume
    mails = {mail.message_id: mail.recipient for mail in mails_of(receipt.reference)}
    assert sorted(mails.values()) == sorted([receipt.address, *GROUP])
    mine = [letter for letter in letters if letter["Message-ID"] in mails]
    assert {letter["Message-ID"]: letter["Delivered-To"] for letter in mine} == mails
    assert len(mine) == len(mails)
    for letter in mine:
        assert _attached(letter) == ([] if letter["To"] == receipt.address else [receipt.resume])


def test_no_receipt_is_ever_broken_by_a_kill(portal: Portal, app: Flask) -> None:
    clients = _apply_while_the_server_is_killed(portal)
    _wait_for_an_empty_outbox()
    portal.stop()

    receipts = [receipt for client in clients for receipt in client.receipts]
    letters = _letters(portal)
    for receipt in receipts:
        _check_application(receipt, letters)
    assert db.session.scalar(select(func.count()).select_from(Application)) == len(receipts)
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == len(letters) == 3 * len(receipts)
    assert Counter(mail.state for mail in db.session.scalars(select(OutboxMail))) == {"accepted": len(letters)}
    # The test means nothing unless the kills hit people at work.
    assert len(receipts) >= KILLS
    assert all(client.interruptions >= KILLS / 2 for client in clients)
