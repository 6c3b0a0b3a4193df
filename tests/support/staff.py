"""Staff accounts of tests, and a client that fills in forms as a browser does."""

import re
from datetime import UTC, datetime

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from s2group.accounts.services import add_account
from s2group.core.permissions import Role

PASSWORD = "four plain words together"
MORNING = datetime(2026, 9, 2, 1, 30, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def add_staff(role: Role) -> str:
    """An account of that role; its e-mail address."""
    return add_account(email=f"{role}@example.org", role=role, password=PASSWORD, now=MORNING).email


def submit(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Open the page, then send its form with these fields."""
    return client.post(path, data={"csrf_token": form_token(client.get(path).text), **fields})


def form_token(page: str) -> str:
    """The token in the page's first form."""
    found = TOKEN.search(page)
    assert found, page
    return found[1]


def sign_in(client: FlaskClient, role: Role) -> None:
    """Add an account of that role and sign in with it."""
    response = submit(client, "/en/account/login", email=add_staff(role), password=PASSWORD)
    assert response.status_code == 302, response.text
