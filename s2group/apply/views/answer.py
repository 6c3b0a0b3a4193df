"""Answering what the group asks once more: one question or one document, by a link that opens nothing else."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from s2group.admissions.asked_again import AskedAgain, asked_again
from s2group.admissions.models import DocumentRequest
from s2group.admissions.services.asked_again import answer_again, request_by_token, send_again
from s2group.admissions.services.document_requests import NothingAskedError, takes_answer
from s2group.apply.file_slots import NO_ERRORS
from s2group.apply.forms import file_words, uploads
from s2group.apply.forms.files import FilesForm, upload_form
from s2group.apply.forms.questions import QuestionsForm, asked_again_form
from s2group.apply.views.blueprint import (
    NOTHING_CHANGED,
    POSTS,
    blueprint,
    checks_token_itself,
    private_page,
    try_again_later,
)
from s2group.core import clock
from s2group.core.errors import as_storage_error, drain
from s2group.core.forms import PortalForm
from s2group.core.i18n import current_locale
from s2group.core.permissions import personal
from s2group.core.storage_errors import StorageError
from s2group.extensions import limiter


@blueprint.route("/apply/answer/<token>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def answer(token: str) -> ResponseReturnValue:
    """Show one question with what was answered and why it is asked once more, and take the answer."""
    now = clock.now()
    asked = request_by_token(token, now=now)
    if asked is None:
        drain()
        return private_page(render_template("apply/answer_gone.html", asked=None), 410)
    return answer_page(asked, url_for("apply.answer", token=token), now)


def answer_page(asked: DocumentRequest, back: str, now: datetime) -> ResponseReturnValue:
    """The page of one question that was asked once more; `back` is where it is shown that the answer came."""
    about = asked_again(asked.application, str(asked.question))
    if not takes_answer(asked, now=now) or not about.can_be_asked:
        drain()
        status = 200 if asked.answered_at and request.method != "POST" else 410
        return private_page(render_template("apply/answer_gone.html", asked=asked), status)
    try:
        return _document(asked, about, back, now) if about.is_document else _question(asked, about, back, now)
    except NothingAskedError:
        return redirect(back, 303)


def _question(asked: DocumentRequest, about: AskedAgain, back: str, now: datetime) -> ResponseReturnValue:
    form = asked_again_form(about, now=now)
    page = partial(_page, asked, about, form)
    if form.is_submitted() and form.press_row_button():
        return page(200)
    if not form.validate_on_submit():
        return page(422 if form.errors else 200)
    return _sent(form, back, page, lambda: answer_again(asked=asked, answers=form.accepted(), now=now))


def _document(asked: DocumentRequest, about: AskedAgain, back: str, now: datetime) -> ResponseReturnValue:
    kind, label = asked.kind, about.label()
    page = partial(_file_page, asked, about)
    try:
        form = upload_form(kind, label)
        if request.method != "POST":
            return page(200)
        return _sent(form, back, partial(page, form=form), lambda: _send_file(asked, form, now))
    except RequestEntityTooLarge:
        drain()
        return page(422, errors={kind: [file_words.problem("too_big", kind, label)]})
    except _NotYetError:
        return page(422, form=form)


class _NotYetError(Exception):
    """There is something to correct first."""


def _send_file(asked: DocumentRequest, form: FilesForm, now: datetime) -> None:
    uploads.receive(form, now=now)
    uploads.leave_to_others(form)
    if not form.validate():
        raise _NotYetError
    send_again(asked=asked, document=form.documents()[asked.kind], now=now)


def _sent(form: PortalForm, back: str, page: Callable[[int], Response], send: Callable[[], None]) -> Response:
    try:
        with as_storage_error():
            send()
    except StorageError as trouble:
        return try_again_later(form, trouble, NOTHING_CHANGED, page)
    return redirect(back, 303)  # type: ignore[return-value]


def _page(asked: DocumentRequest, about: AskedAgain, form: QuestionsForm, status: int) -> Response:
    return _answer_page(asked, about, status, form=form, errors=form.errors)


def _file_page(
    asked: DocumentRequest, about: AskedAgain, status: int, form: FilesForm | None = None, errors: Any = NO_ERRORS
) -> Response:
    found = errors or (form.errors if form else NO_ERRORS)
    waiting = form.documents().get(asked.kind) if form else None
    problem = next(iter(found.get(asked.kind, ())), "")
    words = {"form": None, "errors": found, "problem": problem, "upload": file_words}
    return _answer_page(asked, about, status, waiting=waiting, **words)


def _answer_page(asked: DocumentRequest, about: AskedAgain, status: int, **more: Any) -> Response:
    page = render_template(
        "apply/answer.html",
        asked=asked,
        about=about,
        said=about.said(current_locale()),
        call=asked.application.route.call,
        **more,
    )
    return private_page(page, status)
