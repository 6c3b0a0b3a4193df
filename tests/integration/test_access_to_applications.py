"""A browser may change what it sent or used a link for, and nothing else."""

from collections.abc import Iterator

import pytest
from flask import Flask

from s2group.apply.access import MOST_REMEMBERED, forget, may_change, remember

FIRST, SECOND = "7K3M-Q0ZT-9XHB-4WPD", "0000-1111-2222-3333"


@pytest.fixture
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("_request")
def test_nothing_may_be_changed_before() -> None:
    assert not may_change(FIRST)
    forget(FIRST)
    assert not may_change(FIRST)


@pytest.mark.usefixtures("_request")
def test_what_was_remembered_may_be_changed_until_it_is_forgotten() -> None:
    remember(FIRST)
    remember(SECOND)
    assert (may_change(FIRST), may_change(SECOND)) == (True, True)
    forget(FIRST)
    assert (may_change(FIRST), may_change(SECOND)) == (False, True)


@pytest.mark.usefixtures("_request")
def test_the_oldest_makes_room_and_using_one_again_makes_it_young() -> None:
    remember(FIRST)
    remember(SECOND)
    remember(FIRST)
    for number in range(MOST_REMEMBERED - 1):
        remember(f"0000-0000-0000-{number:04}")
    assert (may_change(FIRST), may_change(SECOND)) == (True, False)
