"""Adding replies to applications."""

import io
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.admissions.replies.words import words_of
from s2group.audit.rules import ReplyAdded
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.documents.models import Document
from s2group.documents.rules import PDF_OR_PICTURE
from s2group.documents.services import UnacceptableDocument, take_upload
from s2group.evaluation.access import rows_of
from s2group.extensions import db
from s2group.mail.incoming import Incoming, SentAlong


def add_reply(*, application: Application, incoming: Incoming, confirmed: bool, actor: User, now: datetime) -> Reply:
    """Add a mail to an application, its files through the same inspection as an applicant's; once, however often.

    One that is not `confirmed` waits at the mail desk. A file that cannot be taken is kept as a name alone.
    """
    if known := _known(application, incoming):
        if confirmed:
            confirm(reply=known, actor=actor, now=now)
        return known
    documents, left_out = _taken(incoming.files, now)
    reply = Reply(
        key=new_token(),
        application_id=application.id,
        mark=incoming.mark,
        sender=incoming.sender[:254],
        subject=incoming.subject,
        text=incoming.text,
        left_out=left_out,
        sent_at=min(incoming.sent_at or now, now),
        added_at=now,
        actor_id=actor.id,
        confirmed=confirmed,
        files=[ReplyDocument(position=place, document=each) for place, each in enumerate(documents, 1)],
    )
    reply.words = words_of(reply)
    try:
        with transaction() as session:
            session.add(reply)
            if confirmed:
                record(session, ReplyAdded(reply.sender), about=application.subject, at=now, actor_id=actor.id)
    except IntegrityError:  # the same at once; its files are let go of by and by, as those of a form left unsent
        if known := _known(application, incoming):
            return known
        raise
    return reply


def confirm(*, reply: Reply, actor: User, now: datetime) -> None:
    """Say that a reply belongs to its application: from now on it stands in the thread."""
    with transaction() as session:
        session.refresh(reply, with_for_update={"of": Reply})
        if not reply.confirmed:
            reply.confirmed = True
            record(session, ReplyAdded(reply.sender), about=reply.application.subject, at=now, actor_id=actor.id)


def _known(application: Application, incoming: Incoming) -> Reply | None:
    return db.session.scalar(rows_of(application, Reply).where(Reply.mark == incoming.mark))


def _taken(files: Iterable[SentAlong], now: datetime) -> tuple[list[Document], list[str]]:
    """The documents, and the names of what is none."""
    documents, left_out = [], []
    for file in files:
        try:
            stream = io.BytesIO(file.content)
            documents.append(take_upload(stream=stream, original_name=file.name, accepted=PDF_OR_PICTURE, now=now))
        except UnacceptableDocument:
            left_out.append(file.name)
    return documents, left_out
