"""Taking the files of a form, and keeping them while the form comes back with errors."""

from collections.abc import Callable
from datetime import datetime

from s2group.admissions.document_kinds import RESUME, accepted_types
from s2group.admissions.queries import application_with_document, is_taken
from s2group.apply.forms.fields import DocumentField
from s2group.apply.forms.file_words import problem
from s2group.apply.forms.files import FilesForm
from s2group.apply.quota import visitor_within_quota
from s2group.documents.models import Document
from s2group.documents.queries import document_by_token
from s2group.documents.services import UnacceptableDocument, take_upload


def receive(form: FilesForm, *, now: datetime, asks: bool = True) -> None:
    """Store the files that came with `form`, and tie it to them and to those that came with it before.

    Whoever sends a file that could not be opened is asked about it first, unless a page before the sending tells of it
    (`asks`): the form comes back with the file, and the same button sends it all the same.
    """
    for field, token in form.uploads():
        _store(field, now)
        if asks and field.document and field.document.fault:
            field.problem = problem("unreadable", field.name, field.label.text)
        if field.document is None and token.data:
            field.document = _named(token.data, field.name)
    _keep_apart(form)
    for field, token in form.uploads():
        token.data = field.document.token if field.document else ""


def _named(token: str, kind: str) -> Document | None:
    """What is stored under this token, unless it is of no type that the kind takes."""
    document = document_by_token(token)
    return document if document and document.media_type in accepted_types(kind) else None


def _keep_apart(form: FilesForm) -> None:
    """A file stands for one thing only: for the résumé rather than for another, and never for another application.

    A résumé that was sent before leads to the receipt that it got.
    """
    taken: set[int] = set()
    for field, _ in form.uploads():
        if field.document is None:
            continue
        if field.name != RESUME and (field.document.id in taken or application_with_document(field.document.id)):
            field.document = None
        else:
            taken.add(field.document.id)


def leave_to_others(form: FilesForm, *, but: Callable[[str, Document], bool] = lambda _kind, _document: False) -> None:
    """Let go of the files that an application, a draft or a referee holds: the token of a form may name any.

    Those of which `but` holds, given their kind, stay.
    """
    for field, token in form.uploads():
        document = field.document
        if document and is_taken(document.id) and not but(field.name, document):
            field.document, token.data = None, ""


def _store(field: DocumentField, now: datetime) -> None:
    if not field.data:
        return
    try:
        field.document = take_upload(
            stream=field.data.stream,
            original_name=field.data.filename,
            accepted=accepted_types(field.name),
            visitor=visitor_within_quota(now=now),
            now=now,
        )
    except UnacceptableDocument as refused:
        field.problem = problem(refused.reason, field.name, field.label.text)


def ask_again(form: FilesForm) -> None:
    """Where disk or database gave up on the files of `form`: say which must be selected again."""
    for field, _ in form.uploads():
        if field.data and not field.document and not field.problem:
            field.problem = problem("failed", field.name, field.label.text)
