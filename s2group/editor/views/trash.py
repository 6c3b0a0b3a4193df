"""Removing records, and bringing them back: no question is asked before, because everything can be undone."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from s2group.content.editing import KeyTakenError, record_at
from s2group.content.kinds import KINDS
from s2group.content.news.files import NEWS
from s2group.content.news.queries import news_item
from s2group.content.records.kinds import Kind
from s2group.content.trash.queries import removed_page
from s2group.content.trash.services import REMOVABLE, bring_back, remove_record
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.revisions import name_in
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.paging import number_after
from s2group.editor.wording import KIND_NAMES

PAGE_SIZE = 50
# The category of the flashed id of what was removed; the page it leads to offers to undo it.
REMOVED = "removed"
blueprint.add_app_template_test(lambda kind: kind in REMOVABLE, "removable")


@blueprint.post("/editor/<kind>/<path:key>/remove/")
@allow(Action.EDIT_CONTENT)
def remove(kind: str, key: str) -> ResponseReturnValue:
    """Remove a record; who comes too late finds it removed already."""
    if kind not in REMOVABLE:
        abort(404)
    return _remove(KINDS[kind], record_at(KINDS[kind], key), url_for("editor.records", kind=kind))


@blueprint.post("/editor/news/<slug>/remove/")
@allow(Action.EDIT_CONTENT)
def remove_news_item(slug: str) -> ResponseReturnValue:
    """Remove a news item."""
    return _remove(NEWS, news_item(slug), url_for("editor.news"))


@blueprint.route("/editor/trash/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def trash() -> ResponseReturnValue:
    """What was removed, and the way back."""
    if request.method != "POST":
        return _page()
    number = request.form.get("id", "")
    try:
        found = bring_back(int(number), actor=current_user.id, now=now()) if number.isdecimal() else None
    except KeyTakenError:
        return _page(problem="taken"), 409
    if found is None:
        return _page(problem="gone"), 404
    flash("back")
    kind, row = found
    return redirect(address_of(kind.name, row), 303)


def _remove(kind: Kind, row: Any, address: str) -> ResponseReturnValue:
    removed = remove_record(kind, row.id, actor=current_user.id, now=now()) if row is not None else None
    if removed is None:
        return redirect(url_for("editor.trash"), 303)
    flash(str(removed.id), REMOVED)
    return redirect(address, 303)


def address_of(kind: str, row: Any) -> str:
    """Where a record is changed."""
    if kind == NEWS.name:
        return url_for("editor.edit_news_item", slug=row.slug)
    return url_for("editor.record", kind=kind, key=KINDS[kind].key_of_row(row))


def _page(problem: str = "") -> str:
    page = removed_page(size=PAGE_SIZE, after=number_after())
    return render_template("editor/trash.html", page=page, name_in=name_in, words=KIND_NAMES, problem=problem)
