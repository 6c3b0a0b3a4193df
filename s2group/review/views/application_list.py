"""The list of applications: which, in which order, with which columns."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from s2group.admissions import wording
from s2group.admissions.models import ApplicationFacts
from s2group.admissions.rules.states import State
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.paging import counts_of
from s2group.core.permissions import Action, allow
from s2group.evaluation.access import facts_visible_to
from s2group.evaluation.desk import columns
from s2group.evaluation.desk.paging import page_of_ids
from s2group.evaluation.desk.queries import layout_of
from s2group.evaluation.desk.rows import rows_of
from s2group.evaluation.desk.services import save_layout
from s2group.review.views.blueprint import blueprint


@blueprint.get("/applications/")
@allow(Action.READ_APPLICATIONS)
def applications() -> str:
    """The applications that the address asks for: `q` says which, `sort` in which order, `after` whom they follow."""
    order, layout = columns.read_order(request.args.get("sort")), layout_of(current_user)
    scope = facts_visible_to(current_user)
    if request.args.get("state") in [*State]:
        scope = scope.where(ApplicationFacts.state == request.args["state"])
    ids, has_more = page_of_ids(current_user, scope, order, request.args.get("after"))
    rows = rows_of(current_user, ids, current_locale())
    return render_template(
        "review/applications.html",
        rows=rows,
        total=counts_of([scope.with_only_columns(ApplicationFacts.application_id)])[0],
        next_key=rows[-1].application.reference if has_more else None,
        order=order,
        first_order=columns.first_order,
        columns=[column for column in columns.COLUMNS if column.key in layout.columns],
        all_columns=columns.COLUMNS,
        sortable=columns.SORTABLE,
        is_compact=layout.is_compact,
        query=request.args.get("q", ""),
        address=address,
        states=wording.STATES,
        now=clock.now(),
    )


def address(**changes: object) -> str:
    """The address of the same list with some of `q`, `sort` and `after` changed; a change begins at the first page."""
    kept = {name: request.args.get(name, "") for name in ("q", "sort")}
    named = {name: str(value) for name, value in {**kept, **changes}.items() if value}
    return url_for("review.applications") + (f"?{urlencode(named)}" if named else "")


@blueprint.post("/applications/columns/")
@allow(Action.READ_APPLICATIONS)
def choose_columns() -> Any:
    """Keep the reader's choice of columns, and show the same list again."""
    chosen = request.form.getlist("column")
    save_layout(user=current_user, columns=chosen, is_compact="compact" in request.form)
    return redirect(address(q=request.form.get("q"), sort=request.form.get("sort")), 303)
