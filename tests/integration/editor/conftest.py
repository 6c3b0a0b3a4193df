"""A portal whose record is said in full by content files, and an editor of it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group.content.loading import load_content
from s2group.core.permissions import Role
from tests.support.full_content import write_full_content
from tests.support.staff import MORNING, sign_in


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    folder = write_full_content(tmp_path / "content")
    app.config["CONTENT_DIR"] = folder
    load_content(folder, now=MORNING)
    return folder


@pytest.fixture
def editor(app: Flask, folder: Path) -> FlaskClient:
    """A client signed in as an editor."""
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client
