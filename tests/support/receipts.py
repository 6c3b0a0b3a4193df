"""Applicants who go on until they have a receipt, and the proof that no receipt is broken."""

import email
import email.policy
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import func, select

from s2group.admissions.models import Application
from s2group.documents.store import read_bytes
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of, unsent_mails
from tests.support.applying import REQUIRED
from tests.support.pdf import make_pdf
from tests.support.server import Portal
from tests.support.visitor import Page, UnreachableError, Visitor

T = TypeVar("T")

# The long form of the tests of faults, `make test-faults`, is the same tests with larger numbers.
LONG = os.environ.get("FAULTS") == "long"
# For how many seconds a client goes on with a server that does not answer, or cannot store anything.
PATIENCE = 120
PAUSE = 0.05
GROUP = ["co@example.org", "pi@example.org"]
FORM = "/en/apply/"
TOLD = "You have no receipt yet"


def in_form(*, short: T, long: T) -> T:
    """The one of two numbers that the form of the tests asks for."""
    return long if LONG else short


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
    # How many bytes to add to each résumé.
    ballast: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    receipts: list[Receipt] = field(default_factory=list)
    # How often no answer came, and how often the answer was that nothing could be stored.
    interruptions: int = 0
    told: Counter[int] = field(default_factory=Counter)

    def work(self) -> None:
        """Apply until told to stop; the application under way is brought to its end."""
        while not self.stop.is_set():
            self.apply(f"applicant-{self.number}-{len(self.receipts)}@example.org")

    def apply(self, address: str) -> None:
        """Apply, and keep the receipt. Fails where there is none, or where it does not name the file that was sent."""
        visitor = Visitor(self.portal.url)
        resume = make_pdf(f"Test Applicant {address}") + b"%" + b"." * self.ballast
        hidden = self._until_answered(lambda: visitor.opened_form(FORM))
        fields = {**REQUIRED, **hidden, "email": address}
        page = self._until_received(visitor, fields, resume)
        assert (page.status, page.url.startswith(f"{self.portal.url}/en/apply/received/")) == (200, True), page
        assert sha256(resume).hexdigest() in page.text
        self.receipts.append(Receipt(page.url.rstrip("/").rpartition("/")[2], address, resume))

    def _until_received(self, visitor: Visitor, fields: dict[str, str], resume: bytes) -> Page:
        deadline = time.monotonic() + PATIENCE
        while True:
            page = self._until_answered(lambda: visitor.send(FORM, fields, resume))
            assert time.monotonic() < deadline, self.portal.log
            if page.status not in (503, 507):
                return page
            assert TOLD in page.text
            assert fields["email"] in page.text, "what was typed is lost"
            self.told[page.status] += 1
            time.sleep(PAUSE)

    def _until_answered(self, ask: Callable[[], T]) -> T:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except UnreachableError:
                assert time.monotonic() < deadline, self.portal.log
                self.interruptions += 1
                time.sleep(PAUSE)


@contextmanager
def at_work(clients: list[Client]) -> Iterator[None]:
    """Let the clients apply while the block runs; each brings its last application to its end."""
    with ThreadPoolExecutor(len(clients)) as pool:
        work = [pool.submit(client.work) for client in clients]
        try:
            yield
        finally:
            for client in clients:
                client.stop.set()
    for done in work:
        done.result()


def wait_for_an_empty_outbox(seconds: float = 120) -> None:
    """Return once every mail has been accepted."""
    deadline = time.monotonic() + seconds
    while unsent_mails():
        assert time.monotonic() < deadline, [(mail.state, mail.reply_text) for mail in unsent_mails()]
        db.session.remove()
        time.sleep(0.2)


def check_receipts(receipts: list[Receipt], portal: Portal) -> None:
    """For each receipt one application with the right bytes, and one mail to each recipient; and nothing besides."""
    letters = _letters(portal)
    for receipt in receipts:
        _check_application(receipt, letters)
    assert db.session.scalar(select(func.count()).select_from(Application)) == len(receipts)
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == len(letters) == 3 * len(receipts)
    assert Counter(mail.state for mail in db.session.scalars(select(OutboxMail))) == {"written": len(letters)}


def _letters(portal: Portal) -> dict[str, EmailMessage]:
    """The mails that were written, by their Message-ID."""
    files = (portal.data_dir / "mail").glob("*.eml")
    letters = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    found = {str(letter["Message-ID"]): letter for letter in letters}
    assert len(found) == len(letters)
    return found


def _check_application(receipt: Receipt, letters: dict[str, EmailMessage]) -> None:
    application = db.session.scalars(select(Application).where(Application.email == receipt.address)).one()
    assert application.reference == receipt.reference
    [entry] = application.documents
    assert read_bytes(entry.document.sha256) == receipt.resume
    mails = {mail.message_id: mail.recipient for mail in mails_of(receipt.reference)}
    assert sorted(mails.values()) == sorted([receipt.address, *GROUP])
    for message_id, recipient in mails.items():
        letter = letters[message_id]
        attached = [part.get_payload(decode=True) for part in letter.iter_attachments()]
        assert letter["Delivered-To"] == recipient
        assert attached == ([] if recipient == receipt.address else [receipt.resume])
