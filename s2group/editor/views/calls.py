"""Views that change the calls for applications."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_security import current_user

from s2group.admissions.call_kinds import CALL, ROUTE
from s2group.admissions.models import Call
from s2group.admissions.openings import openings
from s2group.admissions.queries import all_calls, call_by_key
from s2group.admissions.services.call_editing import add_call, save_call
from s2group.content.editing import RESERVED_KEY, Editable, KeyTakenError
from s2group.content.records.fields import Localized
from s2group.content.records.kinds import Values
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.forms.records import RecordForm
from s2group.editor.new_calls import begun_call, copied_call
from s2group.editor.revisions import name_of
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.routes import begun_route, clash_words, with_key
from s2group.editor.views.saving import Editing, edit, history

# The address of a call is in mails and bookmarks, and stays.
EDITABLE_CALL = Editable(CALL, fixed=("key",))
# A new call that copies none needs a route as well.
WITH_ROUTE = replace(CALL, fields=(*CALL.fields, Localized("first_route")))
SECTIONS = (
    (lazy_gettext("The call"), ("key", "first_route")),
    (lazy_gettext("When"), ("opens_at", "closes_at", "timezone", "grace_minutes", "answer_days")),
    (
        lazy_gettext("What visitors read"),
        ("title", "summary", "notice", "benefits", "timeline", "questions_answers", "contact", "purpose"),
    ),
    (lazy_gettext("Who hears of applications"), ("recipients", "copies", "mail_locale")),
    (lazy_gettext("How reviewers read"), ("hide_ratings", "blind")),
    (lazy_gettext("How long data are kept"), ("retention_days", "files_retention_days")),
)


@blueprint.get("/editor/calls/")
@allow(Action.EDIT_CALLS)
def calls() -> str:
    """All calls, the latest first."""
    return render_template("editor/calls.html", openings=openings(all_calls(), now()), gaps_of=CALL.gaps, of=CALL.of)


@blueprint.route("/editor/calls/new/", methods=["GET", "POST"])
@allow(Action.EDIT_CALLS)
def new_call() -> Any:
    """Make a call: from nothing with a first route, or as a copy of one with all of its routes."""
    copied = call_by_key(request.args.get("copy", ""))
    if copied is None and "copy" in request.args:
        abort(404)
    begun = copied_call(copied) if copied else begun_call(next(iter(all_calls()), None), now())
    editable = Editable(CALL if copied else WITH_ROUTE)
    return edit(
        Editing(
            editable,
            save=lambda _row, values, _seen: _add(copied, values),
            page=lambda form, row, **more: _page(form, row, copied=copied, **more),
            address=lambda row: url_for("editor.call", call_key=row.key),
            problem=clash_words,
            again=lambda: None,
            zone=ZoneInfo(begun["timezone"]),
        ),
        None,
        begun=begun,
    )


def _add(copied: Call | None, values: Values) -> Call:
    if values["key"] == RESERVED_KEY:
        raise KeyTakenError(values["key"])
    if copied:
        routes = [ROUTE.of(route) | {"filled": False} for route in copied.routes]
    else:
        values = dict(values)
        routes = [with_key(begun_route(values.pop("first_route")))]
    return add_call(values, routes, actor=current_user.id, now=now())


@blueprint.route("/editor/calls/<call_key>/", methods=["GET", "POST"])
@allow(Action.EDIT_CALLS)
def call(call_key: str) -> Any:
    """Change a call."""
    found = call_by_key(call_key) or abort(404)
    return edit(_editing(found), found)


@blueprint.route("/editor/calls/<call_key>/revisions/", methods=["GET", "POST"])
@allow(Action.EDIT_CALLS)
def call_revisions(call_key: str) -> Any:
    """Who changed what of a call, and the way back to what it was."""
    found = call_by_key(call_key) or abort(404)
    return history(_editing(found), found, name_of(found))


def _editing(found: Call) -> Editing:
    return Editing(
        EDITABLE_CALL,
        save=lambda row, values, seen: save_call(row.id, values, seen=seen, actor=current_user.id, now=now()),
        page=lambda form, row, **more: _page(form, row, **more),
        address=lambda row: url_for("editor.call", call_key=row.key),
        problem=clash_words,
        again=lambda: call_by_key(found.key),
        zone=ZoneInfo(found.timezone),
    )


def _page(form: RecordForm, row: Call | None, **more: Any) -> str:
    return render_template("editor/call.html", **{"copied": None, **more}, form=form, row=row, sections=SECTIONS)
