"""The files of a draft: each is uploaded, replaced and removed on its own, or all at once where there is no script."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from s2group.admissions import queries
from s2group.admissions.document_kinds import document_label
from s2group.admissions.models import Draft
from s2group.admissions.services import drafts
from s2group.apply.forms import uploads
from s2group.apply.forms.upload import UploadForm, put_off, upload_form, uploads_form
from s2group.apply.views.blueprint import POSTS, blueprint, keep_to_the_reader
from s2group.apply.views.draft_context import FILES, form_of, opened_draft
from s2group.apply.views.file_slots import NO_ERRORS, NOTHING, Errors, slots_of
from s2group.apply.views.steps import place_of
from s2group.core import clock
from s2group.core.errors import as_storage_trouble, drain
from s2group.core.permissions import public
from s2group.core.storage_errors import StorageTrouble
from s2group.documents import pages
from s2group.documents.models import Document
from s2group.extensions import csrf, limiter

# How the browser inside WeChat names itself; on many phones it offers no files.
WECHAT = "MicroMessenger"
# The hidden field by which a form asks to take a file away.
REMOVE = "remove"
# What WTForms calls the errors of a form as a whole.
FORM = ""


@blueprint.route("/apply/draft/<key>/files/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def files(key: str) -> ResponseReturnValue:
    """All files of a draft; a post takes those that were chosen and goes on, or takes one away and comes back."""
    now = clock.now()
    draft = opened_draft(key, now=now)
    if request.method != "POST":
        return _page(draft)
    try:
        return _answer_to_all(draft, now)
    except RequestEntityTooLarge:
        drain()
        words = gettext("The files are too big to be sent together: choose one, press the button, then the next.")
        return _page(draft, {FORM: [words]}, status=422)
    except drafts.DraftGoneError:
        return redirect(url_for("apply.files", key=key), 303)


@blueprint.route("/apply/draft/<key>/files/<kind>/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def file(key: str, kind: str) -> ResponseReturnValue:
    """Take, replace or remove one file; asked for as a page, it leads to all of them."""
    now = clock.now()
    draft = opened_draft(key, now=now)
    if kind not in form_of(draft).documents:
        abort(404)
    if request.method != "POST":
        return _to_files(key, kind)
    try:
        return _answer(draft, kind, now)
    except RequestEntityTooLarge:
        drain()
        problem = uploads.problem("too_big", kind, document_label(kind, draft.route))
        return _page(draft, {kind: [problem]}, status=422)
    except drafts.DraftGoneError:
        return _to_files(key, kind)


@blueprint.get("/apply/draft/<key>/files/<kind>/thumbnail.webp")
@public
def thumbnail(key: str, kind: str) -> ResponseReturnValue:
    """The first page of a file of the draft, small."""
    document = drafts.documents_of(opened_draft(key, now=clock.now())).get(kind) or abort(404)
    image = pages.thumbnail(document.sha256) or abort(404)
    return keep_to_the_reader(Response(image, mimetype=pages.IMAGE_TYPE))


def _answer(draft: Draft, kind: str, now: datetime) -> ResponseReturnValue:
    removed = kind if REMOVE in request.form else ""
    form = UploadForm() if removed else upload_form(kind, document_label(kind, draft.route))
    return _changed(draft, form, removed, now) or _to_files(draft.key, kind)


def _answer_to_all(draft: Draft, now: datetime) -> ResponseReturnValue:
    kinds, removed = form_of(draft).documents, request.form.get(REMOVE, "")
    form = uploads_form({kind: document_label(kind, draft.route) for kind in kinds if kind != removed})
    changed = _changed(draft, form, removed if removed in kinds else "", now)
    going_on = redirect(url_for("apply.draft_check", key=draft.key), 303)
    return changed or (_to_files(draft.key, removed) if removed else going_on)


def _changed(draft: Draft, form: UploadForm, removed: str, now: datetime) -> Response | None:
    """Keep the files that came, and take away the one of the kind `removed`; the page again where that failed."""
    try:
        with as_storage_trouble():
            return _change(draft, form, removed, now)
    except StorageTrouble as trouble:
        return put_off(
            form,
            trouble,
            lambda status: _page(draft, {FORM: form.form_errors, **form.errors}, form.documents(), status=status),
        )


def _change(draft: Draft, form: UploadForm, removed: str, now: datetime) -> Response | None:
    uploads.receive(form, now=now, asks=False)
    _leave_others_alone(draft, form)
    is_right = form.validate()
    if form.form_errors:  # the session had ended
        return _page(draft, form.errors, form.documents(), status=422)
    for kind, document in form.documents().items():
        if not _has(draft, kind, document):
            drafts.attach(draft=draft, kind=kind, document=document, now=now)
    if not is_right:
        return _page(draft, form.errors, status=422)
    if removed:
        drafts.detach(draft=draft, kind=removed, now=now)
    return None


def _has(draft: Draft, kind: str, document: Document) -> bool:
    there = drafts.documents_of(draft).get(kind)
    return there is not None and there.id == document.id


def _leave_others_alone(draft: Draft, form: UploadForm) -> None:
    """A token may name a file that an application has already, or another place of a draft."""
    for field, token in form.uploads():
        if field.document and not _has(draft, field.name, field.document) and queries.is_taken(field.document.id):
            field.document, token.data = None, ""


def _page(
    draft: Draft, errors: Errors = NO_ERRORS, waiting: Mapping[str, Document] = NOTHING, *, status: int = 200
) -> Response:
    page = render_template(
        "apply/files.html",
        draft=draft,
        step_number=place_of(draft, FILES),
        errors=errors,
        slots=slots_of(draft, errors, waiting),
        is_wechat=WECHAT in request.headers.get("User-Agent", ""),
        largest_file=uploads.largest_file(),
    )
    return keep_to_the_reader(make_response(page, status))


def _to_files(key: str, kind: str) -> ResponseReturnValue:
    return redirect(url_for("apply.files", key=key, _anchor=f"{kind}-file"), 303)


# Their forms check the token themselves and keep the files; the app-wide check would answer with a bare page.
for _view in (files, file):
    csrf.exempt(_view)
