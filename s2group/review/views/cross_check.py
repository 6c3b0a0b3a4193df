"""What a résumé says otherwise than the form, once a reader has checked it."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation.cross_check.services import check_off
from s2group.evaluation.queries import application_in_full
from s2group.review.views.blueprint import blueprint


@blueprint.post("/<reference>/differences/")
@allow(Action.READ_APPLICATIONS)
def difference_checked(reference: str) -> ResponseReturnValue:
    """Note that somebody has looked at the differences of a field; of none, where a colleague was faster."""
    application = application_in_full(current_user, reference) or abort(404)
    check_off(application=application, field=request.form.get("field", ""), actor=current_user, now=clock.now())
    return redirect(url_for("review.application", reference=reference, _anchor="differences"), 303)
