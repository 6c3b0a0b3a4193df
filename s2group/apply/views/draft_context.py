"""What all pages of a draft have in common."""

from datetime import datetime
from typing import NoReturn

from flask import abort, make_response, redirect, render_template, url_for

from s2group.admissions.models import Draft
from s2group.admissions.queries import application_by_form_key
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.services.drafts import draft_by_key, ends_at

# The steps after the topics: the files, and the last look at everything.
FILES = "files"
CHECK = "check"


def opened_draft(key: str, *, now: datetime) -> Draft:
    """The draft with this address; otherwise the request ends with the receipt it became, or with where to go on."""
    draft = draft_by_key(key)
    if draft is None or ends_at(draft) < now:
        _leave(key, has_ended=draft is not None)
    return draft


def form_of(draft: Draft) -> RouteForm:
    """What its route asks."""
    return read_form(draft.route.form)


def _leave(key: str, *, has_ended: bool) -> NoReturn:
    sent = application_by_form_key(key)
    if sent:
        abort(redirect(url_for("apply.receipt", reference=sent.reference), 303))
    abort(make_response(render_template("apply/draft_gone.html"), 410 if has_ended else 404))
