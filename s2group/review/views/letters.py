"""The letters that referees sent, for those who read applications."""

from flask import Response, abort
from flask_login import current_user

from s2group.admissions.document_kinds import LETTER, file_name
from s2group.core.permissions import Action, allow
from s2group.evaluation.queries import letter_of
from s2group.review.downloads import download
from s2group.review.views.blueprint import blueprint


@blueprint.get("/<reference>/letters/<int:position>.pdf")
@allow(Action.READ_APPLICATIONS)
def letter(reference: str, position: int) -> Response:
    """A letter as it was uploaded, byte for byte, to be saved and not shown."""
    document = letter_of(current_user, reference, position) or abort(404)
    return download(document, file_name(f"{LETTER}-{position}", reference, document.media_type))
