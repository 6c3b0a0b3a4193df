"""The record as the files that load again: all of them out, and one of them in."""

import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.admissions.services.call_export import export_calls
from s2group.content.exporting import export_content
from s2group.content.folder import content_files
from s2group.content.group.queries import group_day
from s2group.content.records.errors import ContentError
from s2group.content.sent_files import FILES, MistakesError, Outcome, load_files, text_of
from s2group.core.clock import now
from s2group.core.permissions import Action, allow, authorize
from s2group.editor import file_wording
from s2group.editor.forms.files import FileForm
from s2group.editor.views.blueprint import blueprint


@blueprint.get("/editor/content.zip")
@allow(Action.EDIT_CONTENT)
def content_as_files() -> ResponseReturnValue:
    """All content as files; the calls among them only for those who may change these."""
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "content")
        export_content(folder, export_calls if authorize(current_user, Action.EDIT_CALLS) else lambda _folder: [])
        _pack(folder, packed)
    packed.seek(0)
    name = f"content-{group_day(now())}.zip"
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


def _pack(folder: Path, target: IO[bytes]) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for path, file in content_files(folder):
            packed.write(file, path)


@blueprint.get("/editor/files/<path:path>")
@allow(Action.EDIT_CONTENT)
def content_file(path: str) -> ResponseReturnValue:
    """One of the files; a table begins with the sign by which spreadsheets know UTF-8."""
    text = text_of(path)
    if text is None:
        abort(404)
    is_table = path.endswith(".csv")
    data = BytesIO(text.encode("utf-8-sig" if is_table else "utf-8"))
    kind = "text/csv" if is_table else "text/plain"
    name = path.rpartition("/")[2]
    return send_file(data, mimetype=f"{kind}; charset=utf-8", as_attachment=True, download_name=name, max_age=0)


@blueprint.route("/editor/files/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def files() -> ResponseReturnValue:
    """Show what one file or a ZIP of them would change, record by record, and then let it.

    Nothing is kept in between: the form carries the text, and the mark of what was shown; a ZIP is sent twice.
    """
    form = FileForm()
    form.offer(FILES)
    if request.method != "POST":
        return _page(form)
    is_valid = form.validate()
    form.take_file()
    if not form.says_something() or not is_valid:
        return _page(form), 422
    asks = request.form.get("action") == "load" and (form.zipped or not form.file.data)
    shown = (form.shown.data or "") if asks else None
    try:
        outcome = load_files(form.texts, actor=current_user.id, now=now(), whole=form.is_whole, shown=shown)
    except MistakesError as error:
        return _page(form, mistakes=error.mistakes), 422
    path, form.shown.data = form.path or form.file.data.filename, outcome.mark
    if outcome.is_loaded:
        form.empty()
    # Who sends it twice is not told of another change: it says the same already.
    is_other = shown is not None and not outcome.is_loaded and bool(outcome.changes)
    return _page(form, path=path, outcome=outcome, is_other=is_other), 409 if is_other else 200


def _page(
    form: FileForm,
    outcome: Outcome | None = None,
    mistakes: Sequence[ContentError] = (),
    *,
    path: str = "",
    is_other: bool = False,
) -> str:
    return render_template(
        "editor/files.html",
        form=form,
        files=FILES.values(),
        path=path,
        outcome=outcome,
        mistakes=mistakes,
        is_other=is_other,
        say=file_wording,
    )
