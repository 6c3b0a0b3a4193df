"""What the group asks of an applicant after the form was sent, and further documents that answer it."""

from datetime import datetime

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.fulltext.services import index_answers
from s2group.admissions.models import Application, ApplicationDocument, DocumentRequest
from s2group.admissions.rules.states import OVER, State
from s2group.admissions.services.notices import manage_link, notify_applicant, notify_group
from s2group.audit.rules import DocumentAsked, DocumentSent, RequestTakenBack
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.links.rules import Purpose
from s2group.links.services import remove
from s2group.mail.services import take_back

# The mails that ask: for a further document, and once more for something that was sent.
ASKED, ASKED_AGAIN = "documents_asked", "answer_asked"


class NothingAskedError(ValueError):
    """The application is over, or the answer came already, is no longer wanted, or comes too late."""


def awaits_documents(state: State) -> bool:
    """Whether the group may ask for a document, and the applicant may send one that was asked for."""
    return state not in OVER


def ask_for_document(
    *, application: Application, text: str, due_at: datetime | None, told_at: datetime, actor: User, now: datetime
) -> DocumentRequest:
    """Ask the applicant for a further document in these words, and mail that to them with a link to send it.

    Until `told_at` the mail waits, and the request can be taken back without a trace for them. Raises
    NothingAskedError for an application that was declined or withdrawn.
    """
    with transaction() as session:
        hold(session, application)
        if not awaits_documents(State(application.state)):
            raise NothingAskedError(application.reference)
        asked = DocumentRequest(
            application_id=application.id, text=text, due_at=due_at, asked_at=now, told_at=told_at, actor_id=actor.id
        )
        session.add(asked)
        record(session, DocumentAsked(text), about=application.subject, at=now, actor_id=actor.id)
        session.flush()
        link = manage_link(session, application, now)
        notify_applicant(
            session, message=ASKED, application=application, not_before=told_at, now=now, asked=asked, link=link
        )
    return asked


def take_back_request(*, asked: DocumentRequest, actor: User, now: datetime) -> bool:
    """Want no answer any more, with the mail where it has not gone; False where one came, or somebody was faster."""
    with transaction() as session:
        application = asked.application
        hold(session, application)
        session.refresh(asked)
        if asked.answered_at or asked.taken_back_at:
            return False
        asked.taken_back_at = now
        remove(session, (Purpose.ANSWER,), [str(asked.id)])
        take_back(session, topic=application.reference, messages=(ASKED, ASKED_AGAIN), written_at=asked.asked_at)
        record(session, RequestTakenBack(asked.text), about=application.subject, at=now, actor_id=actor.id)
    return True


def send_document(*, asked: DocumentRequest, document: Document, now: datetime) -> None:
    """Take a stored file as what was asked for, and mail it to the group.

    Raises NothingAskedError where it came already, or the application is over as far as the applicant knows.
    """
    with transaction() as session:
        application = asked.application
        hold(session, application)
        session.refresh(asked)
        if not takes_answer(asked, now=now):
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


def takes_answer(asked: DocumentRequest, *, now: datetime) -> bool:
    """Whether what was asked can be sent: it is open, and the application is not over as far as the applicant knows."""
    return asked.is_open(now) and awaits_documents(State(asked.application.shown_state))


def hold(session: Session, application: Application) -> None:
    """Keep the application as it is until the end of the transaction."""
    session.refresh(application, with_for_update={"of": Application})
