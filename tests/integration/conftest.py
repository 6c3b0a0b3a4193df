"""Fixtures of integration tests: the sample group's site, and an inspector that remembers."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from s2group.documents import inspection
from tests.support.inspecting import patiently, remembered
from tests.support.sample import NOW, load_sample


@pytest.fixture(autouse=True)
def _inspector(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that are about the inspector itself are marked so, and have it look at every file.

    No test depends on whether a busy machine gives an answer within the second of a glance.
    """
    if "inspector" in request.keywords:
        monkeypatch.setattr(inspection, "glance", patiently)
        return
    monkeypatch.setattr(inspection, "inspect", remembered)
    monkeypatch.setattr(inspection, "glance", lambda path: inspection.inspect(path))


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """The clock stands still on the sample's day."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> FlaskClient:
    """A visitor of the sample group's site."""
    load_sample()
    return client
