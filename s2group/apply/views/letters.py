"""The page on which a referee uploads a letter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from s2group.admissions import queries
from s2group.admissions.document_kinds import LETTER
from s2group.admissions.models import Referee
from s2group.admissions.services import letters
from s2group.admissions.services.referees import due_at
from s2group.apply.forms import uploads
from s2group.apply.forms.upload import UploadForm, put_off, upload_form
from s2group.apply.views.blueprint import POSTS, blueprint, keep_to_the_reader
from s2group.core import clock
from s2group.core.errors import as_storage_trouble, drain
from s2group.core.permissions import public
from s2group.core.storage_errors import StorageTrouble
from s2group.extensions import csrf, limiter

NO_ERRORS: Mapping[str | None, Sequence[str]] = MappingProxyType({})


@blueprint.route("/apply/letter/<token>/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def letter(token: str) -> ResponseReturnValue:
    """Say who asks for whom, and take the letter; once it has come, say thank you."""
    now = clock.now()
    referee = letters.referee_by_token(token, now=now)
    if referee is None or letters.is_over(referee.application):
        return keep_to_the_reader(make_response(render_template("apply/letter_gone.html", referee=referee), 410))
    try:
        form = upload_form(LETTER, gettext("Letter"))
        return _answer(token, referee, form, now)
    except RequestEntityTooLarge:
        drain()
        return _page(referee, now, {LETTER: [uploads.problem("too_big", LETTER, gettext("Letter"))]}, status=422)
    except letters.LetterNotTakenError:
        return redirect(url_for("apply.letter", token=token), 303)


def _answer(token: str, referee: Referee, form: UploadForm, now: datetime) -> ResponseReturnValue:
    if request.method != "POST":
        return _page(referee, now)
    try:
        with as_storage_trouble():
            return _take(token, referee, form, now)
    except StorageTrouble as trouble:
        return put_off(form, trouble, lambda status: _page(referee, now, form.errors, form, status=status))


def _take(token: str, referee: Referee, form: UploadForm, now: datetime) -> ResponseReturnValue:
    referee_id = referee.id  # while it is there for certain
    uploads.receive(form, now=now)
    _leave_others_alone(form)
    if not form.validate():
        return _page(referee, now, form.errors, form, status=422)
    letters.receive_letter(referee_id=referee_id, document=form.documents()[LETTER], now=now)
    return redirect(url_for("apply.letter", token=token), 303)


def _leave_others_alone(form: UploadForm) -> None:
    """The token of a form that comes back may name a file that belongs to somebody by now."""
    for field, token in form.uploads():
        if field.document and queries.is_taken(field.document.id):
            field.document, token.data = None, ""


def _page(
    referee: Referee,
    now: datetime,
    errors: Mapping[str | None, Sequence[str]] = NO_ERRORS,
    form: UploadForm | None = None,
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
        accept=uploads.accept_attribute(LETTER),
        largest_file=uploads.largest_file(),
    )
    return keep_to_the_reader(make_response(page, status))


# Its form checks the token itself and keeps the file; the app-wide check would answer with a bare page.
csrf.exempt(letter)
