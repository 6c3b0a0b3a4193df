"""Views of review."""

from flask import Blueprint

from s2group.core.permissions import Action, allow

blueprint = Blueprint("review", __name__)


@blueprint.get("/review/")
@allow(Action.READ_APPLICATIONS)
def applications() -> str:
    """All applications."""
    return ""


@blueprint.get("/review/<reference>/")
@allow(Action.READ_APPLICATIONS)
def application(reference: str) -> str:
    """One application."""
    return reference
