"""Signing in and out, by Flask-Security over our own accounts and with our own form and page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_login.utils import _user_context_processor
from flask_security import (
    LoginForm,
    RoleMixin,
    SQLAlchemyUserDatastore,
    hash_password,
    user_authenticated,
    verify_password,
    views,
)
from flask_security.forms import Form
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.rules import LONGEST_PASSWORD, normal_password
from s2group.accounts.services import normal_email
from s2group.accounts.sessions import StoredSessions, current_session
from s2group.core.permissions import Action, authorize, public, signed_in
from s2group.extensions import db, limiter, security

# Of failed attempts, counted by address; a success costs nothing, so a whole office can share one.
# Without a shared store every gunicorn worker counts for itself, and there are two.
FAILURES = "5 per minute; 50 per hour"
SETTINGS = {
    "SECURITY_URL_PREFIX": "/account",
    "SECURITY_POST_LOGIN_VIEW": "account",
    "SECURITY_POST_LOGOUT_VIEW": "site.home",
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    # Of the settings that OWASP ASVS 5.0 (appendix C) holds equal, the one that costs a small server least.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 19_456,
        "argon2__rounds": 2,
        "argon2__parallelism": 1,
    },
    # Argon2 salts by itself. Keyed with a secret as well, a lost key would lock everybody out.
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    # An account has one role, in a column; there is no table of roles to join.
    "SECURITY_JOIN_USER_ROLES": False,
    # Flask-Security's flashes would set a cookie for strangers; its style sheets and commands are not ours.
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    # A session is not bound to the browser's address, which changes on the way home.
    "SESSION_PROTECTION": None,
    # Negative: no page to confirm a password again.
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
}


class SignInForm(LoginForm):
    """E-mail and password, and one answer to everything that may be wrong with them."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(lazy_gettext("Enter your e-mail address"))])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(lazy_gettext("Enter your password"))])
    next = HiddenField()
    remember = None
    submit = None

    def validate_next(self, field: HiddenField) -> None:
        """Complain of nothing: Flask-Security leaves out an address outside the portal by itself."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the account may sign in; `user` is set then."""
        if not Form.validate(self, **kwargs):
            return False
        self.user = _account_for(self.email.data, self.password.data)
        if self.user is None:
            self.form_errors.append(gettext("The e-mail address or the password is wrong"))
        return self.user is not None


def _account_for(email: str, password: str) -> User | None:
    """The account behind e-mail and password. It takes as long to find none as to find a wrong password."""
    # No password is as long as what is left here; the hash would refuse one of thousands of characters.
    password = normal_password(password)[: LONGEST_PASSWORD + 1]
    user = user_by_email(normal_email(email) or "")
    if user is None:
        hash_password(password)
        return None
    return user if verify_password(password, user.password) and user.active else None


def _render(template: str, *, login_user_form: SignInForm, **_context: object) -> tuple[str, int]:
    return render_template(template, form=login_user_form), 422 if login_user_form.errors else 200


def _failed(response: Response) -> bool:
    return response.status_code != 302


def _forms_only() -> None:
    """Flask-Security would also talk JSON, and hand out tokens that outlive a sign-out."""
    if request.is_json:
        abort(415)


def _begin_session(_app: Flask, user: User, **_details: object) -> None:
    """What was known of the session before does not help afterwards."""
    current_session().renew(user)


def _of_its_session(load: Callable[[str], User | None]) -> Callable[[str], User | None]:
    """Wrap the loader of a session's account: it finds only the one that the session's row names."""

    def load_signed_in(identifier: str) -> User | None:
        user = load(identifier)
        return user if user and user.id == current_session().user_id else None

    return load_signed_in


def _end_session() -> Any:
    response = views.logout()
    current_session().end()
    return response


@signed_in
def _first_section() -> Any:
    """Go where this account's work is."""
    section = "review.applications" if authorize(current_user, Action.READ_APPLICATIONS) else "editor.news"
    return redirect(url_for(section))


_sign_in = public(limiter.limit(FAILURES, methods=["POST"], deduct_when=_failed)(views.login))
_sign_out = signed_in(_end_session)


def init_app(app: Flask) -> None:
    """Bind Flask-Security: pages /account/login, /account/logout (by POST), and /account/ for what comes after."""
    app.config.from_mapping(SETTINGS)
    app.session_interface = StoredSessions()
    datastore = SQLAlchemyUserDatastore(db, User, RoleMixin)
    security.init_app(app, datastore, login_form=SignInForm, render_template=_render)
    security.want_json(lambda _request: False)
    app.before_request_funcs.setdefault("security", []).append(_forms_only)
    app.view_functions.update({"security.login": _sign_in, "security.logout": _sign_out})
    app.add_url_rule("/account/", "account", _first_section)
    user_authenticated.connect_via(app)(_begin_session)
    _ask_only_where_needed(app)


def _ask_only_where_needed(app: Flask) -> None:
    """See to it that a page which does not care who reads it does not ask the database."""
    security.principal.identity_loaders.clear()
    app.template_context_processors[None].remove(_user_context_processor)
    app.jinja_env.globals["current_user"] = current_user
    manager = security.login_manager
    manager.user_loader(_of_its_session(manager.user_callback))
    manager.request_loader(lambda _request: None)
    # It would look into the session at the end of every request, for a cookie that we do not have.
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
