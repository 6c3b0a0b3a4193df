"""Reads of calls, requirements and applications."""

import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, exists, func, or_, select, union
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from s2group.admissions.models import (
    AdmissionRoute,
    Application,
    ApplicationDocument,
    ApplicationFacts,
    Call,
    Draft,
    DraftDocument,
    FormerVersion,
    Referee,
    RequirementSet,
)
from s2group.admissions.replies.models import ReplyDocument
from s2group.admissions.rules.states import ENDED, TAKES_A_PLACE, State
from s2group.admissions.template_files.models import TemplateFile
from s2group.content.group.queries import area_titles
from s2group.core.identifiers import ALPHABET
from s2group.core.localized import LocalizedText
from s2group.core.text import comparable
from s2group.documents.models import Document
from s2group.extensions import db

# Addresses may hold anything, and a NUL would be an error of the database.
CALL_KEY = re.compile(r"[\w-]{1,60}", re.ASCII)
REFERENCE = re.compile(f"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{3}}")


def open_calls(now: datetime) -> list[Call]:
    """The calls that take applications at `now`, the latest first, with their routes."""
    statement = (
        select(Call)
        .where(Call.opens_at <= now, or_(Call.closes_at.is_(None), Call.closes_at > now))
        .order_by(Call.opens_at.desc(), Call.id)
        .options(selectinload(Call.routes))
    )
    return list(db.session.scalars(statement))


def calls_not_closed_before(moment: datetime) -> list[Call]:
    """The calls that were still open at `moment` or open later, the latest first, with their routes."""
    statement = (
        select(Call)
        .where(or_(Call.closes_at.is_(None), Call.closes_at > moment))
        .order_by(Call.opens_at.desc(), Call.id)
        .options(selectinload(Call.routes))
    )
    return list(db.session.scalars(statement))


def all_calls() -> list[Call]:
    """Every call, the latest first, with its routes."""
    statement = select(Call).order_by(Call.opens_at.desc(), Call.id).options(selectinload(Call.routes))
    return list(db.session.scalars(statement))


def call_keys() -> list[str]:
    """The keys of all calls, the latest first."""
    return list(db.session.scalars(select(Call.key).order_by(Call.opens_at.desc(), Call.id)))


def times_of_calls() -> Sequence[Row[datetime, datetime | None, str]]:
    """When each of all calls opens, when it closes, where it does, and the time zone in which it counts days."""
    return db.session.execute(select(Call.opens_at, Call.closes_at, Call.timezone)).all()


def call_by_key(key: str) -> Call | None:
    """The call with this key, with its routes; None for anything else."""
    if not CALL_KEY.fullmatch(key):
        return None
    return db.session.scalar(select(Call).where(Call.key == key).options(selectinload(Call.routes)))


def offers(route_ids: Collection[int]) -> dict[int, int]:
    """How many places are taken as far as applicants know: by offers, open or accepted; by route.

    A route without any is left out.
    """
    statement = (
        select(ApplicationFacts.route_id, func.count().label("offers"))
        .where(ApplicationFacts.route_id.in_(route_ids), ApplicationFacts.shown_state.in_(TAKES_A_PLACE))
        .group_by(ApplicationFacts.route_id)
    )
    return {row.route_id: row.offers for row in db.session.execute(statement)}


def newest_requirements(route_ids: Collection[int]) -> dict[int, RequirementSet]:
    """The newest version of what each of the routes asks for, by route."""
    newer = aliased(RequirementSet)
    has_newer = select(newer.id).where(
        newer.route_id == RequirementSet.route_id, newer.version > RequirementSet.version
    )
    statement = select(RequirementSet).where(RequirementSet.route_id.in_(route_ids), ~has_newer.exists())
    return {found.route_id: found for found in db.session.scalars(statement)}


def applications_judged_before(newest: Iterable[RequirementSet], *, hold: bool) -> list[Application]:
    """The applications that older requirements judged and on which something is still decided, oldest first.

    `newest` are the newest requirements of the routes to look at. With their documents and what judged them. With
    `hold` nobody else changes them until the end of the caller's transaction.
    """
    current = {found.route_id: found.id for found in newest}
    return undecided_applications(current, but=current.values(), hold=hold)


def undecided_applications(
    route_ids: Collection[int], *, but: Collection[int] = (), hold: bool = False
) -> list[Application]:
    """The applications of these routes on which something is still decided, oldest first.

    Without those that were judged `but` by the requirements with these ids; with their documents and what judged them.
    With `hold` nobody else changes them until the end of the caller's transaction.
    """
    statement = (
        select(Application)
        .where(
            Application.route_id.in_(route_ids),
            Application.requirement_set_id.not_in(but),
            Application.state.not_in(ENDED),
        )
        .order_by(Application.submitted_at, Application.id)
        .options(joinedload(Application.requirement_set), selectinload(Application.documents))
    )
    if hold:
        statement = statement.with_for_update(of=Application).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


