"""What all pages of an applicant share."""

from datetime import date

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import ObjectDeletedError

from s2group.admissions.models import Application
from s2group.admissions.services.drafts import DraftGoneError, OlderTabError
from s2group.apply.views.access import may_look

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


def link_offered(application: Application, status: int = 200) -> Response:
    """The page in the place of one that is not for everybody: it offers a link to the application's e-mail address."""
    page = render_template("apply/need_link.html", application=application, is_hidden=not may_look(application))
    return keep_to_the_reader(make_response(page, status))


@blueprint.errorhandler(DraftGoneError)
@blueprint.errorhandler(ObjectDeletedError)
@blueprint.errorhandler(OlderTabError)
def overtaken(error: Exception) -> ResponseReturnValue:
    """What it is about was sent, changed or deleted while this request was under way: its page says how it is now."""
    arguments = request.view_args or {}
    if "reference" in arguments:
        return redirect(url_for("apply.status", reference=arguments["reference"]), 303)
    if not arguments.keys() & {"key", "token"}:
        raise error
    return redirect(url_for(str(request.endpoint), **arguments), 303)
