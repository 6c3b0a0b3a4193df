"""Where whoever is signed in is signed in, and ending that."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import auth_required

from s2group.accounts.rules import CONFIRMED_WITHIN
from s2group.accounts.sessions import current_session, end_some_sessions, sessions_of
from s2group.content.group.queries import group_zone
from s2group.core.clock import now
from s2group.core.permissions import signed_in
from s2group.editor.views.blueprint import blueprint


@blueprint.get("/account/sessions/")
@signed_in
def sessions() -> ResponseReturnValue:
    """The sessions of the account, this one marked."""
    return render_template(
        "security/sessions.html", sessions=sessions_of(current_user, now=now()), here=current_session().id,
        moment=now(), timezone=str(group_zone()),
    )  # fmt: skip


@blueprint.route("/account/sessions/end/", methods=["GET", "POST"])
@signed_in
@auth_required("session", within=CONFIRMED_WITHIN, grace=0)
def end_sessions() -> ResponseReturnValue:
    """End one of them, or all but this one. Who was asked for the password first comes back to the list."""
    if request.method != "POST":
        return redirect(url_for("editor.sessions"))
    which, here = request.form.get("session"), current_session().id
    count = end_some_sessions(user=current_user, which=which, but=here, now=now())
    flash("ended" if count else "over")
    return redirect(url_for("editor.sessions"), 303)
