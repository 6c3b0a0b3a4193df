"""What the PI decides about an application, asks of its applicant, and compares of its versions."""

from datetime import datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.admissions.comparison import steps
from s2group.admissions.decision_words import TOLD
from s2group.admissions.document_kinds import file_name
from s2group.admissions.models import Application
from s2group.admissions.offers.queries import set_due
from s2group.admissions.rules.states import MOVES, Mover, State
from s2group.admissions.services.document_requests import NothingAskedError, ask_for_document, awaits_documents
from s2group.admissions.services.states import ForbiddenMoveError
from s2group.admissions.summary import summarise
from s2group.admissions.wording import STATES
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import Action, allow
from s2group.evaluation import queries
from s2group.evaluation.blind import is_blind_for
from s2group.evaluation.pipeline.models import Decision
from s2group.evaluation.pipeline.queries import decision_of, places
from s2group.evaluation.pipeline.services import NoPlaceLeftError, StaleNoteError, decide
from s2group.review.downloads import download
from s2group.review.forms.decisions import DecisionForm, RequestForm
from s2group.review.views.blueprint import blueprint
from s2group.review.views.held import told_at
from s2group.review.views.releases import prepare_decision


@blueprint.get("/<reference>/versions/")
@allow(Action.READ_APPLICATIONS)
def versions(reference: str) -> str:
    """What each change of an application changed, the newest first."""
    application = _application(reference, Action.READ_APPLICATIONS)
    if is_blind_for(current_user, application):
        abort(404)  # each change of an answer says who somebody was and is
    return render_template("review/versions.html", application=application, steps=steps(application, current_locale()))


@blueprint.get("/<reference>/versions/<int:number>/<kind>/")
@allow(Action.READ_APPLICATIONS)
def former_document(reference: str, number: int, kind: str) -> Response:
    """A file of a former version as it was uploaded, byte for byte, to be saved and not shown."""
    found = queries.document_of(current_user, reference, kind, version=number) or abort(404)
    return download(found, file_name(f"{kind}-v{number}", reference, found.media_type))


@blueprint.route("/<reference>/decision/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def decision(reference: str) -> ResponseReturnValue:
    """Move an application to another state. The applicant hears of it when that is released, which may come next."""
    application, now = _application(reference, Action.DECIDE_APPLICATIONS), clock.now()
    form = _decision_form(application, now)
    if not form.validate_on_submit():
        return _decision_page(application, form)
    try:
        decide(application=application, choice=form.choice, actor=current_user, now=now)
    except NoPlaceLeftError as error:
        form.want_a_reason(
            gettext(
                "%(taken)s offers for %(total)s places: say why", taken=error.places.taken, total=error.places.total
            )
        )
        return _decision_page(application, form)
    except StaleNoteError:
        stored = decision_of(current_user, application)
        form.tell_of_change(stored.seen if stored else "")
        return _decision_page(application, form, stored=stored)
    except ForbiddenMoveError:  # the applicant, or a colleague, was faster
        return _told("too_late", reference)
    if form.release.data and application.state in TOLD and application.state != application.shown_state:
        return prepare_decision(application)
    return _told("decided", reference)


def _decision_form(application: Application, now: datetime) -> DecisionForm:
    state, decision = State(application.state), decision_of(current_user, application)
    return DecisionForm(
        state,
        MOVES[state][Mover.STAFF],
        application.route.call.timezone,
        now,
        answer_due_at=set_due(application),
        note=decision.note if decision else "",
        seen=decision.seen if decision else "",
        **_asked_state(),
    )


def _asked_state() -> dict[str, State]:
    """The state that the address names, where a button of another page leads here."""
    return {"asked": State(request.args["state"])} if request.args.get("state") in [*State] else {}


def _decision_page(application: Application, form: DecisionForm, stored: Decision | None = None) -> ResponseReturnValue:
    return _page(
        "review/decision.html",
        application,
        form,
        decision=decision_of(current_user, application),
        stored=stored,
        summary=summarise(application, current_locale()),
        places=places(current_user, [application.route])[application.route_id],
    )


@blueprint.route("/<reference>/request/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def request_document(reference: str) -> ResponseReturnValue:
    """Ask the applicant for a further document."""
    application, form = _application(reference, Action.DECIDE_APPLICATIONS), RequestForm()
    if not awaits_documents(State(application.state)):
        return _told("too_late", reference)
    if not form.validate_on_submit():
        return _page("review/request.html", application, form)
    due_at, now = form.due_at(application.route.call.timezone), clock.now()
    try:
        ask_for_document(
            application=application,
            text=form.text.data,
            due_at=due_at,
            told_at=told_at(now),
            actor=current_user,
            now=now,
        )
    except NothingAskedError:
        return _told("too_late", reference)
    return _told("asked", reference)


def _application(reference: str, action: Action) -> Application:
    return queries.application_in_full(current_user, reference, action) or abort(404)


def _page(
    template: str, application: Application, form: DecisionForm | RequestForm, **more: object
) -> ResponseReturnValue:
    return render_template(
        template, application=application, form=form, states=STATES, **more
    ), 422 if form.errors else 200


def _told(what: str, reference: str) -> ResponseReturnValue:
    """The page of the application, with a word on what was done."""
    flash(what)
    return redirect(url_for("review.application", reference=reference), 303)
