"""Asking an applicant for one answer or document once more, and taking the answer as a new version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions import queries
from s2group.admissions.asked_again import answers_of, asked_again, question_label
from s2group.admissions.models import Application, DocumentRequest
from s2group.admissions.rules.states import State
from s2group.admissions.services.changes import Said, next_version, tell_of_change
from s2group.admissions.services.document_requests import (
    ASKED_AGAIN,
    NothingAskedError,
    awaits_documents,
    hold,
    takes_answer,
)
from s2group.admissions.services.notices import Preview, notify_applicant, notify_group, preview
from s2group.audit.rules import AskedAgain, Confirmed
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.i18n import public_url
from s2group.core.identifiers import new_token
from s2group.core.localized import Locale
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.links.services import issue

# The mail to the group: what was asked once more is answered.
GIVEN = "answer_given"
# What a preview says in the place of the link.
NO_LINK = "······"


def ask_again(
    *,
    application: Application,
    question: str,
    text: str,
    due_at: datetime,
    told_at: datetime,
    actor: User,
    now: datetime,
) -> DocumentRequest:
    """Open one answer or document for its applicant once more, whatever the call says by now, and mail them why.

    The link in the mail leads to this one question and is of use until `due_at`; the mail waits for `told_at`. Raises
    NothingAskedError where the application is over or its route does not ask that.
    """
    with transaction() as session:
        hold(session, application)
        if not awaits_documents(State(application.state)) or not asked_again(application, question).can_be_asked:
            raise NothingAskedError(application.reference)
        asked = DocumentRequest(
            application_id=application.id, question=question, text=text, due_at=due_at, asked_at=now, told_at=told_at,
            actor_id=actor.id,
        )  # fmt: skip
        session.add(asked)
        session.flush()
        record(session, AskedAgain(text), about=application.subject, at=now, actor_id=actor.id)
        context = _context(application, question, text, due_at, _link(session, asked, now))
        notify_applicant(session, message=ASKED_AGAIN, application=application, not_before=told_at, now=now, **context)
    return asked


def mail_that_asks(application: Application, question: str, text: str, due_at: datetime) -> Preview:
    """The mail that ask_again would write, without its link."""
    context = _context(application, question, text, due_at, NO_LINK)
    return preview(message=ASKED_AGAIN, application=application, **context)


def _context(application: Application, question: str, text: str, due_at: datetime, link: str) -> dict[str, Any]:
    label = question_label(question, application.route, cast("Locale", application.locale))
    return {"what": label, "reason": text, "due_at": due_at, "link": link}


def _link(session: Session, asked: DocumentRequest, now: datetime) -> str:
    token = issue(session, purpose=Purpose.ANSWER, subject=str(asked.id), now=now)
    return public_url("apply.answer", locale=cast("Locale", asked.application.locale), token=token)


def request_by_token(token: str, *, now: datetime) -> DocumentRequest | None:
    """What the group asks by the link with this token, where it still works."""
    link = find(token, Purpose.ANSWER, now=now)
    return db.session.get(DocumentRequest, int(link.subject)) if link else None


def answer_again(*, asked: DocumentRequest, answers: Mapping[str, Any], now: datetime) -> None:
    """Take the answers to what was asked once more; a new version of the application where they differ.

    Raises NothingAskedError, and ValueError for an answer to anything else.
    """
    with transaction() as session:
        application = _hold_open(session, asked, now)
        if not answers or {*answers} - {*asked_again(application, str(asked.question)).names}:
            raise ValueError(sorted(answers))
        before = answers_of(application)
        said = {**before, **answers}
        _take(session, asked, Said(said) if any(before.get(name) != said[name] for name in answers) else None, now)


def send_again(*, asked: DocumentRequest, document: Document, now: datetime) -> None:
    """Take a stored file in the place of the document that was asked for once more. Raises NothingAskedError."""
    with transaction() as session:
        application = _hold_open(session, asked, now)
        _take(session, asked, Said(answers_of(application), {asked.kind: document.id}), now)


def _hold_open(session: Session, asked: DocumentRequest, now: datetime) -> Application:
    application = asked.application
    hold(session, application)
    session.refresh(asked)
    if not takes_answer(asked, now=now):
        raise NothingAskedError(asked.id)
    return application


def _take(session: Session, asked: DocumentRequest, said: Said | None, now: datetime) -> None:
    """Write the new version, or that it stays as it was, and tell of it."""
    application, former = asked.application, asked.application.email
    locale = cast("Locale", application.route.call.mail_locale)
    asked.answered_at = now
    about: dict[str, Any] = {"asked": asked, "what": question_label(str(asked.question), application.route, locale)}
    if said is None:
        record(session, Confirmed(), about=application.subject, at=now)
        notify_group(session, message=GIVEN, application=application, step=None, now=now, **about)
        return
    files = next_version(session, application, said, new_token(), application.consent_version, now)
    _carry_over(application, asked, said)
    tell_of_change(session, application, GIVEN, files, former, now, **about)


def _carry_over(application: Application, asked: DocumentRequest, said: Said) -> None:
    """Say it in a change that the applicant has begun, too: sent later, that must not undo the answer."""
    draft = queries.draft_of(application)
    if draft is None:
        return
    names = asked_again(application, str(asked.question)).names
    draft.answers = {**draft.answers, **{name: said.answers[name] for name in names}}
    draft.unfinished = {name: typed for name, typed in draft.unfinished.items() if name not in names}
    draft.removed = [kind for kind in draft.removed if kind not in said.files]
