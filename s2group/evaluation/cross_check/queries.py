"""Reads of what résumés say otherwise than the form."""

from s2group.admissions.models import Application
from s2group.evaluation.access import rows_of
from s2group.evaluation.cross_check.models import CrossCheck
from s2group.extensions import db


def cross_check_of(application: Application) -> CrossCheck | None:
    """What was found in the newest version; None where nothing has looked yet."""
    statement = rows_of(application, CrossCheck).where(CrossCheck.version == application.version)
    return db.session.scalar(statement)
