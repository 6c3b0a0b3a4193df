"""The one blueprint of the editors' pages."""

from flask import Blueprint

blueprint = Blueprint("editor", __name__)
