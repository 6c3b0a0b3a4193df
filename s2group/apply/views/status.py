"""What became of an application, for the one who sent it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions import queries, services, wording
from s2group.admissions.models import Application
from s2group.apply.status_form import FindStatusForm
from s2group.apply.views.blueprint import POSTS, blueprint, keep_to_the_reader
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.custody.ladder import applicants_ladder
from s2group.extensions import csrf, limiter
from s2group.mail.queries import mails_of
from s2group.mail.rules import FOR_A_PERSON

CONFIRMATION = "application_confirmation"


@blueprint.route("/apply/status/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def find_status() -> ResponseReturnValue:
    """Lead from a reference to its application. Whoever has none learns nothing but that."""
    form = FindStatusForm()
    if form.validate_on_submit():
        return redirect(url_for("apply.status", reference=form.application.reference), 303)
    return render_template("apply/find_status.html", form=form), 422 if form.errors else 200


@blueprint.get("/apply/status/<reference>/")
@public
def status(reference: str) -> ResponseReturnValue:
    """How far an application has come, and what was sent. The reference is the key: it cannot be guessed."""
    application = queries.application_by_reference(reference) or abort(404)
    mails = mails_of(reference)
    answer_day = _answer_day(application)
    page = render_template(
        "apply/status.html",
        application=application,
        rungs=applicants_ladder(application, mails),
        answer_day=answer_day,
        overdue=_local_day(clock.now(), application) > answer_day,
        confirmation_failed=any(mail.message == CONFIRMATION and mail.state in FOR_A_PERSON for mail in mails),
        answers=wording.answer_rows(_shown_answers(application), current_locale()),
        outcomes=wording.explained(services.outcomes_of(application), current_locale()),
    )
    return keep_to_the_reader(make_response(page))


def _answer_day(application: Application) -> date:
    """By when the group said it would answer."""
    return _local_day(application.submitted_at, application) + timedelta(days=application.route.call.answer_days)


def _local_day(moment: datetime, application: Application) -> date:
    return moment.astimezone(ZoneInfo(application.route.call.timezone)).date()


def _shown_answers(application: Application) -> dict[str, object]:
    """The answers without the phone number: the link may have gone to a mistyped e-mail address."""
    return {name: answer for name, answer in application.answers.items() if name != "phone"}


# It checks the token itself and keeps what was typed, as the other forms of an applicant do.
csrf.exempt(find_status)
