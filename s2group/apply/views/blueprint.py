"""What all pages of an applicant share."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm.exc import ObjectDeletedError

from s2group.admissions.models import Application
from s2group.admissions.services.drafts import DraftGoneError, OlderTabError
from s2group.admissions.services.notices import manage_link_at
from s2group.apply.access import may_look
from s2group.apply.forms.files import FilesForm
from s2group.apply.forms.uploads import ask_again
from s2group.core import clock
from s2group.core.forms import PortalForm
from s2group.core.storage_errors import StorageError
from s2group.extensions import csrf

blueprint = Blueprint("apply", __name__)

# Which privacy notice, templates/apply/privacy.html, an applicant agrees to; a change of what it says is a new version.
CONSENT_VERSION = "3"
CONSENT_SINCE = date(2026, 11, 30)
POSTS = "60 per minute"
# In bytes, what is typed into a form: several times the longest application. A draft keeps it all, whoever sends it.
LONGEST_FORM = 256 * 1024
NO_RECEIPT_YET = lazy_gettext(
    "You have no receipt yet: the portal cannot store anything right now. "
    "Wait a few minutes, then press the button again; sending twice does no harm."
)
NOTHING_CHANGED = lazy_gettext(
    "The portal cannot store anything right now, so nothing was changed. "
    "Wait a few minutes, then press the button again."
)

V = TypeVar("V", bound=Callable[..., Any])


@blueprint.before_request
def limit_texts() -> None:
    """Take no more text than an application can have; files do not count."""
    request.max_form_memory_size = LONGEST_FORM


def checks_token_itself(view: V) -> V:
    """Mark a view whose form checks the session's token itself, and keeps what was typed where the session has ended.

    The app-wide check would answer with a bare page, and asks for a referrer, which pages with a secret address
    withhold.
    """
    csrf.exempt(view)
    return view


def private_page(page: str | Response, status: int | None = None) -> Response:
    """The answer with a page whose address is its key: no copy is kept, and no search engine lists it."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def link_offered(application: Application, status: int = 200) -> Response:
    """The page in the place of one that is not for everybody: it offers a link to the application's e-mail address."""
    now = clock.now()
    page = render_template(
        "apply/need_link.html",
        application=application,
        is_hidden=not may_look(application),
        link_at=manage_link_at(application, now=now),
        now=now,
    )
    return private_page(page, status)


def try_again_later(form: PortalForm, trouble: StorageError, words: Any, page: Callable[[int], Response]) -> Response:
    """Give a form back as it was filled in, where disk or database cannot keep anything now.

    `words` say what was not done; `page` makes the page with the form, of the status that it is given.
    """
    if isinstance(form, FilesForm):
        ask_again(form)
        form.validate()
    form.form_errors.insert(0, str(words))
    response = page(trouble.code)
    response.headers["Retry-After"] = str(trouble.retry_after)
    return response


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
