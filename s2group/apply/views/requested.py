"""Sending a further document that the group asked for."""

from collections.abc import Mapping

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from s2group.admissions.document_kinds import document_label
from s2group.admissions.models import Application, DocumentRequest
from s2group.admissions.services.document_requests import NothingAskedError, send_document, takes_answer
from s2group.apply.file_slots import NO_ERRORS, NOTHING, Errors
from s2group.apply.forms import file_words, uploads
from s2group.apply.forms.files import FilesForm, upload_form
from s2group.apply.views.answer import answer_page
from s2group.apply.views.blueprint import NOTHING_CHANGED, POSTS, blueprint, checks_token_itself, try_again_later
from s2group.apply.views.manage import back_to_status, of_its_owner, own_page, too_late
from s2group.core import clock
from s2group.core.errors import as_storage_error, drain
from s2group.core.permissions import personal
from s2group.core.storage_errors import StorageError
from s2group.documents.models import Document
from s2group.extensions import limiter


@blueprint.route("/apply/status/<reference>/requests/<int:request_id>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
@of_its_owner
def requested(application: Application, request_id: int) -> ResponseReturnValue:
    """Take a further document that the group asked for."""
    asked = next((each for each in application.document_requests if each.id == request_id), None) or abort(404)
    if asked.question:
        address = url_for("apply.requested", reference=application.reference, request_id=request_id)
        return answer_page(asked, address, clock.now()) if asked.is_told(clock.now()) else abort(404)
    if not takes_answer(asked, now=clock.now()):
        drain()
        return too_late(application)
    if request.method != "POST":
        return _upload_page(application, asked)
    kind, label = asked.kind, document_label(asked.kind, application.route)
    try:
        return _answer(application, asked, upload_form(kind, label))
    except RequestEntityTooLarge:
        drain()
        return _upload_page(application, asked, {kind: [file_words.problem("too_big", kind, label)]}, status=422)
    except NothingAskedError:
        return too_late(application)


def _answer(application: Application, asked: DocumentRequest, form: FilesForm) -> ResponseReturnValue:
    try:
        with as_storage_error():
            return _send(application, asked, form)
    except StorageError as trouble:
        return try_again_later(
            form,
            trouble,
            NOTHING_CHANGED,
            lambda status: _upload_page(application, asked, form.errors, form.documents(), status=status),
        )


def _send(application: Application, asked: DocumentRequest, form: FilesForm) -> ResponseReturnValue:
    now, field = clock.now(), form[asked.kind]
    uploads.receive(form, now=now)
    uploads.leave_to_others(form)
    if not form.validate():
        return _upload_page(application, asked, form.errors, form.documents(), status=422)
    send_document(asked=asked, document=field.document, now=now)
    return back_to_status(application, "sent")


def _upload_page(
    application: Application,
    asked: DocumentRequest,
    errors: Errors = NO_ERRORS,
    waiting: Mapping[str, Document] = NOTHING,
    *,
    status: int = 200,
) -> Response:
    return own_page(
        "apply/requested.html",
        application,
        status=status,
        asked=asked,
        label=document_label(asked.kind, application.route),
        errors=errors,
        problem=next(iter(errors.get(asked.kind, ())), ""),
        waiting=waiting.get(asked.kind),
        upload=file_words,
    )
