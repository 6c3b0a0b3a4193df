"""The list of applications: which, in which order, with which columns."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from s2group.admissions import wording
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.paging import MOST_COUNTED
from s2group.core.permissions import Action, allow
from s2group.evaluation.desk import columns
from s2group.evaluation.desk.facets import facets_of, looked_up, part_to_rate, ways_out
from s2group.evaluation.desk.paging import page_of_hits
from s2group.evaluation.desk.queries import layout_of
from s2group.evaluation.desk.rows import rows_of
from s2group.evaluation.desk.services import save_layout
from s2group.evaluation.search import counted_beside, hits_of
from s2group.evaluation.search.asking import asked, in_words
from s2group.evaluation.search.saved import saved_views
from s2group.review.views.blueprint import blueprint


@blueprint.get("/applications/")
@allow(Action.READ_APPLICATIONS)
def applications() -> Any:
    """The applications that the address asks for: `q` says which, `sort` in which order, `after` whom they follow."""
    if "state" in request.args:  # as addresses said it before there was a search
        return redirect(address(q=f"status:{request.args['state']}"))
    now, locale, user = clock.now(), current_locale(), current_user
    search = asked(request.args.get("q", ""), request.args.get("last", ""), user, now)
    sortable, layout = columns.sortable_for(user), layout_of(user)
    order = columns.read_order(request.args.get("sort"), sortable)
    hits = hits_of(user, search.expression)
    to_rate, words = part_to_rate(search.expression), looked_up(user, search.expression)
    counts = counted_beside(user, hits, {"to rate": to_rate, **words})
    ids, has_more = page_of_hits(user, hits, order, request.args.get("after"))
    rows = rows_of(user, ids, locale, now)
    page = render_template(
        "review/applications.html",
        asked=search,
        views=saved_views(user, locale, now),
        facets=facets_of(user, hits, locale, are_counted=all(counts[part] <= MOST_COUNTED for part in words)),
        total=hits.total,
        to_rate=counts["to rate"],
        sitting=in_words(to_rate, user, locale) if search.typed else "",
        ways_out=[] if rows else ways_out(user, search.expression, locale),
        rows=rows,
        next_key=rows[-1].application.reference if has_more else None,
        order=order,
        first_order=columns.first_order,
        columns=columns.shown_columns(layout.columns),
        all_columns=columns.COLUMNS,
        sortable=sortable,
        is_compact=layout.is_compact,
        address=address,
        states=wording.STATES,
        now=now,
    )
    return page, 400 if search.mistake else 200


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
