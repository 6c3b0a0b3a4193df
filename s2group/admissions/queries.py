"""Reads of calls, requirements and applications."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument, Call, RequirementSet
from s2group.extensions import db


def open_calls(now: datetime) -> list[Call]:
    """The calls that take applications at `now`, the latest first, with their routes."""
    statement = (
        select(Call)
        .where(Call.opens_at <= now, or_(Call.closes_at.is_(None), Call.closes_at > now))
        .order_by(Call.opens_at.desc(), Call.id)
        .options(selectinload(Call.routes))
    )
    return list(db.session.scalars(statement))


def current_requirements(route: AdmissionRoute) -> RequirementSet:
    """The newest version of what `route` asks for; every route has at least one."""
    statement = (
        select(RequirementSet).where(RequirementSet.route_id == route.id).order_by(RequirementSet.version.desc())
    )
    return db.session.scalars(statement.limit(1)).one()


def application_by_reference(reference: str) -> Application | None:
    """The application with this reference, with its documents and its call."""
    statement = (
        select(Application)
        .where(Application.reference == reference)
        .options(
            selectinload(Application.documents).joinedload(ApplicationDocument.document),
            selectinload(Application.route).joinedload(AdmissionRoute.call),
        )
    )
    return db.session.scalar(statement)


def application_by_form_key(form_key: str) -> Application | None:
    """The application that the form with this random key became, if it was sent."""
    return db.session.scalar(select(Application).where(Application.form_key == form_key))


def is_used(document_id: int) -> bool:
    """Whether an application already holds this document; a document belongs to one."""
    found = select(ApplicationDocument.document_id).where(ApplicationDocument.document_id == document_id)
    return db.session.scalar(found) is not None
