"""Reads for the people who review applications."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, tuple_, union
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from s2group.accounts.models import User
from s2group.admissions.models import (
    AdmissionRoute,
    Application,
    ApplicationDocument,
    ApplicationFacts,
    Call,
    Extension,
    Referee,
)  # fmt: skip
from s2group.audit.rules import Kind
from s2group.core.permissions import Action
from s2group.documents.models import Document
from s2group.evaluation.access import extensions_visible_to, facts_visible_to, routes_visible_to, visible_to
from s2group.evaluation.blind import is_blind_for, knows_person
from s2group.extensions import db

MOST_DUPLICATES = 10


def _newest_first(user: User) -> Select[Application]:
    """By their facts, whose index has this order."""
    facts = (ApplicationFacts.submitted_at.desc(), ApplicationFacts.application_id.desc())
    return visible_to(user).join(Application.facts).options(joinedload(Application.route)).order_by(*facts)


def likely_duplicates(user: User, application: Application) -> Sequence[Application]:
    """Others that `user` sees by what seems to be one person: same e-mail or phone, or name at the same university.

    Capitals, spaces and width make no difference. At most MOST_DUPLICATES, newest first, in one statement.
    """
    facts = application.facts
    same = [ApplicationFacts.email_key == facts.email_key]
    if facts.phone_key:
        same.append(ApplicationFacts.phone_key == facts.phone_key)
    if facts.university_key:
        names = (ApplicationFacts.name_key, ApplicationFacts.university_key)
        same.append(tuple_(*names) == (facts.name_key, facts.university_key))
    if is_blind_for(user, application):
        return []
    # A search for each, because each has an index of its own.
    known = facts_visible_to(user).where(knows_person(user, ApplicationFacts.route_id))
    ids = known.with_only_columns(ApplicationFacts.application_id)
    alike = Application.id.in_(union(*(ids.where(condition) for condition in same)))
    others = _newest_first(user).where(alike, Application.id != application.id)
    return db.session.scalars(others.limit(MOST_DUPLICATES)).all()


def application_in_full(user: User, reference: str, action: Action = Action.READ_APPLICATIONS) -> Application | None:
    """One application with its route, documents and events; None where `user` may not do `action` to any such."""
    statement = (
        visible_to(user, action)
        .where(Application.reference == reference)
        .options(
            joinedload(Application.route).joinedload(AdmissionRoute.call),
            joinedload(Application.requirement_set),
            joinedload(Application.facts),
            selectinload(Application.documents).joinedload(ApplicationDocument.document),
            selectinload(Application.events),
            selectinload(Application.overrides),
        )
    )
    return db.session.scalars(statement).one_or_none()


def applications_by_reference(user: User, references: Sequence[str]) -> dict[str, Application]:
    """Those of these applications that `user` sees, with what a comparison shows. A fixed number of statements."""
    statement = (
        visible_to(user)
        .where(Application.reference.in_(references))
        .options(
            joinedload(Application.route).joinedload(AdmissionRoute.call),
            joinedload(Application.facts),
            selectinload(Application.documents).joinedload(ApplicationDocument.document),
            selectinload(Application.overrides),
        )
    )
    return {application.reference: application for application in db.session.scalars(statement)}


def document_of(user: User, reference: str, kind: str, version: int | None = None) -> Document | None:
    """The document of this kind of an application that `user` sees, now or in a former version.

    None without one, and while `user` must not know whose it is.
    """
    statement = (
        visible_to(user)
        .join(Application.all_documents)
        .join(ApplicationDocument.document)
        .with_only_columns(Document)
        .where(Application.reference == reference, ApplicationDocument.kind == kind, _belongs_to(version))
        .where(knows_person(user, Application.route_id))
    )
    return db.session.scalars(statement).one_or_none()


def letter_of(user: User, reference: str, position: int) -> Document | None:
    """The letter of the referee who has this place in an application that `user` sees; None as with documents."""
    statement = visible_to(user).join(Application.referees).join(Referee.document).with_only_columns(Document)
    of_it = (Application.reference == reference, Referee.position == position)
    return db.session.scalar(statement.where(*of_it, knows_person(user, Application.route_id)))


def _belongs_to(version: int | None) -> ColumnElement[bool]:
    if version is None:
        return ApplicationDocument.until.is_(None)
    ended = ApplicationDocument.until
    return and_(ApplicationDocument.since <= version, or_(ended.is_(None), ended > version))


def has_opened(application: Application, actor_id: int) -> bool:
    """Whether this account has looked at the newest version of the application before."""
    came_at = application.changed_at or application.submitted_at
    return any(
        event.kind == Kind.OPENED and event.actor_id == actor_id and event.at >= came_at for event in application.events
    )


def routes_of(user: User, action: Action = Action.READ_APPLICATIONS) -> Sequence[AdmissionRoute]:
    """The routes on whose applications `user` may do `action`, each with its call, the latest call first."""
    by_call = routes_visible_to(user, action).join(AdmissionRoute.call).options(contains_eager(AdmissionRoute.call))
    statement = by_call.order_by(Call.opens_at.desc(), Call.id, AdmissionRoute.position)
    return db.session.scalars(statement).all()


def extensions_of(user: User) -> Sequence[Extension]:
    """Who may apply late to the routes on which `user` decides, each with route and call, the last day first."""
    with_route = joinedload(Extension.route).joinedload(AdmissionRoute.call)
    statement = extensions_visible_to(user).options(with_route)
    return db.session.scalars(statement.order_by(Extension.until.desc(), Extension.id)).all()


def extension_by_id(user: User, extension_id: int) -> Extension | None:
    """One of these; None where `user` decides on no such."""
    return db.session.scalar(extensions_visible_to(user).where(Extension.id == extension_id))
