"""Two to four applications beside each other."""

from flask import abort, render_template, request
from flask_login import current_user

from s2group.admissions import wording
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import Action, allow
from s2group.evaluation.comparing import MOST, columns_of, rows_of
from s2group.review.views.blueprint import blueprint


@blueprint.get("/compare/")
@allow(Action.READ_APPLICATIONS)
def compare() -> str:
    """The applications that `r` names, each once, with what is best where that can be compared.

    One that the reader does not see is not found.
    """
    references = list(dict.fromkeys(each.strip().upper() for each in request.args.getlist("r") if each.strip()))
    columns = columns_of(current_user, references, current_locale())
    if len(columns) < len(references[:MOST]):
        abort(404)
    return render_template(
        "review/compare.html",
        columns=columns,
        rows=rows_of(columns),
        most=MOST,
        states=wording.STATES,
        now=clock.now(),
    )
