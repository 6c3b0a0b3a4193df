"""The application on one page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions import queries, wording
from s2group.admissions.catalogue import ALWAYS_ASKED
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.openings import RouteOpening, admissions_at
from s2group.admissions.rules import Level, Outcome, Requirement, Verdict, blocking, evaluate
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.services import submissions
from s2group.apply.access import remember
from s2group.apply.forms import file_words, uploads
from s2group.apply.forms.email_typos import likely_addresses
from s2group.apply.forms.questions import ApplicationForm, application_form
from s2group.apply.forms.topics import TITLES
from s2group.apply.routes import asked_opening, closed
from s2group.apply.views.blueprint import CONSENT_VERSION, NO_RECEIPT_YET, blueprint, try_again_later
from s2group.content.group.queries import area_titles
from s2group.core import clock
from s2group.core.errors import as_storage_error
from s2group.core.i18n import current_locale
from s2group.core.permissions import personal
from s2group.core.storage_errors import StorageError
from s2group.documents.models import Document

NOTHING: Mapping[str, str] = MappingProxyType({})
# The button that takes the addresses that were suggested for mistyped ones.
USE_SUGGESTED = "use_suggested"


@blueprint.get("/apply/form/")
@personal
def form() -> ResponseReturnValue:
    """Everything on one page; it is sent to the address of the start page."""
    now = clock.now()
    admissions = admissions_at(now)
    opening = asked_opening(admissions)
    if opening is None or opening.closure:
        return closed(admissions, opening, None)
    return _form_page(application_form(opening.route, opening.requirements, area_titles(), now=now), opening.route)


def take_application() -> ResponseReturnValue:
    """Take a whole application that was posted; a second post of the same form leads to the same receipt."""
    now = clock.now()
    admissions = admissions_at(now)
    opening = asked_opening(admissions)
    route, requirements = (opening.route, opening.requirements) if opening else (None, [])
    form = application_form(route, requirements, area_titles(), now=now)
    if sent := queries.application_by_form_key(form.form_key.data):
        return _to_receipt(sent)
    if opening is None or opening.closure:
        return closed(admissions, opening, form)
    try:
        with as_storage_error():
            return _submit(form, opening, now)
    except StorageError as trouble:
        return try_again_later(form, trouble, NO_RECEIPT_YET, lambda status: _form_page(form, opening.route, status))


def _mistyped(form: ApplicationForm) -> dict[str, str]:
    """The addresses that look mistyped, each with the one that was probably meant; none where the form has asked.

    The button that takes them takes them.
    """
    answers = {name: form.answer_to(name) for name in ("email", "referees") if name in form}
    meant = likely_addresses(answers, "about") | likely_addresses(answers, "referees")
    if USE_SUGGESTED in request.form:
        form.take_addresses(meant)
        return {}
    return {} if meant.keys() <= set((form.email_asked.data or "").split()) else meant


def _untold(form: ApplicationForm, requirements: Sequence[Requirement]) -> list[Outcome]:
    """What the answers say to each requirement, where one is missed of which the page has not told.

    Nothing to a program that saw no page, nor where a missed requirement stops the application anyway.
    """
    outcomes = evaluate(requirements, {**form.answers(), "documents": sorted(form.documents())})
    required = [outcome for outcome in outcomes if outcome.level is not Level.PREFERRED]
    missed = [outcome.key for outcome in required if outcome.verdict is Verdict.NOT_MET]
    told = form.outcomes_shown.data
    if told is None or blocking(outcomes) or set(missed) <= set(told.split()):
        return []
    form.outcomes_shown.data = " ".join(missed)
    return outcomes


def _form_page(
    form: ApplicationForm,
    route: AdmissionRoute,
    status: int = 200,
    *,
    mistyped: Mapping[str, str] = NOTHING,
    outcomes: Iterable[Outcome] = (),
) -> Response:
    page = render_template(
        "apply/form.html",
        form=form,
        mistyped=mistyped,
        outcomes=wording.explained(outcomes, current_locale()),
        route=route,
        time=wording.time_needed([read_form(route.form)]),
        titles=TITLES,
        largest_file=file_words.largest_file(),
    )
    return make_response(page, status)


def _submit(form: ApplicationForm, opening: RouteOpening, now: datetime) -> ResponseReturnValue:
    route = opening.route
    uploads.receive(form, now=now)
    uploads.leave_to_others(form, but=_is_sent)
    if form.press_row_button():
        return _form_page(form, route)
    if not form.validate():
        return _form_page(form, route, 422)
    if mistyped := _mistyped(form):
        form.email_asked.data = " ".join(mistyped)
        return _form_page(form, route, 422, mistyped=mistyped)
    if outcomes := _untold(form, opening.requirements):
        return _form_page(form, route, 422, outcomes=outcomes)
    return _sent_or_blocked(form, route, now)


def _sent_or_blocked(form: ApplicationForm, route: AdmissionRoute, now: datetime) -> ResponseReturnValue:
    try:
        sent = _send(form, route, now)
    except submissions.BlockedError as blocked:
        outcomes = wording.explained(blocked.outcomes, current_locale())
        form.form_errors.extend(f"{outcome.label}: {outcome.reason}" for outcome in outcomes)
        return _form_page(form, route, 422)
    if sent.form_key == form.form_key.data:  # not where the same file was sent before, with another form
        remember(sent)
    return _to_receipt(sent)


def _is_sent(_kind: str, document: Document) -> bool:
    """A file that an application holds leads to its receipt."""
    return queries.application_with_document(document.id) is not None


def _send(form: ApplicationForm, route: AdmissionRoute, now: datetime) -> Application:
    return submissions.submit_application(
        route=route,
        name=form.answer_to("name"),
        email=form.answer_to("email"),
        answers={name: answer for name, answer in form.answers().items() if name not in ALWAYS_ASKED},
        documents=form.documents(),
        locale=current_locale(),
        form_key=form.form_key.data,
        consent_version=CONSENT_VERSION,
        now=now,
    )


def _to_receipt(application: Application) -> ResponseReturnValue:
    """Whoever sends a form again may look, as everybody who knows the reference; to change it they need a link."""
    return redirect(url_for("apply.receipt", reference=application.reference), 303)
