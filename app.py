"""The WSGI entry point: `gunicorn app:app`, `flask --app app ...`."""

import os

from config import refusing_in_lines
from s2group import create_app

# What the portal writes is its own affair: no other user of the machine may read the database, an upload or a mail.
os.umask(0o077)
with refusing_in_lines():
    app = create_app()
