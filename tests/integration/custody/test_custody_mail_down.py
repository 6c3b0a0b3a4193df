"""The mail server is down while somebody applies: they notice nothing, and the mail comes when it is back."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.applying import REQUIRED
from tests.support.databases import SqliteDatabases, settings
from tests.support.pdf import padded_pdf
from tests.support.server import Portal, running_portal
from tests.support.smtp import Mailbox
from tests.support.visitor import Visitor

RESUME = padded_pdf(3_000_000)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that is down."""
    mailbox = Mailbox()
    yield mailbox
    mailbox.stop()


@pytest.fixture
def portal(tmp_path: Path, sqlite_databases: SqliteDatabases, mailbox: Mailbox) -> Iterator[Portal]:
    folder = tmp_path / "data"
    with running_portal(settings(folder, sqlite_databases.fresh(folder)) | mailbox.environ) as portal:
        yield portal


def _wait_until_the_server_was_tried_in_vain(portal: Portal) -> None:
    deadline = time.monotonic() + 60
    while not re.search(r"waiting +[1-9]", portal.asked("mail", "list")):
        assert time.monotonic() < deadline, portal.log
        time.sleep(0.2)


def test_the_applicant_notices_nothing_and_the_mail_comes_later(portal: Portal, mailbox: Mailbox) -> None:
    visitor = Visitor(portal.url)
    hidden = visitor.opened_form("/apply/")
    page = visitor.send("/apply/", {**REQUIRED, **hidden, "name": "测试甲", "college": "计算机学院"}, RESUME)
    assert page.status == 200
    reference = page.url.rstrip("/").rpartition("/")[2]
    assert page.url == f"{portal.url}/apply/received/{reference}/"
    assert reference in page.text
    _wait_until_the_server_was_tried_in_vain(portal)
    assert mailbox.letters == []

    mailbox.start()
    for recipient in ("pi@example.org", "co@example.org", REQUIRED["email"]):
        mailbox.wait_for(recipient, containing=reference, seconds=60)
    [letter] = mailbox.letters_to("pi@example.org")
    assert letter.attachments == [("推免硕士-测试甲-TestUniversity-简历.pdf", RESUME)]
    assert letter.message["Subject"] == "推免硕士-测试甲-Test University 计算机学院 Test Studies"
    assert letter.message["Reply-To"] == REQUIRED["email"]
    assert (letter.message["To"], letter.message["Cc"]) == ("pi@example.org", "co@example.org")
    assert len({letter.message["Message-ID"] for letter in mailbox.letters}) == len(mailbox.letters) == 3
    assert portal.run("mail", "list") == ""
