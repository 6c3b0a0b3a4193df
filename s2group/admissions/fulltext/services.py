"""Writing the words of applications: within the verbs that change them, and of their documents afterwards."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from s2group.admissions.fulltext.models import ApplicationText
from s2group.admissions.fulltext.queries import words_of
from s2group.admissions.models import Application


def index_answers(session: Session, ids: Collection[int]) -> int:
    """Write the words of these applications' answers within the caller's transaction; how many changed.

    Their documents are read by the worker, where they are others now.
    """
    session.flush()
    known: dict[int, ApplicationText] = {
        text.application_id: text
        for text in session.scalars(select(ApplicationText).where(ApplicationText.application_id.in_(ids)))
    }
    wanted = select(Application).where(Application.id.in_(ids)).options(selectinload(Application.documents))
    return sum(_write(session, each, known.get(each.id)) for each in session.scalars(wanted))


def _write(session: Session, application: Application, known: ApplicationText | None) -> bool:
    text = known or ApplicationText(application_id=application.id)
    values: dict[str, Any] = words_of(application)
    if text.documents_read != documents_named(application):
        values["documents_read"] = None
    for name, value in values.items():
        setattr(text, name, value)
    session.add(text)
    return session.is_modified(text)


def documents_named(application: Application) -> str:
    """The ids of the documents of the newest version."""
    return ",".join(str(entry.document_id) for entry in application.documents)
