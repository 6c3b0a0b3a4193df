"""What became of an application, for the one who sent it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions import queries, wording
from s2group.admissions.interviews.queries import interviews_of
from s2group.admissions.interviews.services import may_choose
from s2group.admissions.models import Application
from s2group.admissions.offers.queries import answer_due
from s2group.admissions.rules.route_form import OwnQuestion, read_form
from s2group.admissions.rules.states import State
from s2group.admissions.services import submissions
from s2group.admissions.services.changes import may_be_changed, may_come_back
from s2group.admissions.services.document_requests import awaits_documents
from s2group.admissions.services.notices import manage_link_at
from s2group.admissions.services.states import may_be_withdrawn
from s2group.admissions.timeline import timeline
from s2group.apply.access import may_change, may_look
from s2group.apply.forms import file_words
from s2group.apply.forms.status import FindStatusForm
from s2group.apply.views.blueprint import POSTS, blueprint, checks_token_itself, link_offered, private_page
from s2group.audit.wording import for_applicant
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import personal
from s2group.custody.delivery_status import applicants_delivery_status
from s2group.extensions import limiter
from s2group.mail.queries import mails_of
from s2group.mail.rules import FOR_A_PERSON

CONFIRMATION = "application_confirmation"
# Not for everybody who has the address of the page; the link may have gone to a mistyped e-mail address.
PRIVATE = ("phone", "wechat", "referees")


@blueprint.route("/apply/status/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def find_status() -> ResponseReturnValue:
    """Lead from a reference to its application. Whoever has none learns nothing but that."""
    form = FindStatusForm()
    if form.validate_on_submit():
        return redirect(url_for("apply.status", reference=form.application.reference), 303)
    return render_template("apply/find_status.html", form=form), 422 if form.errors else 200


@blueprint.get("/apply/status/<reference>/")
@personal
def status(reference: str) -> ResponseReturnValue:
    """How far an application has come, and what was sent. The reference is the key: it cannot be guessed.

    Once the address was changed the key is a link to the new one.
    """
    application = queries.application_by_reference(reference) or abort(404)
    if not may_look(application):
        return link_offered(application)
    return private_page(render_template("apply/status.html", **_told(application, clock.now())))


def _told(application: Application, now: datetime) -> dict[str, object]:
    """What the page says. What may be done goes by the state that is shown: a button must not tell a decision."""
    mails, state, names = mails_of(application.reference), State(application.shown_state), wording.event_names()
    return {
        "application": application,
        "heading": wording.HEADINGS[state],
        "steps": applicants_delivery_status(application, mails),
        "answer_day": _answer_day(application),
        "offer_due": answer_due(application),
        "overdue": _local_day(now, application) > _answer_day(application),
        "confirmation_failed": any(mail.message == CONFIRMATION and mail.state in FOR_A_PERSON for mail in mails),
        "happenings": [(event.at, for_applicant(event.details, names)) for event in timeline(application, now)],
        "interviews": interviews_of(application) if state is State.INTERVIEW else [],
        "may_choose": may_choose,
        "requests": [asked for asked in application.document_requests if asked.is_open(now)],
        "awaits_documents": awaits_documents(state),
        "upload": file_words,
        "answers": wording.answer_rows(
            _shown_answers(application),
            current_locale(),
            queries.area_titles_for(application.answers),
            _questions(application),
        ),
        "outcomes": wording.explained(submissions.outcomes_of(application), current_locale()),
        "is_own": (is_own := may_change(application)),
        "link_at": None if is_own else manage_link_at(application, now=now),
        "now": now,
        "may_edit": may_be_changed(application, now=now),
        "may_withdraw": may_be_withdrawn(application),
        "may_come_back": may_come_back(application, now=now),
    }


def _questions(application: Application) -> tuple[OwnQuestion, ...]:
    return tuple(read_form(application.route.form).questions)


def _answer_day(application: Application) -> date:
    """By when the group said it would answer."""
    return _local_day(application.submitted_at, application) + timedelta(days=application.route.call.answer_days)


def _local_day(moment: datetime, application: Application) -> date:
    return moment.astimezone(ZoneInfo(application.route.call.timezone)).date()


def _answers_in_words(application: Application) -> list[tuple[str, str]]:
    areas = queries.area_titles_for(application.answers)
    return wording.answer_rows(_shown_answers(application), current_locale(), areas, _questions(application))


def _shown_answers(application: Application) -> dict[str, object]:
    return {name: answer for name, answer in application.answers.items() if name not in PRIVATE}
