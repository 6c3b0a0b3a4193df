"""A small disk is filled to the brim, again and again, while people apply: each is received, or told."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.disks import Ballast, small_disk
from tests.support.receipts import Client, at_work, check_receipts, in_form, wait_for_an_empty_outbox
from tests.support.server import Portal

MEGABYTES = 60
FLOODS = in_form(short=2, long=10)
# What is added to the résumés of each client: small ones, and one for which Werkzeug needs a temporary file.
BALLASTS = (0, 0, 50_000, 700_000)
# How often each client is to be told before space is made.
TELLINGS = 2
LONGEST_WAIT = 60


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """The data folder is a small disk, and temporary files lie on it too, as on a small server."""
    with small_disk(tmp_path / "data", megabytes=MEGABYTES):
        yield tmp_path / "data"


@pytest.fixture
def portal(portal: Portal) -> Portal:
    temporary = portal.data_dir / "tmp"
    temporary.mkdir()
    portal.environ["TMPDIR"] = str(temporary)
    portal.start()
    return portal


def _flood(folder: Path, clients: list[Client]) -> None:
    """Keep the disk full until every client has been told so."""
    before = [client.told.total() for client in clients]
    deadline = time.monotonic() + LONGEST_WAIT
    with Ballast(folder) as ballast:
        while any(client.told.total() < old + TELLINGS for client, old in zip(clients, before, strict=True)):
            assert time.monotonic() < deadline, [client.told for client in clients]
            ballast.fill()
            time.sleep(0.02)


def _wait_for_receipts(clients: list[Client]) -> None:
    """Return once every client has a new receipt."""
    before = [len(client.receipts) for client in clients]
    deadline = time.monotonic() + LONGEST_WAIT
    while any(len(client.receipts) <= old for client, old in zip(clients, before, strict=True)):
        assert time.monotonic() < deadline, [client.told for client in clients]
        time.sleep(0.02)


def test_whoever_is_not_received_is_told_and_space_is_all_it_takes_to_go_on(portal: Portal, custody: Flask) -> None:
    clients = [Client(number, portal, ballast=size) for number, size in enumerate(BALLASTS)]
    process = portal.process
    with at_work(clients):
        for _ in range(FLOODS):
            _wait_for_receipts(clients)
            _flood(portal.data_dir, clients)
        _wait_for_receipts(clients)
    wait_for_an_empty_outbox()
    check_receipts([receipt for client in clients for receipt in client.receipts], portal)
    assert process is not None
    assert process.poll() is None
    assert portal.log.count("Booting worker") == 2, "a worker was replaced"
    assert all(client.interruptions == 0 for client in clients)
    assert all(client.told[507] >= FLOODS for client in clients), [client.told for client in clients]
