"""Changing the words of a kind of mail."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.template_files.models import TemplateFile
from s2group.audit.rules import Details, Subject, SubjectKind, TemplateChanged, TemplateFileAdded, TemplateFileRemoved
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.localized import Locale, LocalizedText
from s2group.documents.models import Document
from s2group.evaluation.messages.models import MessageTemplate
from s2group.evaluation.messages.rules import unknown_fields


class UnknownFieldError(ValueError):
    """A template asks for something that there is not. Its form says what and where before it comes so far."""


class ChangedMeanwhileError(Exception):
    """Somebody else has saved the template since it was read."""


def save_template(
    *, key: str, subject: LocalizedText, text: LocalizedText, seen: int, actor: User, now: datetime
) -> None:
    """Give a template new words, as its next version after the one that was `seen`.

    What was prepared before keeps its words. Raises UnknownFieldError and ChangedMeanwhileError.
    """
    if any(unknown_fields(each) for part in (subject, text) for each in (part.zh, part.en)):
        raise UnknownFieldError(key)
    try:
        with transaction() as session:
            row = session.get(MessageTemplate, key, with_for_update=True, populate_existing=True)
            if (row.version if row else 0) != seen:
                raise ChangedMeanwhileError(key)
            row = row or MessageTemplate(key=key)
            row.subject, row.text, row.version = subject, text, seen + 1
            row.changed_at, row.actor_id = now, actor.id
            session.add(row)
            _record(session, key, TemplateChanged(key, seen + 1), actor, now)
    except IntegrityError as error:  # both were the first
        raise ChangedMeanwhileError(key) from error


def add_file(*, key: str, locale: Locale, document: Document, actor: User, now: datetime) -> None:
    """Have a stored PDF go along with each mail of a template in this language that is prepared from now on."""
    with transaction() as session:
        session.add(
            TemplateFile(template_key=key, locale=locale, document_id=document.id, added_at=now, actor_id=actor.id)
        )
        _record(session, key, TemplateFileAdded(key, document.original_name), actor, now)


def remove_file(*, file: TemplateFile, actor: User, now: datetime) -> None:
    """Have it go along no more. What was prepared or sent with it keeps it; the store does as long as anything does."""
    with transaction() as session:
        file.removed_at = file.removed_at or now
        removed = TemplateFileRemoved(file.template_key, file.document.original_name)
        _record(session, file.template_key, removed, actor, now)


def _record(session: Session, key: str, details: Details, actor: User, now: datetime) -> None:
    about = Subject(SubjectKind.PORTAL, f"template/{key}")
    record(session, details, about=about, at=now, actor_id=actor.id)
