"""Taking the files of a form, and keeping them while the form comes back with errors."""

from datetime import datetime
from typing import Protocol

from flask import current_app
from flask_babel import gettext
from wtforms import HiddenField

import config
from s2group.admissions.document_kinds import RESUME, accepted_types
from s2group.admissions.queries import application_with_document, is_taken
from s2group.apply.forms.fields import DocumentField
from s2group.apply.quota import visitor_within_quota
from s2group.documents.models import Document
from s2group.documents.queries import document_by_token
from s2group.documents.rules import EXTENSIONS, PDF_ONLY
from s2group.documents.services import UnacceptableDocument, take_upload


class FilesForm(Protocol):
    """A form with files."""

    def uploads(self) -> list[tuple[DocumentField, HiddenField]]:
        """Each file, under the name of its kind, with the token of what is stored of it already."""


def largest_file() -> str:
    """The largest file that is taken, such as 10 MB."""
    return f"{current_app.config['MAX_DOCUMENT_BYTES'] // config.MEGABYTE} MB"


def accept_attribute(kind: str) -> str:
    """What the browser offers to choose from: media types, and how such files are called where it knows no types."""
    types = [media_type for media_type in EXTENSIONS if media_type in accepted_types(kind)]
    names = [f".{EXTENSIONS[media_type]}" for media_type in types]
    return ",".join([*types, *names, *([".jpeg"] if ".jpg" in names else [])])


def formats(kind: str) -> str:
    """The same for people."""
    return "PDF" if accepted_types(kind) == PDF_ONLY else str(gettext("PDF, JPEG or PNG"))


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


def leave_to_others(form: FilesForm) -> None:
    """A file that a draft or a referee holds is none of a form that comes without them.

    What an application holds leads to its receipt.
    """
    for field, token in form.uploads():
        document = field.document
        if document and is_taken(document.id) and application_with_document(document.id) is None:
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


def problem(reason: str, kind: str, label: str) -> str:
    """What to do about a file of this kind that was not taken: "none" was selected, or the services refused it."""
    if kind == RESUME and reason == "none":
        return str(gettext("Select a PDF CV"))
    if reason == "wrong_type" and accepted_types(kind) == PDF_ONLY:
        return str(gettext("%(label)s: the file is not a PDF. Save it as PDF, then select it", label=label))
    words = {
        "none": gettext("%(label)s: select a file", label=label),
        "empty": gettext("%(label)s: the file is empty. Save it again, then select it", label=label),
        "too_big": gettext("%(label)s: select a file of at most %(size)s", label=label, size=largest_file()),
        "wrong_type": gettext(
            "%(label)s: the file is not a PDF, JPEG or PNG. Save it as one, then select it", label=label
        ),
        "encrypted": gettext("%(label)s: save the file without a password, then select it", label=label),
        "damaged": gettext(
            "%(label)s: the file is damaged and shows nothing. Save it again, then select it", label=label
        ),
        "unreadable": gettext(
            "%(label)s: the portal could not open this file. Look at it on your device; select another one, or press "
            "the button again to send it all the same",
            label=label,
        ),
        "quota": gettext(
            "%(label)s: a lot was uploaded from your network within a day and not sent. Send what you have uploaded, "
            "or upload this file tomorrow",
            label=label,
        ),
        "failed": gettext("%(label)s: the upload did not get through. Select the file again", label=label),
    }
    return str(words[reason])