def routes_of_all_calls() -> list[AdmissionRoute]:
    """Every route there is, with its call, the latest call first."""
    statement = (
        select(AdmissionRoute)
        .join(AdmissionRoute.call)
        .order_by(Call.opens_at.desc(), Call.id, AdmissionRoute.position)
        .options(contains_eager(AdmissionRoute.call))
    )
    return list(db.session.scalars(statement))


def current_requirements(route: AdmissionRoute) -> RequirementSet:
    """The newest version of what `route` asks for; every route has at least one."""
    statement = (
        select(RequirementSet).where(RequirementSet.route_id == route.id).order_by(RequirementSet.version.desc())
    )
    return db.session.scalars(statement.limit(1)).one()


def application_by_reference(reference: str) -> Application | None:
    """The application with this reference, with its documents and its call; None for anything else."""
    if not REFERENCE.fullmatch(reference):
        return None
    statement = (
        select(Application)
        .where(Application.reference == reference)
        .options(
            selectinload(Application.documents).joinedload(ApplicationDocument.document),
            joinedload(Application.route).joinedload(AdmissionRoute.call),
        )
    )
    return db.session.scalar(statement)


def application_by_form_key(form_key: str) -> Application | None:
    """The application that the form with this random key became, or a version of it, if it was sent."""
    of_now = select(Application.id).where(Application.form_key == form_key)
    of_before = select(FormerVersion.application_id).where(FormerVersion.form_key == form_key)
    return db.session.scalar(select(Application).where(Application.id.in_(union(of_now, of_before))))


def earlier_applications(application: Application) -> list[Application]:
    """Those that came from the same e-mail address to the same call before and were not withdrawn, oldest first."""
    statement = (
        select(Application)
        .join(Application.facts)
        .join(Application.route)
        .where(
            ApplicationFacts.email_key == comparable(application.email),
            AdmissionRoute.call_id == application.route.call_id,
            Application.id < application.id,
            Application.state != State.WITHDRAWN,
        )
        .order_by(Application.id)
    )
    return list(db.session.scalars(statement))


def draft_of(application: Application) -> Draft | None:
    """The draft that changes this application, if one was begun."""
    statement = select(Draft).where(Draft.application_id == application.id).order_by(Draft.id)
    return db.session.scalars(statement.limit(1)).first()


def application_with_document(document_id: int, *, hold: bool = False) -> Application | None:
    """The one application that holds this document, if any does.

    With `hold` nobody else changes it until the end of the caller's transaction.
    """
    holds = select(ApplicationDocument.application_id).where(ApplicationDocument.document_id == document_id)
    statement = select(Application).where(Application.id.in_(holds))
    return db.session.scalar(statement.with_for_update(of=Application) if hold else statement)


def is_taken(document_id: int) -> bool:
    """Whether an application, a draft, a referee, a reply or a template holds this document."""
    holders = (ApplicationDocument, DraftDocument, Referee, ReplyDocument, TemplateFile)
    held = or_(*(exists().where(holder.document_id == document_id) for holder in holders))
    return bool(db.session.scalar(select(held)))


def unsent_bytes(*, since: datetime, visitor: str | None = None) -> int:
    """How much visitors, or one of them, have uploaded since then that no application and no letter holds."""
    sent = (exists().where(holder.document_id == Document.id) for holder in (ApplicationDocument, Referee))
    whose = Document.visitor.is_not(None) if visitor is None else Document.visitor == visitor
    statement = select(func.sum(Document.size)).where(whose, Document.stored_at > since, *(~each for each in sent))
    return int(db.session.scalar(statement) or 0)


def has_calls() -> bool:
    """Whether any call was ever loaded."""
    return db.session.scalar(select(Call.id).limit(1)) is not None


def route_of_call(call_key: str, route_key: str) -> AdmissionRoute | None:
    """The route of this name of the call with this key; None for anything else."""
    if not CALL_KEY.fullmatch(call_key):
        return None
    statement = select(AdmissionRoute).join(AdmissionRoute.call).options(contains_eager(AdmissionRoute.call))
    return db.session.scalar(statement.where(Call.key == call_key, AdmissionRoute.key == route_key))


def area_titles_for(questions: Container[str]) -> Mapping[str, LocalizedText]:
    """What the research areas are called, by their keys, where these questions ask for one; else nothing is read."""
    return area_titles() if "research_line" in questions else {}
