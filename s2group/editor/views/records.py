"""Views that change the records of every kind, each by the form that its fields make."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from s2group.content.editing import (
    EDITABLE,
    Editable,
    KeyTakenError,
    count_of,
    record_at,
    records_page,
    save_record,
)
from s2group.content.gaps import gaps_by_kind
from s2group.content.kinds import KINDS
from s2group.content.records.errors import ContentError
from s2group.content.records.kinds import Kind
from s2group.content.records.loading import stored_rows
from s2group.content.records.services import ConflictError, head
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.forms.news import SLUG_TAKEN
from s2group.editor.forms.records import TICKED, Names, RecordForm, record_form
from s2group.editor.queries import revisions_of
from s2group.editor.revisions import Difference, differences, name_of, versions
from s2group.editor.views.blueprint import blueprint
from s2group.editor.wording import KIND_WORDS, unknown_name
from s2group.extensions import db

PAGE_SIZE = 50
blueprint.add_app_template_global(name_of)


@blueprint.get("/editor/")
@allow(Action.EDIT_CONTENT)
def home() -> Any:
    """All kinds of records, with what is untranslated."""
    counts = {name: count_of(KINDS[name]) for name in (*EDITABLE, "news")}
    return render_template("editor/home.html", words=KIND_WORDS, counts=counts, gaps=gaps_by_kind())


@blueprint.get("/editor/<kind>/")
@allow(Action.EDIT_CONTENT)
def records(kind: str) -> Any:
    """The records of a kind; of the group itself there is one."""
    editable = _editable(kind)
    if not editable.kind.key:
        return redirect(url_for("editor.record", kind=kind, key=kind))
    try:
        page = records_page(editable.kind, size=PAGE_SIZE, after=request.args.get("after"))
    except ValueError:
        abort(404)
    return render_template("editor/records.html", editable=editable, words=KIND_WORDS[kind], page=page)


@blueprint.route("/editor/<kind>/new/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def new_record(kind: str) -> Any:
    """Add a record."""
    editable = _editable(kind)
    if not editable.may_add or not editable.kind.key:
        abort(404)
    return _edit(editable, None)


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
    return _edit(editable, row)


@blueprint.route("/editor/<kind>/<path:key>/revisions/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def record_revisions(kind: str, key: str) -> Any:
    """Who changed what of a record, and the way back to what it was."""
    editable = _editable(kind)
    row = record_at(editable.kind, key) or abort(404)
    return _restore(editable, row) if request.method == "POST" else _revisions(editable, row)


def _editable(kind: str) -> Editable:
    if kind not in EDITABLE:
        abort(404)
    return EDITABLE[kind]


def _may_begin(editable: Editable, key: str) -> bool:
    """Whether a record that is not there may be made at its own address: the only one of its kind, or one taken away
    while somebody wrote."""
    kind = editable.kind
    return request.method == "POST" and editable.may_add if kind.key else key == kind.name


def _edit(editable: Editable, row: Any | None) -> Any:
    kind = editable.kind
    stored = kind.of(row) if row is not None else None
    seen = _newest(kind, row)
    form = record_form(editable, stored, seen=seen, names=_names(editable))
    if not form.validate_on_submit():
        return _page(editable, form, row), 422 if form.errors else 200
    values = form.values(editable, stored or {})
    if values is None:
        return _page(editable, form, row), 422
    if form.seen_number != seen:
        return _conflict(editable, form, row), 409
    if values == stored:
        flash("same")
        return _to(editable, row)
    return _save(editable, form, row, values)


def _newest(kind: Kind, row: Any | None) -> int:
    """The number of the newest revision of a record; 0 where there is none."""
    return head(db.session(), kind, row).number if row is not None else 0


def _to(editable: Editable, row: Any) -> Any:
    kind = editable.kind
    return redirect(url_for("editor.record", kind=kind.name, key=kind.key_of_row(row)), 303)


def _save(editable: Editable, form: RecordForm, row: Any | None, values: Any) -> Any:
    kind, record_id = editable.kind, row.id if row is not None else None
    try:
        saved = save_record(editable, record_id, values, seen=form.seen_number, actor=current_user.id, now=now())
    except KeyTakenError:
        form.complain(kind.key, str(SLUG_TAKEN))
    except ContentError as error:
        form.complain(error.field, unknown_name(kind.by_name[error.field]))
    except ConflictError:
        return _conflict(editable, form, record_at(kind, (request.view_args or {}).get("key", ""))), 409
    else:
        flash("saved")
        return _to(editable, saved)
    return _page(editable, form, row), 422


def _conflict(editable: Editable, form: RecordForm, row: Any | None) -> str:
    """Show both versions. From here on the editor has seen the other one, so that saving again replaces it."""
    form.seen.data = str(_newest(editable.kind, row))
    theirs: list[Difference] = []
    if row is not None:
        stored = editable.kind.of(row)
        typed = form.values(editable, stored) or stored
        theirs = differences(editable.kind, editable.kind.as_json(typed), editable.kind.as_json(stored))
    return _page(editable, form, row, conflict=True, theirs=theirs)


def _page(editable: Editable, form: RecordForm, row: Any | None, **more: Any) -> str:
    return render_template(
        "editor/record.html", editable=editable, words=KIND_WORDS[editable.kind.name], form=form, row=row, **more
    )


def _restore(editable: Editable, row: Any) -> Any:
    found = {str(revision.number): revision for revision, _ in revisions_of(editable.kind, row)}
    chosen, seen = found.get(request.form.get("number", "")), request.form.get("seen", "")
    if chosen is None or chosen.values is None or not seen.isdecimal():
        abort(400)
    try:
        values = editable.kind.read(chosen.values, "")
        saved = save_record(editable, row.id, values, seen=int(seen), actor=current_user.id, now=now())
    except ConflictError:
        return _revisions(editable, row, problem="conflict"), 409
    except (ContentError, KeyTakenError):
        return _revisions(editable, row, problem="gone"), 422
    flash("restored")
    return _to(editable, saved)


def _revisions(editable: Editable, row: Any, problem: str = "") -> str:
    found = versions(editable.kind, revisions_of(editable.kind, row))
    words = KIND_WORDS[editable.kind.name]
    return render_template(
        "editor/revisions.html", editable=editable, words=words, row=row, versions=found, problem=problem
    )


def _names(editable: Editable) -> Names:
    """The keys and the names of what the form lets one tick."""
    wanted = {getattr(field, "kind", "") for field in editable.fields}
    return {
        kind: [(KINDS[kind].key_of_row(row), name_of(row)) for row in stored_rows(db.session(), KINDS[kind])]
        for kind in wanted.intersection(TICKED)
    }
