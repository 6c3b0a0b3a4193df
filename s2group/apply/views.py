"""The admissions notice, the requirement check, the application form and its receipt."""

from datetime import datetime

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from s2group.admissions import queries, services, wording
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.rules import Requirement, evaluate, read_requirements
from s2group.apply import uploads
from s2group.apply.fieldsets import LONGEST_STATEMENT
from s2group.apply.forms import ApplicationForm, CheckForm
from s2group.core import clock
from s2group.core.errors import as_storage_trouble
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.core.trouble import StorageTrouble
from s2group.extensions import csrf, limiter

blueprint = Blueprint("apply", __name__)

# Which words of consent the form shows; a change of the words is a new version.
CONSENT_VERSION = "1"
POSTS = "60 per minute"


@blueprint.get("/admissions/")
@public
def admissions() -> str:
    """What the group offers and asks for, and how to apply."""
    calls = queries.open_calls(clock.now())
    rows = {
        route.id: wording.requirement_rows(_requirements(route), current_locale())
        for call in calls
        for route in call.routes
    }
    return render_template("apply/admissions.html", calls=calls, rows=rows, largest_file=uploads.largest_file())


@blueprint.route("/admissions/check/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def check() -> ResponseReturnValue:
    """Say what the answers mean for each requirement. Stores nothing."""
    route = _asked_route(clock.now())
    if route is None:
        return _closed(None)
    requirements = _requirements(route)
    form = CheckForm(requirements)
    outcomes = None
    if form.validate_on_submit():
        outcomes = wording.explained(evaluate(requirements, form.answers()), current_locale())
    page = render_template("apply/check.html", form=form, route=route, outcomes=outcomes)
    return page, 422 if form.errors else 200


@blueprint.route("/apply/", methods=["GET", "POST"])
@public
@limiter.limit(POSTS, methods=["POST"])
def form() -> ResponseReturnValue:
    """The application form; a second post of the same form leads to the same receipt."""
    now = clock.now()
    route = _asked_route(now)
    form = ApplicationForm(_requirements(route) if route else [], route_key=route.key if route else "")
    if form.is_submitted() and (sent := queries.application_by_form_key(form.form_key.data)):
        return _to_receipt(sent)
    if route is None:
        return _closed(form)
    if not form.is_submitted():
        return _form_page(form, route)
    try:
        with as_storage_trouble():
            return _take(form, route, now)
    except StorageTrouble as trouble:
        return _put_off(form, route, trouble)


@blueprint.get("/apply/received/<reference>/")
@public
def receipt(reference: str) -> ResponseReturnValue:
    """What was received, and what happens next. The reference is the key: it cannot be guessed."""
    application = queries.application_by_reference(reference) or abort(404)
    outcomes = wording.explained(services.outcomes_of(application), current_locale())
    return keep_to_the_reader(
        make_response(render_template("apply/receipt.html", application=application, outcomes=outcomes))
    )


def keep_to_the_reader(response: Response) -> Response:
    """A page whose address is its key: no copy is kept, no search engine lists it, no other page learns the address."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _requirements(route: AdmissionRoute) -> list[Requirement]:
    return read_requirements(queries.current_requirements(route).requirements)


def _asked_route(now: datetime) -> AdmissionRoute | None:
    """The open route that the request names, or else the first; None when nothing is open."""
    routes = [route for call in queries.open_calls(now) for route in call.routes]
    named = [route for route in routes if route.key == request.values.get("route")]
    return next(iter(named + routes), None)


def _form_page(form: ApplicationForm, route: AdmissionRoute) -> str:
    return render_template(
        "apply/form.html",
        form=form,
        route=route,
        largest_file=uploads.largest_file(),
        longest_statement=LONGEST_STATEMENT,
    )


def _closed(form: ApplicationForm | None) -> ResponseReturnValue:
    """Nothing is open: say so, and give back what was typed, to be copied."""
    status = 409 if request.method == "POST" else 200
    return render_template("apply/closed.html", form=form if status == 409 else None), status


def _take(form: ApplicationForm, route: AdmissionRoute, now: datetime) -> ResponseReturnValue:
    uploads.receive(form, now=now)
    if not form.validate():
        return _form_page(form, route), 422
    return _to_receipt(_submit(form, route, now))


def _put_off(form: ApplicationForm, route: AdmissionRoute, trouble: StorageTrouble) -> ResponseReturnValue:
    """Disk or database cannot keep an application now: give the form back as it was filled in, to be sent again."""
    uploads.ask_again(form)
    form.validate()
    form.form_errors.insert(
        0,
        gettext(
            "You have no receipt yet: the portal cannot store anything right now. "
            "Wait a few minutes, then press the button again; sending twice does no harm."
        ),
    )
    return _form_page(form, route), trouble.code, {"Retry-After": str(trouble.retry_after)}


def _submit(form: ApplicationForm, route: AdmissionRoute, now: datetime) -> Application:
    return services.submit_application(
        route=route,
        name=form.name.data,
        email=form.address(),
        answers=form.answers(),
        documents=form.documents(),
        locale=current_locale(),
        form_key=form.form_key.data,
        consent_version=CONSENT_VERSION,
        now=now,
    )


def _to_receipt(application: Application) -> ResponseReturnValue:
    return redirect(url_for("apply.receipt", reference=application.reference), 303)


# Their forms check the token themselves and keep what was typed; the app-wide check would answer with a bare page.
for _view in (check, form):
    csrf.exempt(_view)
