"""The one blueprint of the reviewers' pages."""

from flask import Blueprint

blueprint = Blueprint("review", __name__, url_prefix="/review")
