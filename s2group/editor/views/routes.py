"""Views that change the routes of a call: their names, places, questions and documents."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, render_template, url_for
from flask_babel import gettext
from flask_security import current_user

from s2group.admissions.call_kinds import ROUTE
from s2group.admissions.models import AdmissionRoute, Call
from s2group.admissions.queries import call_by_key, route_of_call
from s2group.admissions.services.call_editing import ClashError, add_route, save_route
from s2group.content.editing import Editable
from s2group.content.records.keys import key_from
from s2group.content.records.kinds import Values
from s2group.core.clock import now
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Action, allow
from s2group.editor.forms.records import RecordForm
from s2group.editor.revisions import name_of
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.saving import Editing, edit, history

# What it asks for has a page of its own, on which is seen first whom a change concerns.
EDITABLE_ROUTE = Editable(ROUTE, fixed=("key", "requirements"))
# What every route asks in the beginning.
FIRST_QUESTIONS = {
    "required": ["phone", "university", "college", "major"],
    "optional": ["declared", "statement"],
    "optional_documents": ["transcript"],
}


@blueprint.route("/editor/calls/<call_key>/routes/new/", methods=["GET", "POST"])
@allow(Action.EDIT_CALLS)
def new_route(call_key: str) -> Any:
    """Add a route to a call."""
    call = call_by_key(call_key) or abort(404)
    return edit(_editing(call, None), None, begun=begun_route(LocalizedText()))


@blueprint.route("/editor/calls/<call_key>/routes/<route_key>/", methods=["GET", "POST"])
@allow(Action.EDIT_CALLS)
def route(call_key: str, route_key: str) -> Any:
    """Change a route, but for its requirements."""
    found = route_of_call(call_key, route_key) or abort(404)
    return edit(_editing(found.call, found), found)


@blueprint.route("/editor/calls/<call_key>/routes/<route_key>/revisions/", methods=["GET", "POST"])
@allow(Action.EDIT_CALLS)
def route_revisions(call_key: str, route_key: str) -> Any:
    """Who changed what of a route, its requirements among it, and the way back to what it was."""
    found = route_of_call(call_key, route_key) or abort(404)
    return history(_editing(found.call, found), found, name_of(found))


def begun_route(title: LocalizedText) -> Values:
    """What a new route says before anything is typed."""
    return {
        "key": "",
        "title": title,
        "subject_label": title,
        "places": None,
        "filled": False,
        "rubric": [],
        "form": FIRST_QUESTIONS,
        "requirements": [],
    }


def with_key(values: Values) -> Values:
    """A new route with a key from its name."""
    return {**values, "key": key_from(values["title"].en, values["title"].zh)}


def _editing(call: Call, found: AdmissionRoute | None) -> Editing:
    def save(row: AdmissionRoute | None, values: Values, seen: int) -> AdmissionRoute:
        if row is None:
            return add_route(call.id, with_key(values), actor=current_user.id, now=now())
        return save_route(row.id, values, seen=seen, actor=current_user.id, now=now())

    return Editing(
        EDITABLE_ROUTE,
        save=save,
        page=lambda form, row, **more: _page(call, form, row, **more),
        address=lambda row: url_for("editor.route", call_key=row.call.key, route_key=row.key),
        problem=clash_words,
        again=lambda: route_of_call(call.key, found.key) if found else None,
        zone=ZoneInfo(call.timezone),
    )


def clash_words(error: ClashError) -> str:
    """What is said where two calls would be open at once with a route of one name."""
    words = gettext(
        "“%(call)s” is open at the same time and has a route of the same name: change the time of one of them",
        call=name_of(error.other),
    )
    return str(words)


def _page(call: Call, form: RecordForm, row: AdmissionRoute | None, **more: Any) -> str:
    return render_template("editor/route.html", call=call, form=form, row=row, **more)
