"""A mailed link behind which the owner of an account chooses its password."""

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import login_user

from s2group.accounts.invitations import account_to_open
from s2group.accounts.invitations import choose_password as choose
from s2group.accounts.models import User
from s2group.accounts.services import AccountError, LinkError
from s2group.core.clock import now
from s2group.core.permissions import personal
from s2group.editor.forms.accounts import PasswordForm
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import csrf, limiter

POSTS = "60 per minute"


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
    login_user(user, authn_via=["mailed_link"])
    return redirect(url_for("account"), 303)


def _page(form: PasswordForm, user: User) -> ResponseReturnValue:
    page = render_template("security/choose_password.html", form=form, user=user)
    response = make_response(page, 422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _gone() -> ResponseReturnValue:
    return render_template("security/password_link_gone.html"), 410


# Its form checks the token itself, as that of the link that signs in does.
csrf.exempt(choose_password)
