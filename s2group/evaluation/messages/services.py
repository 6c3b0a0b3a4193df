"""Changing the words of a kind of mail."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from s2group.accounts.models import User
from s2group.audit.rules import Subject, SubjectKind, TemplateChanged
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
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
            row = row or MessageTemplate(key=key, attachments=[])
            row.subject, row.text, row.version = subject, text, seen + 1
            row.changed_at, row.actor_id = now, actor.id
            session.add(row)
            about = Subject(SubjectKind.PORTAL, f"template/{key}")
            record(session, TemplateChanged(key, seen + 1), about=about, at=now, actor_id=actor.id)
    except IntegrityError as error:  # both were the first
        raise ChangedMeanwhileError(key) from error
