"""Drafts of the running portal, made without its start page."""

from s2group import create_app
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.services import drafts
from s2group.core import clock
from s2group.core.identifiers import new_token
from s2group.extensions import db
from tests.support.server import Portal

ROUTE = "national-exam-master"


def new_draft(portal: Portal) -> str:
    """Begin a draft; its path, with a slash at the end."""
    key = new_token()
    with create_app(portal.process_environ()).app_context():
        route = db.session.query(AdmissionRoute).filter_by(key=ROUTE).one()
        drafts.start_draft(route=route, key=key, answers={}, locale="zh", now=clock.now())
        db.session.remove()
        db.engine.dispose()
    return f"/apply/draft/{key}/"


def forget_draft(portal: Portal, path: str) -> None:
    """Remove it, as when it was sent or has ended."""
    key = path.rstrip("/").rpartition("/")[2]
    with create_app(portal.process_environ()).app_context():
        found = drafts.draft_by_key(key)
        assert found
        drafts.forget(db.session(), found.id)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
