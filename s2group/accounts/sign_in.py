"""Signing in and out, by Flask-Security over our own accounts and with our own form and page."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any

from flask import Flask, Response, abort, after_this_request, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
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
from s2group.accounts.rules import DEVICE_LIFE, LONGEST_PASSWORD, normal_password
from s2group.accounts.services import normal_email
from s2group.accounts.sessions import StoredSessions, current_session, set_private_cookie
from s2group.accounts.throttle import begin_try, forget_tries, know_device, tries_key
from s2group.core.clock import now
from s2group.core.permissions import Action, authorize, public, signed_in
from s2group.extensions import db, limiter, security

# Of failed attempts, counted by network address; a success costs nothing, so a whole office can share one.
# Without a shared store every gunicorn worker counts for itself, and there are two. throttle.py counts by account.
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
    # Roles are grants, some for one route alone; Flask-Security hears of them by User.roles, which is no relationship.
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
    """E-mail and password, and one answer to everything that may be wrong with them.

    `wait` is how long no password is looked at for this address, whether or not it is an account's.
    """

    wait = timedelta()

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
        email = normal_email(self.email.data) or ""
        key = tries_key(email, device=request.cookies.get(device_cookie()), now=now())
        self.wait = begin_try(key, now=now()) if current_app.config["RATELIMIT_ENABLED"] else timedelta()
        if self.wait:
            self.form_errors.append(_wait_words(self.wait))
            return False
        self.user = _account_for(email, self.password.data)
        if self.user is None:
            self.form_errors.append(gettext("The e-mail address or the password is wrong"))
            return False
        forget_tries(key)
        return True


def _wait_words(wait: timedelta) -> str:
    minutes = ceil(wait / timedelta(minutes=1))
    words: str = ngettext(
        "There were too many wrong passwords for this e-mail address. Try again in %(num)s minute.",
        "There were too many wrong passwords for this e-mail address. Try again in %(num)s minutes.",
        minutes,
    )
    return words


def _account_for(email: str, password: str) -> User | None:
    """The account behind e-mail and password. It takes as long to find none as to find a wrong password."""
    # No password is as long as what is left here; the hash would refuse one of thousands of characters.
    password = normal_password(password)[: LONGEST_PASSWORD + 1]
    user = user_by_email(email)
    if user is None:
        hash_password(password)
        return None
    return user if verify_password(password, user.password) and user.active else None


def _render(template: str, *, login_user_form: SignInForm, **_context: object) -> ResponseReturnValue:
    page = render_template(template, form=login_user_form)
    if login_user_form.wait:
        return page, 429, {"Retry-After": str(ceil(login_user_form.wait.total_seconds()))}
    return page, 422 if login_user_form.errors else 200


def _failed(response: Response) -> bool:
    return response.status_code != 302


def _forms_only() -> None:
    """Flask-Security would also talk JSON, and hand out tokens that outlive a sign-out."""
    if request.is_json:
        abort(415)


def _begin_session(_app: Flask, user: User, **_details: object) -> None:
    """What was known of the session before does not help afterwards; the browser is the account's own from now on."""
    current_session().renew(user)
    token = know_device(user, former=request.cookies.get(device_cookie()), now=now())

    @after_this_request
    def remember(response: Response) -> Response:
        return keep_device(response, token)


def device_cookie() -> str:
    """The name of the cookie by which a known device is known; it signs nobody in."""
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def keep_device(response: Response, token: str) -> Response:
    """Have the browser keep the token of a known device."""
    set_private_cookie(response, device_cookie(), token, max_age=DEVICE_LIFE)
    return response


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
