"""What all pages of an applicant share."""

from datetime import date

from flask import Blueprint, Response

blueprint = Blueprint("apply", __name__)

# Which privacy notice, templates/apply/privacy.html, an applicant agrees to; a change of what it says is a new version.
CONSENT_VERSION = "2"
CONSENT_SINCE = date(2026, 11, 21)
POSTS = "60 per minute"


def keep_to_the_reader(response: Response) -> Response:
    """A page whose address is its key: no copy is kept, no search engine lists it. The address stays on this site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
