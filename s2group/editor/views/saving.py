"""How a page changes one record by the form that its fields make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from flask import abort, flash, redirect, render_template, request

from s2group.content.editing import Editable, KeyTakenError
from s2group.content.kinds import KINDS
from s2group.content.pictures.uploads import UnacceptablePicture, take_picture
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.queries import titles_by_key
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import Field, Tables
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import stored_rows
from s2group.content.records.services import ConflictError, head
from s2group.core.clock import now
from s2group.editor.forms.controls import Names
from s2group.editor.forms.lists import TICKED
from s2group.editor.forms.records import ControlledForm, RecordForm, record_form
from s2group.editor.queries import revision_of, revisions_of
from s2group.editor.revisions import Difference, differences, name_of, versions
from s2group.editor.views.paging import number_after, read_number
from s2group.editor.wording import FAULTS_OF_PICTURES, key_taken
from s2group.extensions import db

# How many versions a page of the history shows.
VERSIONS = 20


@dataclass(frozen=True)
class Editing:
    """What is particular about the pages of a kind of record.

    `save(row, values, seen)` gives the row, `page(form, row, **more)` what is shown, `address(row)` where the record is
    changed, `problem(error)` the words for what saving refused, and `again()` the row after somebody else changed it.
    """

    editable: Editable
    save: Callable[[Any, Any, int], Any]
    page: Callable[..., str]
    address: Callable[[Any], str]
    problem: Callable[[Any], str]
    again: Callable[[], Any | None]
    # What shows how visitors would see what was typed, of kinds that they see.
    preview: Callable[[Any, Any, int], Any] | None = None
    # In which moments are shown and typed.
    zone: tzinfo = UTC


def edit(
    editing: Editing,
    row: Any | None,
    *,
    names: Names = {},  # noqa: B006 - nobody changes it
    begun: Values | None = None,
) -> Any:
    """Show a record, or of a new one what is `begun` or the defaults, and save what was typed.

    `names` are the keys and the names of what the form lets one name.
    """
    editable = editing.editable
    stored = editable.kind.of(row) if row is not None else None
    seen = newest(editable.kind, row)
    form = record_form(editable, stored or begun, seen=seen, names=names, zone=editing.zone)
    is_right = form.validate_on_submit()
    take_pictures(form)
    if not is_right or form.errors:
        return editing.page(form, row), 422 if form.errors else 200
    values = form.values(editable, stored or editable.begun | (begun or {}))
    if values is None:
        return editing.page(form, row), 422
    if form.seen_number != seen:
        return conflict(editing, form, row), 409
    if values == stored and request.form.get("action") != "preview":
        flash("same")
        return redirect(editing.address(row), 303)
    return _save(editing, form, row, values)


def names_for(fields: Sequence[Field[Any]]) -> Names:
    """The keys and the names of the records that the form of these fields lets one name."""
    inner = [each for field in fields if isinstance(field, Tables) for each in field.fields]
    wanted = {getattr(field, "kind", "") for field in (*fields, *inner)}
    names: dict[str, Sequence[tuple[str, str]]] = {
        kind: [(KINDS[kind].key_of_row(row), name_of(row)) for row in stored_rows(db.session(), KINDS[kind])]
        for kind in wanted.intersection(TICKED)
    }
    return names | ({PUBLICATION.name: titles_by_key()} if PUBLICATION.name in wanted else {})


def take_pictures(form: ControlledForm) -> None:
    """Keep the pictures that came along, and show them in the form: a form that comes back still has them."""
    for photo in form.photos:
        file = form[photo.file_name].data
        if not file or not file.filename:
            continue
        try:
            form[photo.field.name].data = take_picture(file.stream, now=now()).path
        except UnacceptablePicture as error:
            form[photo.file_name].errors = [str(FAULTS_OF_PICTURES[error.fault])]


def newest(kind: Kind, row: Any | None) -> int:
    """The number of the newest revision of a record; 0 where there is none."""
    return head(db.session(), kind, row).number if row is not None else 0


def _save(editing: Editing, form: RecordForm, row: Any | None, values: Any) -> Any:
    try:
        if editing.preview and request.form.get("action") == "preview":
            return editing.preview(row, values, form.seen_number)
        saved = editing.save(row, values, form.seen_number)
    except KeyTakenError:
        form.complain(editing.editable.kind.key, key_taken(editing.editable.kind.name))
    except ContentError as error:
        form.complain(error.field, editing.problem(error))
    except ConflictError:
        return conflict(editing, form, editing.again()), 409
    else:
        flash("saved")
        return redirect(editing.address(saved), 303)
    return editing.page(form, row), 422


def conflict(editing: Editing, form: RecordForm, row: Any | None) -> str:
    """Show both versions. From here on the editor has seen the other one, so that saving again replaces it."""
    kind = editing.editable.kind
    form.seen.data = str(newest(kind, row))
    theirs: list[Difference] = []
    if row is not None:
        stored = kind.of(row)
        typed = form.values(editing.editable, stored) or stored
        theirs = differences(kind, kind.as_json(typed), kind.as_json(stored))
    return editing.page(form, row, conflict=True, theirs=theirs)


def history(editing: Editing, row: Any, name: str) -> Any:
    """Who changed what of a record, and the way back to what it was."""
    return _restore(editing, row, name) if request.method == "POST" else _versions(editing, row, name)


def _restore(editing: Editing, row: Any, name: str) -> Any:
    kind = editing.editable.kind
    number, seen = (read_number(request.form.get(name, "")) for name in ("number", "seen"))
    chosen = revision_of(kind, row, number) if number is not None else None
    if chosen is None or chosen.values is None or seen is None:
        abort(400)
    try:
        saved = editing.save(row, kind.read(chosen.values, ""), seen)
    except ConflictError:
        return _versions(editing, row, name, problem="conflict"), 409
    except (ContentError, KeyTakenError):
        return _versions(editing, row, name, problem="gone"), 422
    flash("restored")
    return redirect(editing.address(saved), 303)


def _versions(editing: Editing, row: Any, name: str, problem: str = "") -> str:
    kind, before = editing.editable.kind, number_after()
    # One more: what the last of the page has changed shows by the one before it.
    found = versions(kind, revisions_of(kind, row, size=VERSIONS + 1, before=before))
    return render_template(
        "editor/revisions.html",
        name=name,
        back=editing.address(row),
        versions=found[:VERSIONS],
        newest=newest(kind, row),
        after=found[VERSIONS - 1].revision.number if len(found) > VERSIONS else None,
        problem=problem,
    )
