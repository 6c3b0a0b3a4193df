"""Views that change what a route asks for: tried on the spot, and shown before it is saved whom that changes."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from s2group.admissions import wording
from s2group.admissions.call_kinds import ROUTE
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.queries import route_of_call
from s2group.admissions.rules import Requirement, evaluate, quick_fields, read_requirements
from s2group.admissions.services.call_editing import save_requirements
from s2group.admissions.services.reevaluation import OutdatedPreviewError, trial
from s2group.content.records.services import ConflictError
from s2group.core.clock import now
from s2group.core.i18n import current_locale
from s2group.core.permissions import Action, allow
from s2group.editor.flips import flips
from s2group.editor.forms.requirements import (
    RequirementsForm,
    parts_on_offer,
    rearranged,
    requirements_form,
    sent_sketches,
)
from s2group.editor.requirements import KINDS, Table, answers_to
from s2group.editor.revisions import differences
from s2group.editor.sample_answers import sample_answers
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.saving import newest

# Of these a number is tried, though an applicant may also say why there is none.
SCORES = ("cet4", "cet6")


@blueprint.route("/editor/calls/<call_key>/routes/<route_key>/requirements/", methods=["GET", "POST"])
@allow(Action.EDIT_CALLS)
def requirements(call_key: str, route_key: str) -> Any:
    """Change what a route asks for."""
    route = route_of_call(call_key, route_key) or abort(404)
    stored, seen = ROUTE.of(route)["requirements"], newest(ROUTE, route)
    if request.method != "POST":
        return _page(requirements_form(route, stored, seen=seen), route, stored)
    sketches, button = sent_sketches(), request.form.get("do", "look")
    other = rearranged(sketches, button)
    form = requirements_form(route, stored, seen=seen, sketches=sketches if other is None else other)
    is_right = form.validate_on_submit()
    if other is not None:
        return _page(form, route, stored)
    tables = form.tables(stored) if is_right else None
    if tables is None:
        return _page(form, route, stored), 422
    if tables == stored and form.seen_number == seen and button != "try":
        flash("same")
        return redirect(url_for("editor.requirements", call_key=call_key, route_key=route_key), 303)
    return _answer(form, route, tables, seen, button)


def _answer(form: RequirementsForm, route: AdmissionRoute, tables: list[Table], seen: int, button: str) -> Any:
    if button == "try":
        outcomes = evaluate(read_requirements(tables), sample_answers())
        return _page(form, route, tables, outcomes=wording.explained(outcomes, current_locale()))
    if form.seen_number != seen:
        return _conflict(form, route, tables)
    return _save(form, route, tables) if button == "save" else _preview(form, route, tables)


def _preview(form: RequirementsForm, route: AdmissionRoute, tables: list[Table], **more: Any) -> str:
    """Show whom the change concerns. What is seen here is what saving does, or nothing is saved."""
    found = trial(route, tables)
    form.previewed.data = found.fingerprint
    return _page(form, route, tables, preview=flips(current_user, found), **more)


def _save(form: RequirementsForm, route: AdmissionRoute, tables: list[Table]) -> Any:
    call_key, route_key = route.call.key, route.key
    try:
        save_requirements(
            route.id,
            tables,
            seen=form.seen_number,
            previewed=form.previewed.data or "",
            judges_again=form.again.data == "waiting",
            actor=current_user.id,
            now=now(),
        )
    except OutdatedPreviewError:
        return _preview(form, route, tables, outdated=True), 409
    except ConflictError:
        return _conflict(form, route_of_call(call_key, route_key) or abort(404), tables)
    flash("saved")
    return redirect(url_for("editor.requirements", call_key=call_key, route_key=route_key), 303)


def _conflict(form: RequirementsForm, route: AdmissionRoute, tables: list[Table]) -> Any:
    """Show what somebody else saved. From here on the editor has seen it, so that saving again replaces it."""
    form.seen.data = str(newest(ROUTE, route))
    stored = ROUTE.of(route)
    theirs = differences(ROUTE, ROUTE.as_json({**stored, "requirements": tables}), ROUTE.as_json(stored))
    return _page(form, route, tables, conflict=True, theirs=theirs), 409


def _page(form: RequirementsForm, route: AdmissionRoute, tables: Sequence[Table], **more: Any) -> str:
    return render_template(
        "editor/requirements.html",
        form=form,
        row=route,
        route=route,
        version=route.requirement_sets[0].version,
        kinds=KINDS,
        parts=list(parts_on_offer()),
        sample=_sample(read_requirements(list(tables))),
        **more,
    )


def _sample(asked: Sequence[Requirement]) -> list[tuple[str, str, dict[str, str]]]:
    """What can be tried: each question with its name and, where it is chosen, its answers."""
    fields = [name for name in quick_fields(asked) if name != "declared"]
    return [(name, str(wording.LABELS[name]), {} if name in SCORES else answers_to(name)) for name in fields]
