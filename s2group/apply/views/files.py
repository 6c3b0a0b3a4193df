"""The files of a draft: each is uploaded, replaced and removed on its own, or all at once where there is no script."""

from collections.abc import Mapping

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from s2group.admissions.document_kinds import document_label
from s2group.admissions.services import drafts
from s2group.apply.file_slots import NO_ERRORS, NOTHING, Errors, slots_of
from s2group.apply.forms import file_words, uploads
from s2group.apply.forms.files import FilesForm, upload_form, uploads_form
from s2group.apply.opened_draft import FILES, OpenedDraft, open_draft
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
from s2group.documents import pages
from s2group.documents.models import Document
from s2group.extensions import limiter

# How the browser inside WeChat names itself; on many phones it offers no files.
WECHAT = "MicroMessenger"
# The hidden field by which a form asks to take a file away.
REMOVE = "remove"
# What WTForms calls the errors of a form as a whole.
FORM = ""


@blueprint.route("/apply/draft/<key>/files/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def files(key: str) -> ResponseReturnValue:
    """All files of a draft; a post takes those that were chosen and goes on, or takes one away and comes back."""
    opened = open_draft(key, now=clock.now())
    if request.method != "POST":
        return _page(opened)
    try:
        return _answer_to_all(opened)
    except RequestEntityTooLarge:
        drain()
        words = gettext("The files are too big to be sent together: choose one, press the button, then the next.")
        return _page(opened, {FORM: [words]}, status=422)
    except drafts.DraftGoneError:
        return redirect(url_for("apply.files", key=key), 303)


@blueprint.route("/apply/draft/<key>/files/<kind>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def file(key: str, kind: str) -> ResponseReturnValue:
    """Take, replace or remove one file; asked for as a page, it leads to all of them."""
    opened = open_draft(key, now=clock.now())
    if kind not in opened.form.documents:
        abort(404)
    if request.method != "POST":
        return _to_files(key, kind)
    try:
        return _answer(opened, kind)
    except RequestEntityTooLarge:
        drain()
        problem = file_words.problem("too_big", kind, document_label(kind, opened.route))
        return _page(opened, {kind: [problem]}, status=422)
    except drafts.DraftGoneError:
        return _to_files(key, kind)


@blueprint.get("/apply/draft/<key>/files/<kind>/thumbnail.webp")
@personal
def thumbnail(key: str, kind: str) -> ResponseReturnValue:
    """The first page of a file of the draft, small."""
    document = open_draft(key, now=clock.now()).documents.get(kind) or abort(404)
    image = pages.thumbnail(document.sha256) or abort(404)
    return private_page(Response(image, mimetype=pages.IMAGE_TYPE))


def _answer(opened: OpenedDraft, kind: str) -> ResponseReturnValue:
    removed = kind if REMOVE in request.form else ""
    form = FilesForm() if removed else upload_form(kind, document_label(kind, opened.route))
    return _changed(opened, form, removed) or _to_files(opened.key, kind)


def _answer_to_all(opened: OpenedDraft) -> ResponseReturnValue:
    kinds, removed = opened.form.documents, request.form.get(REMOVE, "")
    form = uploads_form({kind: document_label(kind, opened.route) for kind in kinds if kind != removed})
    changed = _changed(opened, form, removed if removed in kinds else "")
    going_on = redirect(url_for("apply.draft_check", key=opened.key), 303)
    return changed or (_to_files(opened.key, removed) if removed else going_on)


def _changed(opened: OpenedDraft, form: FilesForm, removed: str) -> Response | None:
    """Keep the files that came, and take away the one of the kind `removed`; the page again where that failed."""
    try:
        with as_storage_error():
            return _change(opened, form, removed)
    except StorageError as trouble:
        return try_again_later(
            form,
            trouble,
            NOTHING_CHANGED,
            lambda status: _page(opened.refreshed(), _all_first(form), form.documents(), status=status),
        )


def _all_first(form: FilesForm) -> Errors:
    """The errors of the form, what concerns all of it first."""
    return {FORM: form.form_errors, **form.errors}


def _change(opened: OpenedDraft, form: FilesForm, removed: str) -> Response | None:
    uploads.receive(form, now=opened.now, asks=False)
    uploads.leave_to_others(form, but=opened.has)
    is_right = form.validate()
    if form.form_errors:  # the session had ended
        return _page(opened, form.errors, form.documents(), status=422)
    for kind, document in form.documents().items():
        if not opened.has(kind, document):
            drafts.attach(draft=opened.draft, kind=kind, document=document, now=opened.now)
    if not is_right:
        return _page(opened.refreshed(), form.errors, status=422)
    if removed:
        drafts.detach(draft=opened.draft, kind=removed, now=opened.now)
    return None


def _page(
    opened: OpenedDraft, errors: Errors = NO_ERRORS, waiting: Mapping[str, Document] = NOTHING, *, status: int = 200
) -> Response:
    page = render_template(
        "apply/files.html",
        draft=opened.draft,
        step_number=opened.place_of(FILES),
        errors=errors,
        slots=slots_of(opened, errors, waiting),
        is_wechat=WECHAT in request.headers.get("User-Agent", ""),
        largest_file=file_words.largest_file(),
    )
    return private_page(page, status)


def _to_files(key: str, kind: str) -> ResponseReturnValue:
    return redirect(url_for("apply.files", key=key, _anchor=f"{kind}-file"), 303)
