"""The accounts of the group, for administrators: who has one, as what; invitations, roles, closing and opening."""

from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import auth_required

from s2group.accounts import queries
from s2group.accounts.invitations import invite, mail_password_link
from s2group.accounts.models import User
from s2group.accounts.rules import CONFIRMED_WITHIN
from s2group.accounts.second_factor import reset_second_factor
from s2group.accounts.services import AccountError, grant_role, revoke_role, set_active, sign_out_everywhere
from s2group.admissions.queries import routes_of_all_calls
from s2group.audit.wording import ROLES
from s2group.content.group.queries import group_zone
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.forms.accounts import GrantForm, InviteForm, route_words
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.passwords import mail_link
from s2group.editor.views.second_factor import mail_change


@blueprint.get("/editor/accounts/")
@allow(Action.MANAGE_ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """Who has an account, as what, and when it was used last."""
    return render_template(
        "editor/accounts.html", accounts=queries.accounts(), last_uses=queries.last_uses(), **_words()
    )


@blueprint.route("/editor/accounts/invite/", methods=["GET", "POST"])
@allow(Action.MANAGE_ACCOUNTS)
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def invite_colleague() -> ResponseReturnValue:
    """Mail somebody a link to an account of their own."""
    form = InviteForm(routes_of_all_calls())
    if form.validate_on_submit():
        try:
            user = invite(
                email=form.email.data, role=form.role.data, route_id=form.route.data, locale=form.locale.data,
                mailer=mail_link, actor=current_user, now=now(),
            )  # fmt: skip
        except AccountError as error:
            form[error.field].errors = [str(error)]
        else:
            flash("link")
            return redirect(url_for("editor.account", account_id=user.id), 303)
    return render_template("editor/invite.html", form=form), 422 if form.errors else 200


@blueprint.route("/editor/accounts/<int(max=2147483647):account_id>/", methods=["GET", "POST"])
@allow(Action.MANAGE_ACCOUNTS)
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def account(account_id: int) -> ResponseReturnValue:
    """One account, and the buttons that change it."""
    user = queries.account_by_id(account_id) or abort(404)
    form, action = GrantForm(routes_of_all_calls()), request.form.get("action", "")
    if request.method != "POST":
        return _page(user, form)
    verb = VERBS.get(action) or abort(400)
    if verb in WITH_A_ROLE and not form.validate():
        return _page(user, form), 422
    try:
        verb(user, form)
    except AccountError as error:
        return _page(user, form, problem=str(error)), 422
    flash(action)
    return redirect(url_for("editor.account", account_id=account_id), 303)


def _grant(user: User, form: GrantForm) -> None:
    grant_role(email=user.email, role=form.role.data, route_id=form.route.data, actor=current_user, now=now())


def _revoke(user: User, form: GrantForm) -> None:
    revoke_role(email=user.email, role=form.role.data, route_id=form.route.data, actor=current_user, now=now())


def _close(user: User, _form: GrantForm) -> None:
    set_active(email=user.email, active=False, actor=current_user, now=now())


def _open(user: User, _form: GrantForm) -> None:
    set_active(email=user.email, active=True, actor=current_user, now=now())


def _end_sessions(user: User, _form: GrantForm) -> None:
    sign_out_everywhere(email=user.email, actor=current_user, now=now())


def _send_link(user: User, _form: GrantForm) -> None:
    mail_password_link(user=user, mailer=mail_link, actor=current_user, now=now())


def _reset_factor(user: User, _form: GrantForm) -> None:
    reset_second_factor(email=user.email, actor=current_user, mailer=mail_change, now=now())


WITH_A_ROLE = (_grant, _revoke)
# What the buttons of the page do, by the name that they send.
VERBS: Mapping[str, Callable[[User, GrantForm], None]] = {
    "grant": _grant,
    "revoke": _revoke,
    "close": _close,
    "open": _open,
    "end_sessions": _end_sessions,
    "link": _send_link,
    "reset_factor": _reset_factor,
}


def _page(user: User, form: GrantForm, *, problem: str = "") -> str:
    last_use = queries.last_uses().get(user.id)
    return render_template("editor/account.html", user=user, form=form, problem=problem, last_use=last_use, **_words())


def _words() -> dict[str, object]:
    routes = {route.id: route_words(route) for route in routes_of_all_calls()}
    return {"roles": ROLES, "routes": routes, "moment": now(), "timezone": str(group_zone())}
