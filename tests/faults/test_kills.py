"""'Received' means kept: the server is killed again and again while four people apply."""

import random
import time

from flask import Flask

from tests.support.receipts import Client, Receipt, at_work, check_receipts, in_form, wait_for_an_empty_outbox
from tests.support.server import Portal

KILLS = in_form(short=6, long=200)
RECEIPTS = in_form(short=12, long=1001)
# On a slow machine fewer apply between two kills; then there are more kills, but no more than this many times as many.
PATIENCE = 3
CLIENTS = 4
# The longest that the server may serve before it is killed, in seconds: long enough for a few applications.
LONGEST_LIFE = 3.0
# After each kill it must be up again within so many seconds; where the machine is too busy for that, within so many
# times what an ordinary start takes at that moment.
UP_AGAIN = 10
ORDINARY_STARTS = 3
SEED = 20260902


def _kill_again_and_again(portal: Portal, clients: list[Client]) -> None:
    chance = random.Random(SEED)
    kills = 0
    while kills < KILLS or (len(_receipts(clients)) < RECEIPTS and kills < PATIENCE * KILLS):
        _start_again(portal)
        time.sleep(chance.uniform(0, LONGEST_LIFE))
        portal.kill()
        kills += 1
    _start_again(portal)


def _start_again(portal: Portal) -> None:
    took = _start(portal)
    if took >= UP_AGAIN:
        portal.stop()
        assert took < ORDINARY_STARTS * _start(portal)


def _receipts(clients: list[Client]) -> list[Receipt]:
    return [receipt for client in clients for receipt in client.receipts]


def _start(portal: Portal) -> float:
    started = time.monotonic()
    portal.start()
    return time.monotonic() - started


def test_no_receipt_is_ever_broken_by_a_kill(portal: Portal, custody: Flask) -> None:
    clients = [Client(number, portal) for number in range(CLIENTS)]
    with at_work(clients):
        _kill_again_and_again(portal, clients)
    wait_for_an_empty_outbox()
    portal.stop()

    receipts = _receipts(clients)
    check_receipts(receipts, portal)
    assert not any(client.told for client in clients)
    # The test means nothing unless the kills hit people at work.
    assert len(receipts) >= RECEIPTS
    assert all(client.interruptions >= KILLS / 2 for client in clients)
