"""Fixtures of tests that read the sample group's site."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from s2group.content.loading import load_content
from tests.support.sample import NOW, SAMPLE


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """The clock stands still on the sample's day."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> FlaskClient:
    """A visitor of the sample group's site."""
    load_content(SAMPLE, now=NOW)
    return client
