"""Files of applicants and referees for those who read applications: to be saved, and never shown as a page of ours."""

import io

from flask import Response, make_response, render_template, send_file

from s2group.core import clock
from s2group.documents.models import Document
from s2group.documents.verification import LostFileError, read_whole

# A document is no page of ours: nothing in it may run or reach out.
DOCUMENT_POLICY = "default-src 'none'; sandbox"


def download(document: Document, name: str) -> Response:
    """A file as it was uploaded, byte for byte; where the store has lost it, a page that says what is known of it."""
    try:
        content = read_whole(document.sha256, now=clock.now())
    except LostFileError:
        return make_response(render_template("review/lost_file.html", document=document), 404)
    response = send_file(
        io.BytesIO(content), document.media_type, as_attachment=True, download_name=name, etag=document.sha256
    )
    return kept_private(response)


def kept_private(response: Response) -> Response:
    """A file of an applicant: nothing in it runs, and no copy stays with the browser."""
    response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
