"""Views that change the calls for applications."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, render_template, url_for
from flask_babel import gettext, lazy_gettext
from flask_security import current_user

from s2group.admissions.call_kinds import CALL
from s2group.admissions.models import Call
from s2group.admissions.openings import openings
from s2group.admissions.queries import all_calls, call_by_key
from s2group.admissions.services.call_editing import ClashError, save_call
from s2group.content.editing import Editable
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.forms.records import RecordForm
from s2group.editor.revisions import name_of
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.saving import Editing, edit, history

# The address of a call is in mails and bookmarks, and stays.
EDITABLE_CALL = Editable(CALL, fixed=("key",))
SECTIONS = (
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
        page=_page,
        address=lambda row: url_for("editor.call", call_key=row.key),
        problem=_problem,
        again=lambda: call_by_key(found.key),
        zone=ZoneInfo(found.timezone),
    )


def _page(form: RecordForm, row: Call, **more: Any) -> str:
    return render_template("editor/call.html", form=form, row=row, sections=SECTIONS, **more)


def _problem(error: ClashError) -> str:
    words = gettext(
        "“%(call)s” is open at the same time and has a route of the same name: change the time of one of them",
        call=name_of(error.other),
    )
    return str(words)
