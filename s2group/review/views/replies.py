"""Replies that came to somebody's mailbox: dropped in, found an application for, read, and taken away."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.admissions.models import Application
from s2group.admissions.replies.models import Reply
from s2group.admissions.replies.services import remove_reply
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.documents.rules import extension as extension_of
from s2group.evaluation.queries import application_in_full
from s2group.evaluation.replies import queries, services
from s2group.review.downloads import download
from s2group.review.forms.mail import ReplyForm
from s2group.review.views.blueprint import blueprint


@blueprint.route("/mail/reply/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def drop_in_reply() -> ResponseReturnValue:
    """Take in a reply to a mail of the portal, and ask whether it belongs to the application that it seems to."""
    form = ReplyForm()
    if not form.validate_on_submit():
        return _form_page(form, None)
    application = queries.application_answered(current_user, form.mail)
    if application is None:
        form.refuse(gettext("It names no application. Add it on the page of the application that it is about"))
        return _form_page(form, None)
    return _added(application, form, confirmed=False)


@blueprint.route("/<reference>/replies/add/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def add_reply(reference: str) -> ResponseReturnValue:
    """Add a reply to this application."""
    application = application_in_full(current_user, reference, Action.MANAGE_MAIL) or abort(404)
    form = ReplyForm()
    if not form.validate_on_submit():
        return _form_page(form, application)
    return _added(application, form, confirmed=True)


@blueprint.route("/<reference>/replies/<reply_key>/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def reply(reference: str, reply_key: str) -> ResponseReturnValue:
    """What a reply says. A POST says that it belongs here, or takes it away."""
    found = _reply(reference, reply_key)
    if request.method != "POST":
        return render_template("review/replies/reply.html", reply=found, extension=extension_of)
    was_there = found.confirmed or request.form.get("action") == "confirm"
    verb = {"confirm": services.confirm, "remove": remove_reply}.get(request.form.get("action", ""))
    (verb or abort(400))(reply=found, actor=current_user, now=clock.now())
    flash(f"reply_{request.form['action']}")
    page = url_for("review.application", reference=reference, _anchor="mail")
    return redirect(page if was_there else url_for("review.desk"), 303)


@blueprint.get("/<reference>/replies/<reply_key>/<int:number>.<any(pdf, jpg, png):extension>")
@allow(Action.MANAGE_MAIL)
def reply_file(reference: str, reply_key: str, number: int, extension: str) -> Response:
    """A file that came with a reply, byte for byte, to be saved and not shown."""
    found = _reply(reference, reply_key)
    document = next((each.document for each in found.files if each.position == number), None) or abort(404)
    if extension != extension_of(document.media_type):
        abort(404)
    return download(document, f"reply-{number}-{reference}.{extension}")


def _reply(reference: str, key: str) -> Reply:
    return queries.reply_by_key(current_user, reference, key) or abort(404)


def _added(application: Application, form: ReplyForm, *, confirmed: bool) -> ResponseReturnValue:
    added = services.add_reply(
        application=application, incoming=form.mail, confirmed=confirmed, actor=current_user, now=clock.now()
    )
    if confirmed:
        flash("reply_confirm")
    return redirect(url_for("review.reply", reference=application.reference, reply_key=added.key), 303)


def _form_page(form: ReplyForm, application: Application | None) -> ResponseReturnValue:
    page = render_template("review/replies/add.html", form=form, application=application)
    return page, 422 if form.errors else 200
