"""Leave to apply late, given to one person at a time."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import joinedload

from s2group.admissions.models import AdmissionRoute, Extension
from s2group.admissions.services.extensions import end_extension, extend
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation.access import extensions_visible_to
from s2group.evaluation.queries import routes_of
from s2group.extensions import db
from s2group.review.forms.extensions import ExtensionForm
from s2group.review.views.blueprint import blueprint


@blueprint.route("/extensions/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def extensions() -> ResponseReturnValue:
    """Who may apply late until when, and a form for one more."""
    now = clock.now()
    form = ExtensionForm(routes_of(current_user, Action.DECIDE_APPLICATIONS), now)
    if not form.validate_on_submit():
        return _page(form)
    extend(
        route=form.chosen_route, email=form.email.data, until=form.until, locale=form.locale.data,
        actor=current_user, now=now,
    )  # fmt: skip
    flash("given")
    return redirect(url_for("review.extensions"), 303)


@blueprint.post("/extensions/<int:extension_id>/end/")
@allow(Action.DECIDE_APPLICATIONS)
def end_of_extension(extension_id: int) -> ResponseReturnValue:
    """Take one back."""
    found = db.session.scalar(extensions_visible_to(current_user).where(Extension.id == extension_id)) or abort(404)
    end_extension(extension=found, actor=current_user, now=clock.now())
    flash("ended")
    return redirect(url_for("review.extensions"), 303)


def _page(form: ExtensionForm) -> ResponseReturnValue:
    with_route = joinedload(Extension.route).joinedload(AdmissionRoute.call)
    statement = extensions_visible_to(current_user).options(with_route).order_by(Extension.until.desc(), Extension.id)
    listed = db.session.scalars(statement).all()
    page = render_template("review/extensions.html", form=form, extensions=listed, now=clock.now())
    return page, 422 if form.errors else 200
