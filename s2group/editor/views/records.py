"""Views that change the records of every kind, each by the form that its fields make."""

from functools import partial
from typing import Any

from flask import Response, abort, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask_security import current_user

from s2group.content.editing import (
    EDITABLE,
    Editable,
    count_of,
    move_record,
    record_at,
    records_page,
    save_record,
    tried_record,
)
from s2group.content.gaps import gaps_by_kind
from s2group.content.kinds import KINDS
from s2group.content.pictures.queries import picture_by_path
from s2group.content.proposals.queries import count_waiting
from s2group.content.records.kinds import Values
from s2group.content.records.ordering import NotThereError
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.forms.records import RecordForm
from s2group.editor.previewing import PAGES, page_of
from s2group.editor.revisions import name_of
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.saving import Editing, edit, history, names_for
from s2group.editor.wording import KIND_WORDS

PAGE_SIZE = 50
blueprint.add_app_template_global(name_of)
blueprint.add_app_template_global(picture_by_path)


@blueprint.get("/editor/")
@allow(Action.EDIT_CONTENT)
def home() -> Any:
    """All kinds of records, with what is untranslated."""
    counts = {name: count_of(KINDS[name]) for name in (*EDITABLE, "news")}
    return render_template(
        "editor/home.html", words=KIND_WORDS, counts=counts, gaps=gaps_by_kind(), proposed=count_waiting()
    )


@blueprint.route("/editor/<kind>/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def records(kind: str) -> Any:
    """The records of a kind, and another place for one of them; of the group itself there is one."""
    editable = _editable(kind)
    if not editable.kind.key:
        return redirect(url_for("editor.record", kind=kind, key=kind))
    if request.method == "POST":
        return _move(editable)
    return _list(editable), 200


@blueprint.route("/editor/<kind>/new/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def new_record(kind: str) -> Any:
    """Add a record."""
    editable = _editable(kind)
    if not editable.may_add or not editable.kind.key:
        abort(404)
    return edit(_editing(editable), None, names=names_for(editable.fields))


@blueprint.route("/editor/<kind>/<path:key>/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def record(kind: str, key: str) -> Any:
    """Change a record. A form that comes back after the record was taken away is kept, not lost."""
    editable = _editable(kind)
    row = record_at(editable.kind, key)
    if row is None and not _may_begin(editable, key):
        abort(404)
    if request.method != "POST" and row is not None and editable.kind.key_of_row(row) != key:
        return redirect(url_for("editor.record", kind=kind, key=editable.kind.key_of_row(row)))
    return edit(_editing(editable), row, names=names_for(editable.fields))


@blueprint.route("/editor/<kind>/<path:key>/revisions/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def record_revisions(kind: str, key: str) -> Any:
    """Who changed what of a record, and the way back to what it was."""
    editable = _editable(kind)
    row = record_at(editable.kind, key) or abort(404)
    name = name_of(row) if editable.kind.key else str(KIND_WORDS[kind].many)
    return history(_editing(editable), row, name)


def _list(editable: Editable, *, is_gone: bool = False) -> str:
    kind = editable.kind
    try:
        page = records_page(kind, size=PAGE_SIZE, after=request.args.get("after"))
    except ValueError:
        abort(404)
    moved = next(iter(get_flashed_messages(category_filter=["moved"])), None)
    return render_template(
        "editor/records.html", editable=editable, words=KIND_WORDS[kind.name], page=page, moved=moved, is_gone=is_gone
    )


def _move(editable: Editable) -> Any:
    if not editable.has_order:
        abort(404)
    key, to = request.form.get("key", ""), request.form.get("to", "")
    try:
        place, count = move_record(editable.kind, key, to, actor=current_user.id, now=now())
    except NotThereError:
        return _list(editable, is_gone=True), 409
    flash({"key": key, "to": to, "place": place, "count": count}, "moved")  # type: ignore[arg-type]
    return redirect(url_for("editor.records", kind=editable.kind.name, after=request.args.get("after")), 303)


def _editable(kind: str) -> Editable:
    if kind not in EDITABLE:
        abort(404)
    return EDITABLE[kind]


def _may_begin(editable: Editable, key: str) -> bool:
    """Whether a record that is not there may be made at its own address: the only one of its kind, or one taken away
    while somebody wrote."""
    kind = editable.kind
    return request.method == "POST" and editable.may_add if kind.key else key == kind.name


def _editing(editable: Editable) -> Editing:
    kind = editable.kind
    return Editing(
        editable,
        save=lambda row, values, seen: save_record(
            editable, row.id if row is not None else None, values, seen=seen, actor=current_user.id, now=now()
        ),
        page=lambda form, row, **more: _page(editable, form, row, **more),
        address=lambda row: url_for("editor.record", kind=kind.name, key=kind.key_of_row(row)),
        problem=lambda error: str(error.remedy),
        again=lambda: record_at(kind, (request.view_args or {}).get("key", "")),
        preview=partial(_preview, editable) if kind.name in PAGES else None,
    )


def _preview(editable: Editable, row: Any | None, values: Values, seen: int) -> Response:
    """How visitors would see a record."""
    number = row.id if row is not None else None
    with tried_record(editable, number, values, seen=seen, actor=current_user.id, now=now()) as tried:
        return page_of(editable.kind, tried)


def _page(editable: Editable, form: RecordForm, row: Any | None, **more: Any) -> str:
    return render_template(
        "editor/record.html",
        editable=editable,
        words=KIND_WORDS[editable.kind.name],
        form=form,
        row=row,
        may_look=editable.kind.name in PAGES,
        **more,
    )
