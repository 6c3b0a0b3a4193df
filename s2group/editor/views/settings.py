"""The page on which the owner of an account says what they are called, when they are mailed, and whether keys work."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.services import AccountError, LinkError
from s2group.accounts.settings import address_to_confirm, confirm_address, save_settings, set_keys
from s2group.core.clock import now
from s2group.core.forms import PortalForm
from s2group.core.headers import unstored
from s2group.core.i18n import public_url
from s2group.core.permissions import personal, signed_in
from s2group.editor.forms.settings import SettingsForm
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import csrf, limiter
from s2group.mail.services import enqueue

POSTS = "60 per minute"


@blueprint.route("/account/settings/", methods=["GET", "POST"])
@signed_in
def settings() -> ResponseReturnValue:
    """Show and keep the settings of whoever is signed in."""
    form = SettingsForm(current_user)
    if form.validate_on_submit():
        try:
            save_settings(user=current_user, settings=form.settings(), mailer=_mail, now=now())
        except AccountError as error:
            form[error.field].errors = [str(error)]
        else:
            flash("saved")
            return redirect(url_for("editor.settings"), 303)
    return render_template("security/settings.html", form=form), 422 if form.errors else 200


@blueprint.post("/account/keys/")
@signed_in
def keys() -> ResponseReturnValue:
    """Switch the keys on or off, and go back to the page that the button is on."""
    set_keys(user=current_user, on=request.form.get("on") == "yes")
    return redirect(_path(request.form.get("back", "")) or url_for("account"), 303)


@blueprint.route("/account/settings/address/<token>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def confirm_notify_address(token: str) -> ResponseReturnValue:
    """Let mail go to the address that the link was sent to, by a button: a program that looks at mail presses none."""
    form, address = PortalForm(), address_to_confirm(token, now=now())
    if address is None:
        return _gone()
    if not form.validate_on_submit():
        page = render_template("security/confirm_address.html", form=form, address=address)
        return unstored(page, 422 if form.errors else 200)
    try:
        address = confirm_address(token=token, now=now())
    except LinkError:
        return _gone()
    return unstored(render_template("security/address_confirmed.html", address=address), 200)


def _path(text: str) -> str | None:
    """A page of ours, and nothing that a browser would take for another place."""
    return text if text.startswith("/") and not text.startswith("//") and "\\" not in text else None


def _gone() -> ResponseReturnValue:
    return render_template("security/address_link_gone.html"), 410


def _mail(session: Session, user: User, token: str) -> None:
    link = public_url("editor.confirm_notify_address", locale=user.locale, token=token)
    enqueue(
        session,
        message="notify_address",
        topic=f"account-{user.id}",
        to=[str(user.notify_email_asked)],
        locale=user.locale,
        context={"link": link, "email": user.email},
        now=now(),
    )


# Its form checks the token itself, as that of the link that signs in does.
csrf.exempt(confirm_notify_address)
