"""Taking in an application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.admissions import queries, wording
from s2group.admissions.document_kinds import file_name
from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument, HistoryEntry
from s2group.admissions.rules import Outcome, evaluate, read_requirements
from s2group.core.database import transaction
from s2group.core.identifiers import new_reference
from s2group.core.localized import Locale
from s2group.documents.models import Document
from s2group.mail.services import Attachment, enqueue


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
    """Write down an application, how it was judged, its history and its mails: all of it or nothing.

    When this returns, everything is flushed to disk. `answers` are named after the form's fields; `documents` are
    stored already and belong to no other application. Whoever sends the same form, or the same file, a second
    time gets the first application, also when both arrive at once.
    """
    try:
        with transaction() as session:
            application = _write(session, route, documents, name=name, email=email, answers=dict(answers),
                                 locale=locale, form_key=form_key, consent_version=consent_version,
                                 submitted_at=now)  # fmt: skip
            _tell_the_group(session, application)
            _tell_the_applicant(session, application)
    except IntegrityError:
        first = _sent_before(form_key, documents)
        if first is None:
            raise
        return first
    return application


def _write(session: Session, route: AdmissionRoute, documents: Mapping[str, Document], **facts: Any) -> Application:
    requirement_set = queries.current_requirements(route)
    outcomes = evaluate(read_requirements(requirement_set.requirements), facts["answers"])
    application = Application(
        reference=new_reference(),
        route=route,
        requirement_set=requirement_set,
        outcomes=[outcome.to_dict() for outcome in outcomes],
        all_documents=[
            ApplicationDocument(kind=kind, since=1, document=document) for kind, document in documents.items()
        ],
        history=[HistoryEntry(at=facts["submitted_at"], event="submitted")],
        state_at=facts["submitted_at"],
        **facts,
    )
    session.add(application)
    session.flush()
    return application


def _sent_before(form_key: str, documents: Mapping[str, Document]) -> Application | None:
    first = queries.application_by_form_key(form_key)
    return first or queries.application_with_document(documents["resume"].id)


def _tell_the_group(session: Session, application: Application) -> None:
    call = application.route.call
    locale = cast("Locale", call.mail_locale)
    attachments = [
        Attachment(entry.document.sha256, file_name(entry.kind, application.reference, entry.document.media_type))
        for entry in application.documents
    ]
    enqueue(
        session,
        message="application_received",
        topic=application.reference,
        to=call.recipients,
        copies=call.copies,
        reply_to=application.email,
        locale=locale,
        context=_context(application, locale),
        attachments=attachments,
        now=application.submitted_at,
    )


def _tell_the_applicant(session: Session, application: Application) -> None:
    locale = cast("Locale", application.locale)
    enqueue(
        session,
        message="application_confirmation",
        topic=application.reference,
        to=[application.email],
        locale=locale,
        context=_context(application, locale),
        now=application.submitted_at,
    )


def _context(application: Application, locale: Locale) -> dict[str, Any]:
    """What both mails may say, in the language of the mail."""
    return {
        "application": application,
        "call": application.route.call,
        "outcomes": wording.explained(outcomes_of(application), locale),
        "answers": wording.answer_rows(application.answers, locale),
    }


def outcomes_of(application: Application) -> list[Outcome]:
    """How the application was judged when it came."""
    return [Outcome.from_dict(outcome) for outcome in application.outcomes]
