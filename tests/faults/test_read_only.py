"""The disk turns read-only under the running portal, as Linux does with one that fails."""

import os
import signal
import time

import pytest
from flask import Flask

from tests.support.applying import REQUIRED, hidden_fields
from tests.support.disks import read_only
from tests.support.pdf import make_pdf
from tests.support.receipts import FORM, TOLD, Client, check_receipts, wait_for_an_empty_outbox
from tests.support.server import Portal
from tests.support.visitor import Visitor

RESUME = make_pdf("Test Applicant")
START_SECONDS = 30


@pytest.fixture
def portal(portal: Portal) -> Portal:
    portal.start()
    return portal


def _reload(portal: Portal) -> None:
    """Let new workers open everything anew."""
    assert portal.process is not None
    os.kill(portal.process.pid, signal.SIGHUP)
    deadline = time.monotonic() + START_SECONDS
    while portal.log.count("Booting worker") < 4 or portal.log.count("Worker exiting") < 2:
        assert time.monotonic() < deadline, portal.log
        time.sleep(0.1)


def _check_that_it_goes_on(portal: Portal, client: Client) -> None:
    client.apply("after@example.org")
    wait_for_an_empty_outbox()
    check_receipts(client.receipts, portal)


def test_where_no_file_can_be_stored_the_form_stays_filled_in(portal: Portal, custody: Flask) -> None:
    client, visitor = Client(0, portal), Visitor(portal.url)
    client.apply("before@example.org")
    hidden = visitor.opened_form(FORM)
    with read_only(portal.data_dir / "files"):
        page = visitor.send(FORM, {**REQUIRED, **hidden, "statement": "Typed with care"}, RESUME)
        assert (page.status, TOLD in page.text, "Typed with care" in page.text) == (503, True, True), page.text
        assert "CV (PDF): the upload did not get through. Select the file again" in page.text
        assert visitor.get("/en/").status == 200
    _check_that_it_goes_on(portal, client)


def test_where_nothing_can_be_written_the_answer_holds_what_was_typed(portal: Portal, custody: Flask) -> None:
    client, visitor = Client(0, portal), Visitor(portal.url)
    client.apply("before@example.org")
    hidden = visitor.opened_form(FORM)
    with read_only(portal.data_dir):
        _reload(portal)
        page = visitor.send(FORM, {**REQUIRED, **hidden, "statement": "Typed with care"}, RESUME)
        assert (page.status, hidden_fields(page.text)["statement"]) == (503, "Typed with care")
        assert visitor.get("/en/").status == 503
        assert visitor.get("/healthz").status == 200
    _check_that_it_goes_on(portal, client)
