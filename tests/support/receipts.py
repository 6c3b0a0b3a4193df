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
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import func, select

from s2group.admissions.models import Application
from s2group.documents.store import read_bytes
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of, unsent_mails
from tests.support.applying import REQUIRED, hidden_fields
from tests.support.pdf import make_pdf
from tests.support.server import Portal
from tests.support.visitor import Page, UnreachableError, Visitor

T = TypeVar("T")
Letters = dict[str, tuple[str, EmailMessage]]

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


class Served(Protocol):
    """A portal, on one machine or several."""

    @property
    def url(self) -> str:
        """Where it is served."""

    @property
    def log(self) -> str:
        """Everything it has said."""


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
    portal: Served
    # How many bytes to add to each résumé.
    ballast: int = 0
    # Whether a proxy stands in front, which may have no portal to ask, and after how many seconds nobody waits there.
    behind_a_proxy: bool = False
    timeout: float = 60
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
        visitor = Visitor(self.portal.url, self.timeout, address=f"192.0.2.{len(self.receipts) % 256}")
        resume = make_pdf(f"Test Applicant {address}") + b"%" + b"." * self.ballast
        hidden = hidden_fields(self._until_answered(lambda: self._by_the_portal(visitor.get(FORM))).text)
        fields = {**REQUIRED, **hidden, "email": address}
        page = self._until_received(visitor, fields, resume)
        assert (page.status, page.url.startswith(f"{self.portal.url}/en/apply/received/")) == (200, True), page
        assert sha256(resume).hexdigest() in page.text
        self.receipts.append(Receipt(page.url.rstrip("/").rpartition("/")[2], address, resume))

    def _until_received(self, visitor: Visitor, fields: dict[str, str], resume: bytes) -> Page:
        deadline = time.monotonic() + PATIENCE
        while True:
            page = self._until_answered(lambda: self._by_the_portal(visitor.send(FORM, fields, resume)))
            assert time.monotonic() < deadline, self.portal.log
            if page.status not in (503, 507):
                return page
            assert TOLD in page.text
            assert fields["email"] in page.text, "what was typed is lost"
            self.told[page.status] += 1
            time.sleep(PAUSE)

    def _by_the_portal(self, page: Page) -> Page:
        """What a proxy answers that has no portal to ask, or a portal that has no form to give back, is no answer."""
        if self.behind_a_proxy and page.status in (502, 503, 504) and TOLD not in page.text:
            raise UnreachableError
        return page

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
    letters = [_read(file) for file in (portal.data_dir / "mail").glob("*.eml")]
    found = {str(letter["Message-ID"]): (str(letter["Delivered-To"]), letter) for letter in letters}
    assert len(found) == len(letters)
    check_custody(receipts, found, state="written")


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def check_custody(receipts: list[Receipt], letters: Letters, *, state: str) -> None:
    """The same, with the mails that came: to whom, by their Message-ID."""
    for receipt in receipts:
        _check_application(receipt, letters)
    assert db.session.scalar(select(func.count()).select_from(Application)) == len(receipts)
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == len(letters) == 3 * len(receipts)
    assert Counter(mail.state for mail in db.session.scalars(select(OutboxMail))) == {state: len(letters)}


def _check_application(receipt: Receipt, letters: Letters) -> None:
    application = db.session.scalars(select(Application).where(Application.email == receipt.address)).one()
    assert application.reference == receipt.reference
    [entry] = application.documents
    assert read_bytes(entry.document.sha256) == receipt.resume
    mails = {mail.message_id: mail.recipient for mail in mails_of(receipt.reference)}
    assert sorted(mails.values()) == sorted([receipt.address, *GROUP])
    for message_id, recipient in mails.items():
        delivered_to, letter = letters[message_id]
        attached = [part.get_payload(decode=True) for part in letter.iter_attachments()]
        assert delivered_to == recipient
        assert attached == ([] if recipient == receipt.address else [receipt.resume])
