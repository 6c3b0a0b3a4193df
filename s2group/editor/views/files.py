"""The record as the files that load again."""

import tempfile
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.admissions.services.call_export import export_calls
from s2group.content.exporting import export_content
from s2group.content.folder import content_files
from s2group.content.group.queries import group_day
from s2group.core.clock import now
from s2group.core.permissions import Action, allow, authorize
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
