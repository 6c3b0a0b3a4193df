"""Asking an applicant for one answer or document once more, and taking back what was asked."""

from datetime import datetime

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.admissions.asked_again import AskedAgain, asked_again
from s2group.admissions.models import Application
from s2group.admissions.services.asked_again import ask_again as ask
from s2group.admissions.services.asked_again import mail_that_asks
from s2group.admissions.services.document_requests import NothingAskedError, take_back_request
from s2group.core import clock
from s2group.core.i18n import current_locale, in_language
from s2group.core.permissions import Action, allow
from s2group.evaluation.queries import application_in_full
from s2group.review.forms.decisions import LONGEST_REASON, AskAgainForm
from s2group.review.views.blueprint import blueprint
from s2group.review.views.held import told_at


@blueprint.route("/<reference>/ask/<question>/", methods=["GET", "POST"], endpoint="ask_again")
@allow(Action.DECIDE_APPLICATIONS)
def ask_about(reference: str, question: str) -> ResponseReturnValue:
    """Say why an answer or a document is asked for once more, see the mail, and ask."""
    application, now = _application(reference), clock.now()
    about = asked_again(application, question)
    if not about.can_be_asked:
        abort(404)
    form = AskAgainForm(application.route.call.timezone, now, text=_beginning(application))
    if not form.validate_on_submit():
        return _page(about, form), 422 if form.errors else 200
    if request.form.get("do") == "preview":
        return _page(about, form, mail_that_asks(application, question, form.text.data, form.due_at))
    return _told(reference, "asked" if _asked(about, form, now) else "too_late")


def _asked(about: AskedAgain, form: AskAgainForm, now: datetime) -> bool:
    try:
        ask(
            application=about.application,
            question=about.question,
            text=form.text.data,
            due_at=form.due_at,
            told_at=told_at(now),
            actor=current_user,
            now=now,
        )
    except NothingAskedError:
        return False
    return True


@blueprint.post("/<reference>/asked/<int:request_id>/take-back/")
@allow(Action.DECIDE_APPLICATIONS)
def take_back_asked(reference: str, request_id: int) -> ResponseReturnValue:
    """Want no answer any more to something that was asked."""
    application = _application(reference)
    asked = next((each for each in application.document_requests if each.id == request_id), None) or abort(404)
    is_done = take_back_request(asked=asked, actor=current_user, now=clock.now())
    return _told(reference, "request_taken_back" if is_done else "too_late")


def _application(reference: str) -> Application:
    return application_in_full(current_user, reference, Action.DECIDE_APPLICATIONS) or abort(404)


def _beginning(application: Application) -> str:
    """What the text begins with where a difference led here, in the language of the application."""
    found = request.args.get("found", "")[: LONGEST_REASON // 2]
    if not found:
        return ""
    with in_language("zh" if application.locale == "zh" else "en"):
        return str(gettext("Your CV says “%(found)s”, which differs from the form. Which is right?", found=found))


def _page(about: AskedAgain, form: AskAgainForm, mail: object = None) -> str:
    return render_template(
        "review/ask_again.html",
        application=about.application,
        about=about,
        said=about.said(current_locale()),
        form=form,
        mail=mail,
        hold_minutes=current_app.config["HOLD_MINUTES"],
    )


def _told(reference: str, what: str) -> ResponseReturnValue:
    flash(what)
    return redirect(url_for("review.application", reference=reference), 303)
