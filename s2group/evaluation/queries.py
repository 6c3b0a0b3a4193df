"""Reads for the people who review applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, tuple_, union
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from s2group.accounts.models import User
from s2group.admissions.models import (
    AdmissionRoute,
    Application,
    ApplicationDocument,
    ApplicationFacts,
    Call,
    Referee,
)  # fmt: skip
from s2group.admissions.rules.states import State
from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.core.paging import Page, counts_by, fetch_page
from s2group.core.permissions import Action
from s2group.documents.models import Document
from s2group.evaluation.access import facts_visible_to, routes_visible_to, visible_to
from s2group.extensions import db
from s2group.mail.models import OutboxMail

PAGE_SIZE = 50
MOST_DUPLICATES = 10
# All that a list shows beside the facts; what was answered stays where it is.
LISTED = load_only(
    Application.reference, Application.route_id, Application.name, Application.submitted_at, Application.state,
    Application.shown_state,
)  # fmt: skip
# Worst first: what one mail suffers, the whole delivery suffers.
MAIL_STATES = ("stuck", "bounced", "waiting", "sending", "written", "accepted", "replaced")


@dataclass(frozen=True)
class ApplicationRow:
    """One application as a row of the list, with its facts and its route."""

    application: Application
    opened: bool
    mail_state: str


def applications_page(user: User, after: str | None, state: State | None = None) -> Page[ApplicationRow]:
    """What `user` sees, newest first, that follows the one with the reference `after`; from the newest without one.

    Of those in one state where that is given.
    """
    statement = _newest_first(user).options(contains_eager(Application.facts), LISTED)
    if state:
        statement = statement.where(ApplicationFacts.state == state)
    if after:
        place = tuple_(ApplicationFacts.submitted_at, ApplicationFacts.application_id)
        statement = statement.where(place < _place_of(user, after))
    page = fetch_page(statement, size=PAGE_SIZE, key=lambda application: application.reference)
    return Page(_application_rows(user, page.rows), page.next_key)


def _newest_first(user: User) -> Select[Application]:
    """By their facts, whose index has this order."""
    facts = (ApplicationFacts.submitted_at.desc(), ApplicationFacts.application_id.desc())
    return visible_to(user).join(Application.facts).options(joinedload(Application.route)).order_by(*facts)


def _place_of(user: User, reference: str) -> tuple[Any, ...]:
    """Where the application stands in the list; behind all others where there is none with this reference.

    A statement of its own: within the other one it would keep PostgreSQL from beginning at that place of the index.
    """
    place = visible_to(user).with_only_columns(Application.submitted_at, Application.id)
    found = db.session.execute(place.where(Application.reference == reference)).one_or_none()
    return tuple(found or (datetime.min.replace(tzinfo=UTC), 0))


def applications_by_state(user: User) -> dict[State, int]:
    """How many that `user` sees are in each state, in the order of the states, as core.paging counts."""
    return {
        State(value): count for value, count in counts_by(facts_visible_to(user), ApplicationFacts.state, State).items()
    }


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
    # A search for each, because each has an index of its own.
    ids = facts_visible_to(user).with_only_columns(ApplicationFacts.application_id)
    alike = Application.id.in_(union(*(ids.where(condition) for condition in same)))
    others = _newest_first(user).where(alike, Application.id != application.id)
    return db.session.scalars(others.limit(MOST_DUPLICATES)).all()


def _application_rows(user: User, applications: Sequence[Application]) -> list[ApplicationRow]:
    opened = _opened(user, [application.id for application in applications])
    states = _mail_states(user, [application.reference for application in applications])
    return [
        ApplicationRow(application, application.id in opened, states.get(application.reference, "accepted"))
        for application in applications
    ]


def _opened(user: User, ids: list[int]) -> set[int]:
    """Which of them somebody has looked at in their newest version."""
    came_at = func.coalesce(Application.changed_at, Application.submitted_at)
    statement = (
        visible_to(user)
        .join(Application.events)
        .with_only_columns(Event.application_id)
        .where(Application.id.in_(ids), Event.kind == Kind.OPENED, Event.at >= came_at)
    )
    return set(db.session.scalars(statement))


def _mail_states(user: User, references: list[str]) -> dict[str, str]:
    mails = visible_to(user).join(OutboxMail, OutboxMail.topic == Application.reference)
    states = mails.with_only_columns(OutboxMail.topic, OutboxMail.state).distinct()
    # Of both, because PostgreSQL does not carry the list over to the mail by itself.
    statement = states.where(Application.reference.in_(references), OutboxMail.topic.in_(references))
    found: dict[str, str] = {}
    for topic, state in db.session.execute(statement):
        found[topic] = min(found.get(topic, state), state, key=MAIL_STATES.index)
    return found


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
        )
    )
    return db.session.scalars(statement).one_or_none()


def document_of(user: User, reference: str, kind: str, version: int | None = None) -> Document | None:
    """The document of this kind of an application that `user` sees, now or in a former version; None without one."""
    statement = (
        visible_to(user)
        .join(Application.all_documents)
        .join(ApplicationDocument.document)
        .with_only_columns(Document)
        .where(Application.reference == reference, ApplicationDocument.kind == kind, _belongs_to(version))
    )
    return db.session.scalars(statement).one_or_none()


def letter_of(user: User, reference: str, position: int) -> Document | None:
    """The letter of the referee who has this place in an application that `user` sees; None where none has come."""
    statement = visible_to(user).join(Application.referees).join(Referee.document).with_only_columns(Document)
    return db.session.scalar(statement.where(Application.reference == reference, Referee.position == position))


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
