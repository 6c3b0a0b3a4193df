"""Passkeys of whoever is signed in, and signing in with one."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_security import auth_required, login_user

from s2group.accounts import passkeys as services
from s2group.accounts.passkeys import PasskeyError
from s2group.accounts.rules import CONFIRMED_WITHIN
from s2group.accounts.sessions import current_session
from s2group.core.clock import now
from s2group.core.headers import unstored
from s2group.core.permissions import personal, signed_in
from s2group.editor.forms.second_factor import PasskeyForm, SignInWithPasskeyForm
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import limiter

POSTS = "20 per minute"
# What the device is to sign, until it was taken once.
CHALLENGE = "passkey_challenge"


@blueprint.route("/account/second-factor/passkey/", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTS, methods=["POST"])
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def add_passkey() -> ResponseReturnValue:
    """Have the browser make a passkey, and keep it under a name."""
    form, challenge = PasskeyForm(), session.pop(CHALLENGE, "")
    if form.validate_on_submit():
        try:
            codes = services.add_passkey(
                user=current_user, name=form.name.data, credential=form.credential.data, challenge=challenge,
                origin=_origin(), mailer=current_app.extensions["factor_mailer"], now=now(),
            )  # fmt: skip
        except PasskeyError:
            form.form_errors.append(gettext("The device did not make a passkey. Try again"))
        else:
            return _added(codes)
    options, challenge = services.options_to_add(current_user, origin=_origin())
    current_session().remember(CHALLENGE, challenge)
    return unstored(
        render_template("security/add_passkey.html", form=form, options=options), 422 if form.errors else 200
    )


@blueprint.route("/account/second-factor/passkey/remove/", methods=["GET", "POST"])
@signed_in
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def remove_passkey() -> ResponseReturnValue:
    """Take one of them away. Who was asked for the password first comes back to the page."""
    if request.method != "POST":
        return redirect(url_for("editor.second_factor"))
    mailer = current_app.extensions["factor_mailer"]
    services.remove_passkey(user=current_user, which=request.form.get("passkey"), mailer=mailer, now=now())
    flash("passkey_removed")
    return redirect(url_for("editor.second_factor"), 303)


@blueprint.route("/account/passkey/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def sign_in_with_passkey() -> ResponseReturnValue:
    """Sign in with a passkey: in place of password and code, or after the password."""
    form, challenge = SignInWithPasskeyForm(), session.pop(CHALLENGE, "")
    if form.validate_on_submit():
        try:
            user = services.use_passkey(
                credential=form.credential.data, challenge=challenge, origin=_origin(), now=now()
            )
        except PasskeyError:
            form.form_errors.append(gettext("This passkey does not sign in here. Try again, or use your password"))
        else:
            login_user(user, authn_via=["passkey"])
            return redirect(url_for("account"), 303)
    options, challenge = services.options_to_sign_in(origin=_origin())
    current_session().remember(CHALLENGE, challenge)
    return unstored(render_template("security/passkey.html", form=form, options=options), 422 if form.errors else 200)


def _added(codes: list[str]) -> ResponseReturnValue:
    if codes:
        return unstored(render_template("security/mf_recovery_codes.html", recovery_codes=codes, is_new="passkey"))
    flash("passkey_added")
    return redirect(url_for("editor.second_factor"), 303)


def _origin() -> str:
    """Where the browser must say that it is; in production that is a host of TRUSTED_HOSTS."""
    return request.host_url.rstrip("/")
