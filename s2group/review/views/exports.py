"""Taking along what a search shows."""

from collections.abc import Iterator

from flask import Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation.queries import application_in_full
from s2group.evaluation.search import Mistake, read
from s2group.exports import columns, queries, services
from s2group.exports.rules import MEDIA_TYPES, MOST_DOSSIERS, Format, folder_name
from s2group.review.downloads import kept_private
from s2group.review.views.blueprint import blueprint


@blueprint.route("/export/", methods=["GET", "POST"])
@allow(Action.EXPORT_APPLICATIONS)
def export() -> ResponseReturnValue:
    """What an export of this search would hold; by POST the export itself, which is sent while it is made."""
    asked = request.values.get("q", "")
    expression = read(asked, current_user, clock.now())
    if isinstance(expression, Mistake):
        return render_template("review/exports/mistake.html", q=asked), 422
    count = queries.count(current_user, expression)
    format = next((each for each in Format if each == request.form.get("format")), None)
    if format is None or not count or (format is Format.DOSSIERS and count > MOST_DOSSIERS):
        page = render_template(
            "review/exports/index.html",
            q=asked,
            count=count,
            files=queries.file_count(current_user, expression),
            headings=columns.headings(),
            most_dossiers=MOST_DOSSIERS,
        )
        return page, 422 if request.method == "POST" else 200
    made = services.begin_export(format=format, expression=expression, actor=current_user, now=clock.now())
    return _attached(stream_with_context(made.pieces), made.name)


@blueprint.post("/<reference>/dossier/")
@allow(Action.EXPORT_APPLICATIONS)
def dossier(reference: str) -> Response:
    """All of one applicant in one PDF."""
    found = application_in_full(current_user, reference, Action.EXPORT_APPLICATIONS) or abort(404)
    made = services.begin_dossier(application=found, actor=current_user, now=clock.now())
    return _attached(iter([made]), f"{folder_name(found.name, reference)}.pdf")


def _attached(pieces: Iterator[bytes], name: str) -> Response:
    response = Response(pieces, mimetype=MEDIA_TYPES[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return kept_private(response)
