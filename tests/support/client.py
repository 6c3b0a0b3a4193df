"""A client whose requests know nothing of one another."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from s2group.extensions import db


class Browser(FlaskClient):
    """A client whose requests start afresh, as they do on a server.

    In the application context that `app` keeps open, Flask would hand on `g` and the database session from one request
    to the next, and with them the form token, whoever was signed in, and rows that need not be asked for again.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.rollback()  # what the test holds may have changed
        return response
