"""Views of apply."""

from flask import Blueprint

blueprint = Blueprint("apply", __name__)
