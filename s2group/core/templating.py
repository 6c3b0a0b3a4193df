"""How templates are read: an unknown name is an error, and pictures are drawn by the server."""

from flask import Flask
from flask_login import current_user
from jinja2 import StrictUndefined
from markupsafe import Markup

from s2group.core.markup import markdown_to_html
from s2group.core.permissions import Action, authorize
from s2group.core.waveform import waveform


def init_app(app: Flask) -> None:
    """Set up Jinja."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["markdown"] = markdown_to_html
    app.jinja_env.globals["waveform"] = lambda seed: Markup(waveform(seed))  # noqa: S704 - drawn here, from numbers
    app.jinja_env.globals["may"] = lambda action: authorize(current_user, Action(action))
