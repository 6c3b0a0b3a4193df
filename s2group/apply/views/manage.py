"""What applicants do with an application they have sent. A browser must have sent it, or have used its link."""

import tempfile
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions import queries
from s2group.admissions.models import Application
from s2group.admissions.rules.states import State
from s2group.admissions.services import changes
from s2group.admissions.services.notices import mail_manage_link
from s2group.admissions.services.states import ForbiddenMoveError, may_be_withdrawn
from s2group.apply.access import may_change
from s2group.apply.forms.deletion import DeletionForm
from s2group.apply.views.blueprint import (
    POSTS,
    blueprint,
    checks_token_itself,
    link_offered,
    private_page,
)
from s2group.core import clock
from s2group.core.errors import drain
from s2group.core.forms import PortalForm
from s2group.core.identifiers import new_token
from s2group.core.permissions import personal, public
from s2group.extensions import limiter
from s2group.mail.queries import mails_of
from s2group.privacy.data_export import write_data_export
from s2group.privacy.deletion import UnknownApplicationError, delete_application

# Mails that somebody who only knows the reference can have sent.
ASKS = "10 per hour"
# Larger archives wait on the disk until they are sent.
IN_MEMORY = 1_000_000
OwnView = Callable[..., ResponseReturnValue]


def of_its_owner(view: OwnView) -> OwnView:
    """Give the view the application; whoever only knows its reference is offered a link to its e-mail address."""

    @wraps(view)
    def guarded(reference: str, **arguments: Any) -> ResponseReturnValue:
        application = queries.application_by_reference(reference) or abort(404)
        if may_change(application):
            return view(application, **arguments)
        drain()
        return link_offered(application, 403 if request.method == "POST" else 200)

    return guarded


@blueprint.post("/apply/status/<reference>/link/")
@personal
@limiter.limit(ASKS)
def mail_link(reference: str) -> ResponseReturnValue:
    """Mail a link to the application's own address; where it has had too many, its page says when it gets the next."""
    application = queries.application_by_reference(reference) or abort(404)
    is_mailed = mail_manage_link(application=application, now=clock.now())
    return back_to_status(application, "link" if is_mailed else "")


@blueprint.post("/apply/status/<reference>/edit/")
@personal
@limiter.limit(POSTS)
@of_its_owner
def edit(application: Application) -> ResponseReturnValue:
    """Begin to change the application, or go on with a change that was begun."""
    try:
        draft = changes.begin_change(application=application, key=new_token(), now=clock.now())
    except changes.TooLateError:
        return too_late(application)
    return redirect(url_for("apply.draft", key=draft.key), 303)


@blueprint.route("/apply/status/<reference>/withdraw/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
@of_its_owner
def withdraw(application: Application) -> ResponseReturnValue:
    """Withdraw the application, after a page that says what this means."""
    if application.state == State.WITHDRAWN:
        return back_to_status(application)
    form = PortalForm()
    if not form.validate_on_submit():
        is_allowed = may_be_withdrawn(application)
        return _form_page("apply/withdraw.html", application, form) if is_allowed else too_late(application)
    try:
        changes.withdraw(application=application, now=clock.now())
    except ForbiddenMoveError:
        return too_late(application)
    return back_to_status(application, "withdrawn")


@blueprint.route("/apply/status/<reference>/take-back/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
@of_its_owner
def take_back(application: Application) -> ResponseReturnValue:
    """Take a withdrawal back, after a page that says what this means."""
    now, form = clock.now(), PortalForm()
    if application.state != State.WITHDRAWN:
        return back_to_status(application)
    if not changes.may_come_back(application, now=now):
        return too_late(application)
    if not form.validate_on_submit():
        return _form_page("apply/take_back.html", application, form)
    try:
        changes.take_back_withdrawal(application=application, now=now)
    except (changes.TooLateError, ForbiddenMoveError):
        return too_late(application)
    return back_to_status(application, "taken_back")


@blueprint.get("/apply/status/<reference>/data.zip")
@personal
@limiter.limit(POSTS)
@of_its_owner
def data(application: Application) -> ResponseReturnValue:
    """All that is held about the applicant."""
    archive = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_data_export(archive, application=application, mails=mails_of(application.reference), now=clock.now())
    archive.seek(0)
    name = f"application-{application.reference}.zip"
    return private_page(send_file(archive, "application/zip", as_attachment=True, download_name=name))


@blueprint.route("/apply/status/<reference>/delete/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
@of_its_owner
def delete(application: Application) -> ResponseReturnValue:
    """Delete the application for good, after a page that says what stays."""
    form, reference = DeletionForm(), application.reference
    if not form.validate_on_submit():
        return _form_page("apply/delete.html", application, form)
    try:
        delete_application(reference=reference, reason="request", actor=None, farewell=True, now=clock.now())
    except UnknownApplicationError:
        abort(404)
    return redirect(url_for("apply.deleted"), 303)


@blueprint.get("/apply/deleted/")
@public
def deleted() -> str:
    """What is said when an application is gone; its own pages no longer exist."""
    return render_template("apply/deleted.html")


def _form_page(template: str, application: Application, form: PortalForm) -> Response:
    return own_page(template, application, status=422 if form.errors else 200, form=form)


def own_page(template: str, application: Application, *, status: int = 200, **context: Any) -> Response:
    """A page about the application, for its owner alone."""
    page = render_template(template, application=application, call=application.route.call, **context)
    return private_page(page, status)


def too_late(application: Application) -> ResponseReturnValue:
    """It cannot be done, or not any more."""
    return own_page("apply/too_far.html", application, status=409)


def back_to_status(application: Application, done: str = "") -> ResponseReturnValue:
    """To the status page, with a word on what was done."""
    if done:
        flash(done)
    return redirect(url_for("apply.status", reference=application.reference), 303)
