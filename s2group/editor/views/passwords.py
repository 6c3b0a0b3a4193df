"""Mailed links behind which the owner of an account chooses its password."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import auth_required
from sqlalchemy.orm import Session

from s2group.accounts.invitations import account_to_open, mail_password_link
from s2group.accounts.invitations import choose_password as choose
from s2group.accounts.models import User
from s2group.accounts.rules import CONFIRMED_WITHIN
from s2group.accounts.services import AccountError, LinkError
from s2group.accounts.sign_in import enter
from s2group.core.clock import now
from s2group.core.headers import unstored
from s2group.core.i18n import public_url
from s2group.core.permissions import personal, signed_in
from s2group.editor.forms.accounts import PasswordForm
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import csrf, limiter
from s2group.links.rules import Purpose
from s2group.mail.services import enqueue

POSTS = "60 per minute"
ASKS = "10 per hour"


@blueprint.route("/account/password/", methods=["GET", "POST"])
@signed_in
@limiter.limit(ASKS, methods=["POST"])
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def ask_for_password_link() -> ResponseReturnValue:
    """Mail whoever is signed in a link to choose another password. Who was asked for theirs first comes back."""
    if request.method != "POST":
        return redirect(url_for("editor.settings"))
    mail_password_link(user=current_user, mailer=mail_link, actor=current_user, now=now())
    flash("password_link")
    return redirect(url_for("editor.settings"), 303)


@blueprint.route("/account/password/<token>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Take a password and sign in. Looking at the page does not use the link up: a program that reads mail may."""
    form, user = PasswordForm(), account_to_open(token, now=now())
    if user is None:
        return _gone()
    if not form.validate_on_submit():
        return _page(form, user)
    try:
        user = choose(token=token, password=form.password.data, now=now())
    except LinkError:
        return _gone()
    except AccountError as error:
        form[error.field].errors = [str(error)]
        return _page(form, user)
    return enter(user, via="mailed_link")


def mail_link(session: Session, user: User, purpose: Purpose, token: str) -> None:
    """Put the mail with the link of this token into the outbox, in the language of the account."""
    enqueue(
        session,
        message=purpose.value,
        topic=f"account-{user.id}",
        to=[user.email],
        locale=user.locale,
        context={
            "link": public_url("editor.choose_password", locale=user.locale, token=token),
            "email": user.email,
            "inviter": current_user.shown_name,
        },
        now=now(),
    )


def _page(form: PasswordForm, user: User) -> ResponseReturnValue:
    page = render_template("security/choose_password.html", form=form, user=user)
    return unstored(page, 422 if form.errors else 200)


def _gone() -> ResponseReturnValue:
    return render_template("security/password_link_gone.html"), 410


# Its form checks the token itself, as that of the link that signs in does.
csrf.exempt(choose_password)
