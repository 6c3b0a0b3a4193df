"""Which browsers may change an application: access is given to a session, and ends with a change of the address."""

from sqlalchemy import exists, select

from s2group.admissions.models import Application, ApplicationAccess
from s2group.core.database import transaction
from s2group.extensions import db


def give_access(*, application: Application, session_id: int) -> None:
    """Let a session change the application from now on."""
    with transaction() as session:
        session.merge(
            ApplicationAccess(
                session_id=session_id, application_id=application.id, access_version=application.access_version
            )
        )


def has_access(application: Application, *, session_id: int | None) -> bool:
    """Whether a session may change the application."""
    if session_id is None:
        return False
    given = exists().where(
        ApplicationAccess.session_id == session_id,
        ApplicationAccess.application_id == application.id,
        ApplicationAccess.access_version == application.access_version,
    )
    return bool(db.session.scalar(select(given)))
