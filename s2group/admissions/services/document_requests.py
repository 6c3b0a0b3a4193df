"""Further documents that the group asks of an applicant, and the answers."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.fulltext.services import index_answers
from s2group.admissions.models import Application, ApplicationDocument, DocumentRequest
from s2group.admissions.rules.states import OVER, State
from s2group.admissions.services.notices import manage_link, notify_applicant, notify_group
from s2group.audit.rules import DocumentAsked, DocumentSent
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.documents.models import Document


class NothingAskedError(ValueError):
    """The application is over, or the document came already."""


def awaits_documents(state: State) -> bool:
    """Whether the group may ask for a document, and the applicant may send one that was asked for."""
    return state not in OVER


def ask_for_document(
    *, application: Application, text: str, due_at: datetime | None, actor: User, now: datetime
) -> DocumentRequest:
    """Ask the applicant for a further document in these words, and mail that to them with a link to send it.

    Raises NothingAskedError for an application that was declined or withdrawn.
    """
    with transaction() as session:
        _hold(session, application)
        if not awaits_documents(State(application.state)):
            raise NothingAskedError(application.reference)
        asked = DocumentRequest(
            application_id=application.id, text=text, due_at=due_at, asked_at=now, actor_id=actor.id
        )
        session.add(asked)
        record(session, DocumentAsked(text), about=application.subject, at=now, actor_id=actor.id)
        session.flush()
        link = manage_link(session, application, now)
        notify_applicant(session, message="documents_asked", application=application, now=now, asked=asked, link=link)
    return asked


def send_document(*, asked: DocumentRequest, document: Document, now: datetime) -> None:
    """Take a stored file as what was asked for, and mail it to the group.

    Raises NothingAskedError where it came already, or the application is over as far as the applicant knows.
    """
    with transaction() as session:
        application = asked.application
        _hold(session, application)
        session.refresh(asked)
        if asked.answered_at or not awaits_documents(State(application.shown_state)):
            raise NothingAskedError(asked.id)
        asked.answered_at = now
        entry = ApplicationDocument(
            application_id=application.id, kind=asked.kind, since=application.version, document_id=document.id
        )
        session.add(entry)
        record(session, DocumentSent(asked.text), about=application.subject, at=now)
        session.flush()
        session.expire(application, ["documents"])
        index_answers(session, [application.id])
        notify_group(session, message="document_sent", application=application, files=[entry], asked=asked, now=now)


def _hold(session: Session, application: Application) -> None:
    """Keep the application as it is until the end of the transaction."""
    session.refresh(application, with_for_update={"of": Application})
