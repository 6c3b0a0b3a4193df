"""An applicant of tests, who fills in the form as a browser does."""

import io
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from s2group.admissions.models import Application
from s2group.admissions.services.call_files import load_calls
from s2group.content.loading import load_content
from s2group.extensions import db
from tests.support.pdf import make_pdf
from tests.support.snapshots import loaded_once

MORNING = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
RESUME = make_pdf("Test Applicant's CV")
# Every field that must be there, and nothing else.
REQUIRED = {
    "name": "Test Applicant",
    "email": "applicant@example.org",
    "phone": "138 0013 8000",
    "university": "Test University",
    "college": "Test College",
    "major": "Test Studies",
    "exemption_status": "has",
    "consent": "y",
}


def load_fictional_content(app: Flask, *, with_files: bool = False) -> None:
    """The group and the call of tests/content; only where a test says so with its pictures and papers.

    They are documents, and most tests count documents and mean those of applicants.
    """
    folder = app.config["CONTENT_DIR"]
    loaded_once(f"the fictional group of {folder}{' with files' * with_files}", lambda: _load(folder, with_files))


def _load(folder: Path, with_files: bool) -> None:
    with TemporaryDirectory() as copy:
        left_out = () if with_files else ("pictures", "papers")
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*left_out), dirs_exist_ok=True)
        load_content(Path(copy), now=MORNING)
    load_calls(folder / "calls", now=MORNING)


class Hidden(HTMLParser):
    """The hidden inputs of a page, and what is chosen already."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        is_chosen = found.get("type") == "radio" and "checked" in found
        if tag == "input" and (found.get("type") == "hidden" or is_chosen):
            self.values[str(found["name"])] = found.get("value") or ""


def hidden_fields(page: str) -> dict[str, str]:
    """What the form on the page sends along by itself."""
    return Hidden(page).values


def opened_form(client: FlaskClient, path: str = "/en/apply/") -> dict[str, str]:
    """What the form sends along when it was just opened."""
    return hidden_fields(client.get(path).text)


def pdf(content: bytes = RESUME, name: str = "cv.pdf") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(content), name


def send(client: FlaskClient, hidden: dict[str, str], path: str = "/en/apply/", /, **changes: Any) -> TestResponse:
    """Send the form with the required answers and a résumé; None takes a field out."""
    fields = {**REQUIRED, "resume": pdf(), **hidden, **changes}
    data = {name: value for name, value in fields.items() if value is not None}
    response = client.post(path, data=data, content_type="multipart/form-data")
    # The client leaves the temporary file of a large upload open.
    response.request.environ["wsgi.input"].close()
    return response


def apply(client: FlaskClient, path: str = "/en/apply/", /, **changes: Any) -> TestResponse:
    """Open the form and send it."""
    return send(client, opened_form(client, path), path, **changes)


def applications() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(Application)) or 0


def the_application() -> Application:
    """The only one there is."""
    return db.session.scalars(select(Application)).one()
