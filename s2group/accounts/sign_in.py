"""Signing in and out, by Flask-Security."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Bind Flask-Security."""
