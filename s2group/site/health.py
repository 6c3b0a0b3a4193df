"""For whoever watches the service: does it run, and can it do its work?"""

from flask import Blueprint, Response
from sqlalchemy import select

from s2group.core.permissions import public
from s2group.extensions import db

blueprint = Blueprint("health", __name__)


def _answer(word: str, status: int) -> Response:
    return Response(word + "\n", status=status, mimetype="text/plain")


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """200 as long as the process answers."""
    return _answer("ok", 200)


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """200 when the database answers; an error of the database is a 503."""
    db.session.execute(select(1))
    return _answer("ready", 200)
