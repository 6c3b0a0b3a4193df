"""Taking in an application."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.admissions import queries, wording
from s2group.admissions.catalogue import ALWAYS_ASKED
from s2group.admissions.facts.services import refresh_facts
from s2group.admissions.fulltext.services import index_answers
from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument, Draft, RequirementSet
from s2group.admissions.openings import why_not_send
from s2group.admissions.rules import Outcome, blocking, evaluate, read_requirements
from s2group.admissions.rules.openings import Closure
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.services import drafts
from s2group.admissions.services.drafts import DraftGoneError
from s2group.admissions.services.mail_actions import action_links
from s2group.admissions.services.notices import notify_applicant, notify_group
from s2group.admissions.services.referees import sync_referees
from s2group.audit.rules import Submitted
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.identifiers import new_reference
from s2group.core.localized import Locale
from s2group.documents.models import Document


class BlockedError(Exception):
    """The group takes no application that misses one of these requirements; `outcomes` say which, and why."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__([outcome.key for outcome in outcomes])
        self.outcomes = outcomes


class IncompleteError(Exception):
    """Something is needed that is not there; `names` are those of its fields and kinds of document."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class ClosedError(Exception):
    """The route takes no application now; `closure` is why."""

    def __init__(self, closure: Closure) -> None:
        super().__init__(closure)
        self.closure = closure


def submit_application(
    *,
    route: AdmissionRoute,
    name: str,
    email: str,
    answers: Mapping[str, Any],
    documents: Mapping[str, Document],
    locale: Locale,
    form_key: str,
    consent_version: str,
    now: datetime,
) -> Application:
    """Write down an application, how it was judged, the event and its mails: all of it or nothing.

    When this returns, everything is flushed to disk. `answers` are named after the form's fields; `documents` are
    stored already and belong to no other application. Whoever sends the same form, or the same file, a second
    time gets the first application, also when both arrive at once. Raises BlockedError.
    """
    try:
        with transaction() as session:
            application = _take_in(session, route, documents, name=name, email=email, answers=dict(answers),
                                   locale=locale, form_key=form_key, consent_version=consent_version,
                                   submitted_at=now)  # fmt: skip
    except IntegrityError:
        first = _sent_before(form_key, documents)
        if first is None:
            raise
        return first
    return application


def submit_draft(*, draft: Draft, consent_version: str, now: datetime) -> Application:
    """Turn a draft into an application as submit_application does; the draft is gone then.

    The same draft a second time gives the first application, also when both arrive at once. Raises ClosedError,
    IncompleteError, BlockedError, and DraftGoneError where the draft was forgotten unsent.
    """
    key = draft.key
    if closure := why_not_send(draft, now=now):
        raise ClosedError(closure)
    try:
        with transaction() as session:
            return _take_in_draft(session, draft, consent_version, now)
    except (DraftGoneError, IntegrityError):
        first = queries.application_by_form_key(key)
        if first is None:
            raise
        return first


def _take_in_draft(session: Session, draft: Draft, consent_version: str, now: datetime) -> Application:
    held = drafts.hold(session, draft)
    documents = drafts.documents_of(held)
    if missing := drafts.missing_from(held, now=now):
        raise IncompleteError(missing)
    answers = {name: answer for name, answer in held.answers.items() if name not in ALWAYS_ASKED}
    facts = {"name": held.answers["name"], "email": held.answers["email"], "answers": answers}
    route, key, locale = held.route, held.key, held.locale
    drafts.take_back_mails(session, held.id)
    drafts.forget(session, held.id)
    return _take_in(session, route, documents, locale=locale, form_key=key, consent_version=consent_version,
                    submitted_at=now, **facts)  # fmt: skip


def _take_in(session: Session, route: AdmissionRoute, documents: Mapping[str, Document], **facts: Any) -> Application:
    application = _write(session, route, documents, **facts)
    sync_referees(session, application, facts["submitted_at"])
    refresh_facts(session, [application.id])
    index_answers(session, [application.id])
    _tell(session, application)
    return application


def _write(session: Session, route: AdmissionRoute, documents: Mapping[str, Document], **facts: Any) -> Application:
    requirement_set = queries.current_requirements(route)
    outcomes = evaluated(requirement_set, facts["answers"], documents)
    application = Application(
        reference=new_reference(),
        route=route,
        requirement_set=requirement_set,
        outcomes=[outcome.to_dict() for outcome in outcomes],
        all_documents=[
            ApplicationDocument(kind=kind, since=1, document=document) for kind, document in documents.items()
        ],
        state_at=facts["submitted_at"],
        **facts,
    )
    session.add(application)
    session.flush()
    record(session, Submitted(), about=application.subject, at=application.submitted_at)
    return application


def _sent_before(form_key: str, documents: Mapping[str, Document]) -> Application | None:
    first = queries.application_by_form_key(form_key)
    return first or queries.application_with_document(documents["resume"].id)


def _tell(session: Session, application: Application) -> None:
    now, locale = application.submitted_at, cast("Locale", application.route.call.mail_locale)
    notify_group(
        session,
        message="application_received",
        application=application,
        files=application.documents,
        outcomes=wording.explained(outcomes_of(application), locale),
        answers=answers_in_words(application, locale, queries.area_titles_for(application.answers)),
        personal=lambda to: {"actions": action_links(session, application, to, locale=locale, now=now)},
        now=now,
    )
    earlier = queries.earlier_applications(application)
    notify_applicant(session, message="application_confirmation", application=application, now=now, earlier=earlier)


def evaluated(requirement_set: RequirementSet, answers: Mapping[str, Any], documents: Iterable[str]) -> list[Outcome]:
    """What the answers and the kinds of document say to each requirement. Raises BlockedError."""
    outcomes = evaluate(read_requirements(requirement_set.requirements), {**answers, "documents": sorted(documents)})
    if in_the_way := blocking(outcomes):
        raise BlockedError(in_the_way)
    return outcomes


def answers_in_words(
    application: Application, locale: Locale, areas: wording.Areas, *, without: Container[str] = ()
) -> list[tuple[str, str]]:
    """Question and answer, those of the route's own questions among them; none of the fields named `without`."""
    answers = {name: answer for name, answer in application.answers.items() if name not in without}
    return wording.answer_rows(answers, locale, areas, read_form(application.route.form).questions)


def outcomes_of(application: Application) -> list[Outcome]:
    """How the application was judged when it came."""
    return [Outcome.from_dict(outcome) for outcome in application.outcomes]
