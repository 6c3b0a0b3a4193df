"""Taking the files of a form, and keeping them while the form comes back with errors."""

from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext

import config
from s2group.admissions.queries import application_with_document
from s2group.apply.fields import DocumentField
from s2group.apply.forms import ApplicationForm
from s2group.documents.queries import document_by_token
from s2group.documents.services import UnacceptableDocument, take_upload


def largest_file() -> str:
    """The largest file that is taken, such as 10 MB."""
    return f"{current_app.config['MAX_DOCUMENT_BYTES'] // config.MEGABYTE} MB"


def receive(form: ApplicationForm, *, now: datetime) -> None:
    """Store the files that came with `form`, and tie it to them and to those that came with it before."""
    for field, token in ((form.resume, form.resume_token), (form.transcript, form.transcript_token)):
        _store(field, now)
        if field.document is None and token.data:
            field.document = document_by_token(token.data)
    transcript = form.transcript.document
    if transcript and (transcript is form.resume.document or application_with_document(transcript.id)):
        form.transcript.document = None
    for field, token in ((form.resume, form.resume_token), (form.transcript, form.transcript_token)):
        token.data = field.document.token if field.document else ""


def _store(field: DocumentField, now: datetime) -> None:
    if not field.data:
        return
    try:
        field.document = take_upload(stream=field.data.stream, original_name=field.data.filename, now=now)
    except UnacceptableDocument as refused:
        field.problem = problem(refused.reason, field.label.text)


def ask_again(form: ApplicationForm) -> None:
    """Where disk or database gave up on the files of `form`: say which must be selected again."""
    for field in (form.resume, form.transcript):
        if field.data and not field.document and not field.problem:
            field.problem = problem("failed", field.label.text)


def problem(reason: str, label: str) -> str:
    """What to do about a file that was not taken."""
    words = {
        "empty": lazy_gettext("%(label)s: the file is empty. Save it again, then select it", label=label),
        "too_big": lazy_gettext("%(label)s: select a file of at most %(size)s", label=label, size=largest_file()),
        "wrong_type": lazy_gettext("%(label)s: the file is not a PDF. Save it as PDF, then select it", label=label),
        "encrypted": lazy_gettext("%(label)s: save the file without a password, then select it", label=label),
        "failed": lazy_gettext("%(label)s: the upload did not get through. Select the file again", label=label),
    }
    return str(words[reason])
