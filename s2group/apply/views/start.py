"""Where an application starts."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions import queries
from s2group.admissions.catalogue import DOCUMENTS, FIELDS, OWN
from s2group.admissions.models import Draft
from s2group.admissions.openings import Admissions, RouteOpening, admissions_at
from s2group.admissions.services.drafts import draft_by_key, start_draft
from s2group.admissions.wording import time_needed
from s2group.apply.forms.fieldsets.research import STATEMENT
from s2group.apply.forms.files import KEPT
from s2group.apply.forms.questions import check_form
from s2group.apply.forms.start import StartForm
from s2group.apply.routes import asked_opening, closed, in_words
from s2group.apply.views.blueprint import POSTS, blueprint, checks_token_itself
from s2group.apply.views.single_page import take_application
from s2group.content.group.queries import area_titles
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.identifiers import new_token
from s2group.core.permissions import personal
from s2group.extensions import limiter


@blueprint.route("/apply/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def start() -> ResponseReturnValue:
    """What to know before applying; a post starts a draft, or is a whole application where it holds answers of one."""
    now = clock.now()
    admissions = admissions_at(now)
    if _is_whole(admissions):
        return take_application()
    if not admissions.open_routes:
        return closed(admissions, asked_opening(admissions), None)
    form = StartForm(admissions.open_routes)
    if form.validate_on_submit():
        return redirect(url_for("apply.draft", key=_started(form, now).key), 303)
    return _start_page(form, admissions)


def _is_whole(admissions: Admissions) -> bool:
    """Whether the post holds what only a whole application does, whatever else of it did not get through.

    Answers of the requirement check come with the choice of a route, too.
    """
    checked = {field.name for field in check_form((opening.requirements for opening in admissions.open_routes), {})}
    of_applications = {*FIELDS, "consent", *DOCUMENTS, *(kind + KEPT for kind in DOCUMENTS)} - checked
    posted = {name.partition("-")[0] for name in (*request.form, *request.files)}
    return bool(posted & of_applications or any(name.startswith(OWN) for name in posted))


def _start_page(form: StartForm, admissions: Admissions) -> ResponseReturnValue:
    asked = asked_opening(admissions)
    page = render_template(
        "apply/start.html",
        form=form,
        admissions=admissions,
        refused=asked if asked and asked.closure else None,
        time_needed=time_needed,
        plan_length=[STATEMENT["research_plan"].options[end] for end in ("shortest", "longest")],
        **in_words(admissions.open),
    )
    return page, 422 if form.errors else 200


def _started(form: StartForm, now: datetime) -> Draft:
    """The draft of this form; a new one where its key is another route's draft already, or an application's."""
    route, key = form.chosen.route, form.form_key.data
    other = draft_by_key(key)
    if queries.application_by_form_key(key) or (other and other.route_id != route.id):
        key = new_token()
    return start_draft(route=route, key=key, answers=_checked_answers(form.chosen), locale=current_locale(), now=now)


def _checked_answers(opening: RouteOpening) -> dict[str, object]:
    """What was answered in the check, as far as it is right and the route asks it."""
    check, asked = check_form([opening.requirements], area_titles()), opening.form.fields
    check.validate()
    return {name: answer for name, answer in check.accepted().items() if name in asked and answer not in (None, [])}
