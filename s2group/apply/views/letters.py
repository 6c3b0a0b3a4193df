"""The page on which a referee uploads a letter."""

from datetime import datetime

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from s2group.admissions.document_kinds import LETTER
from s2group.admissions.models import Referee
from s2group.admissions.services import letters
from s2group.admissions.services.referees import due_at
from s2group.apply.file_slots import NO_ERRORS, Errors
from s2group.apply.forms import file_words, uploads
from s2group.apply.forms.files import FilesForm, upload_form
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
from s2group.core.permissions import personal
from s2group.core.storage_errors import StorageError
from s2group.extensions import limiter


@blueprint.route("/apply/letter/<token>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def letter(token: str) -> ResponseReturnValue:
    """Say who asks for whom, and take the letter; once it has come, say thank you."""
    now = clock.now()
    referee = letters.referee_by_token(token, now=now)
    if referee is None or letters.is_over(referee.application):
        return private_page(render_template("apply/letter_gone.html", referee=referee), 410)
    try:
        form = upload_form(LETTER, gettext("Letter"))
        return _answer(token, referee, form, now)
    except RequestEntityTooLarge:
        drain()
        return _page(referee, now, {LETTER: [file_words.problem("too_big", LETTER, gettext("Letter"))]}, status=422)
    except letters.LetterNotTakenError:
        return redirect(url_for("apply.letter", token=token), 303)


def _answer(token: str, referee: Referee, form: FilesForm, now: datetime) -> ResponseReturnValue:
    if request.method != "POST":
        return _page(referee, now)
    try:
        with as_storage_error():
            return _receive(token, referee, form, now)
    except StorageError as trouble:
        return try_again_later(
            form, trouble, NOTHING_CHANGED, lambda status: _page(referee, now, form.errors, form, status=status)
        )


def _receive(token: str, referee: Referee, form: FilesForm, now: datetime) -> ResponseReturnValue:
    referee_id = referee.id  # while it is there for certain
    uploads.receive(form, now=now)
    uploads.leave_to_others(form)
    if not form.validate():
        return _page(referee, now, form.errors, form, status=422)
    letters.receive_letter(referee_id=referee_id, document=form.documents()[LETTER], now=now)
    return redirect(url_for("apply.letter", token=token), 303)


def _page(
    referee: Referee,
    now: datetime,
    errors: Errors = NO_ERRORS,
    form: FilesForm | None = None,
    *,
    status: int = 200,
) -> Response:
    page = render_template(
        "apply/letter.html",
        referee=referee,
        due_at=due_at(referee),
        is_taken=letters.takes_letter(referee, now=now),
        errors=errors,
        problem=next(iter(errors.get(LETTER, ())), ""),
        waiting=form.documents().get(LETTER) if form else None,
        accept=file_words.accept_attribute(LETTER),
        largest_file=file_words.largest_file(),
    )
    return private_page(page, status)
