"""Leave to apply late, given to one person at a time."""

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from s2group.admissions.services.extensions import end_extension, extend
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation.queries import extension_by_id, extensions_of, routes_of
from s2group.review.forms.extensions import ExtensionForm
from s2group.review.views.blueprint import blueprint
from s2group.review.views.held import told_at


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
        actor=current_user, told_at=told_at(now), now=now,
    )  # fmt: skip
    flash("given_held" if current_app.config["HOLD_MINUTES"] else "given")
    return redirect(url_for("review.extensions"), 303)


@blueprint.post("/extensions/<int:extension_id>/end/")
@allow(Action.DECIDE_APPLICATIONS)
def end_of_extension(extension_id: int) -> ResponseReturnValue:
    """Take one back."""
    found = extension_by_id(current_user, extension_id) or abort(404)
    end_extension(extension=found, actor=current_user, now=clock.now())
    flash("ended")
    return redirect(url_for("review.extensions"), 303)


def _page(form: ExtensionForm) -> ResponseReturnValue:
    listed = extensions_of(current_user)
    page = render_template("review/extensions.html", form=form, extensions=listed, now=clock.now())
    return page, 422 if form.errors else 200
