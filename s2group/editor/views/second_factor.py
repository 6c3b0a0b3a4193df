"""The second factor of whoever is signed in: setting up an app, and taking it away."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_security import auth_required
from markupsafe import Markup
from sqlalchemy.orm import Session

from s2group.accounts import second_factor as services
from s2group.accounts.models import User
from s2group.accounts.rules import CONFIRMED_WITHIN, FactorChange
from s2group.accounts.sessions import current_session
from s2group.content.group.queries import group_zone
from s2group.core.clock import now
from s2group.core.headers import unstored
from s2group.core.i18n import public_url
from s2group.core.permissions import signed_in
from s2group.editor.forms.second_factor import AppForm
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import limiter
from s2group.graphics.qr import qr_code
from s2group.mail.services import enqueue

POSTS = "20 per minute"
# The key that an app was shown, until the first code proves that it has it.
KEY = "app_key"


@blueprint.get("/account/second-factor/")
@signed_in
def second_factor() -> ResponseReturnValue:
    """What is asked for beside the password, and what can be set up."""
    return render_template("security/second_factor.html", moment=now(), timezone=str(group_zone()))


@blueprint.route("/account/second-factor/app/", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTS, methods=["POST"])
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def set_up_app() -> ResponseReturnValue:
    """Show the key of a new app; with its first code it is asked for from then on, and recovery codes are shown."""
    form = AppForm()
    if KEY not in session:
        current_session().remember(KEY, services.new_app_key())
    if not form.validate_on_submit():
        return _app_page(form)
    codes = services.set_up_app(user=current_user, key=session[KEY], code=form.code.data, mailer=mail_change, now=now())
    if codes is None:
        form.code.errors = [gettext("This is not the code that the app shows now. Wait for the next one and try again")]
        return _app_page(form)
    del session[KEY]
    if not codes:
        flash("app_added")
        return redirect(url_for("editor.second_factor"), 303)
    return unstored(render_template("security/mf_recovery_codes.html", recovery_codes=codes, is_new=True))


@blueprint.route("/account/second-factor/app/remove/", methods=["GET", "POST"])
@signed_in
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def remove_app() -> ResponseReturnValue:
    """Ask for codes of the app no longer. Who was asked for the password first comes back to the page."""
    if request.method != "POST":
        return redirect(url_for("editor.second_factor"))
    services.remove_app(user=current_user, mailer=mail_change, now=now())
    flash("app_removed")
    return redirect(url_for("editor.second_factor"), 303)


def mail_change(session: Session, user: User, change: FactorChange) -> None:
    """Tell the owner of an account by mail what was done to its second factor: it may have been somebody else."""
    enqueue(
        session,
        message="second_factor",
        topic=f"account-{user.id}",
        to=[user.email],
        locale=user.locale,
        context={
            "change": change.value,
            "email": user.email,
            "link": public_url("editor.sessions", locale=user.locale),
        },
        now=now(),
    )


def _app_page(form: AppForm) -> ResponseReturnValue:
    address, app_key = services.shown_key(current_user, session[KEY])
    qr = Markup(qr_code(address, label=gettext("QR code for the app")))  # noqa: S704 - drawn here
    page = render_template("security/set_up_app.html", form=form, qr=qr, app_key=app_key)
    return unstored(page, 422 if form.errors else 200)
