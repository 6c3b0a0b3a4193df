"""The WSGI entry point: `gunicorn app:app`, `flask --app app ...`."""

from s2group import create_app

app = create_app()
