"""Signing in and out, by Flask-Security over our own accounts and with our own form and page."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    after_this_request,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user, user_logged_out
from flask_security import (
    Form,
    LoginForm,
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    VerifyForm,
    hash_password,
    login_user,
    user_authenticated,
    verify_password,
)
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

from s2group.accounts.codes import CodeForm, CountedForm, NoRescueForm, OneTimeCodes, RecoveryCodes, RecoveryForm
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.rules import DEVICE_LIFE, LONGEST_PASSWORD, normal_password
from s2group.accounts.second_factor import Mailer, encryption_key, lacks_second_factor
from s2group.accounts.services import normal_email
from s2group.accounts.sessions import StoredSessions, current_session, set_private_cookie
from s2group.accounts.throttle import begin_try, device_cookie, forget_tries, know_device, tries_key
from s2group.core.clock import now
from s2group.core.permissions import Action, authorize, has_session, personal, signed_in
from s2group.extensions import db, limiter

security = Security(totp_cls=OneTimeCodes, mf_recovery_codes_util_cls=RecoveryCodes)
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
    # What changes an account asks for the password again where it was given longer ago.
    "SECURITY_FRESHNESS": timedelta(minutes=30),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=30),
    # As rules.normal_password.
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
    # A code of an app after the password, where one is set up; each time, and no cookie does instead.
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {
        "code": "s2group.accounts.codes.AppPlugin",
        "passkey": "s2group.accounts.codes.PasskeyPlugin",
    },
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/code",
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery-code",
}


class PasswordForm(Form):
    """A password of an account, which is looked at only so often.

    `wait` is how long no password is looked at for this address, whether or not it is an account's.
    """

    wait = timedelta()

    next = HiddenField()
    submit = None

    def validate_next(self, field: HiddenField) -> None:
        """Complain of nothing: Flask-Security leaves out an address outside the portal by itself."""

    def account(self, email: str, wrong: str) -> User | None:
        """The account of this address where the password is its own; else `wrong` is among the errors of the form."""
        key = tries_key(email, device=request.cookies.get(device_cookie()), now=now())
        self.wait = begin_try(key, now=now()) if current_app.config["RATELIMIT_ENABLED"] else timedelta()
        if self.wait:
            self.form_errors.append(_wait_words(self.wait))
            return None
        user = _account_for(email, self.password.data)
        if user is None:
            self.form_errors.append(wrong)
            return None
        forget_tries(key)
        return user


def _password_field() -> Any:
    return PasswordField(lazy_gettext("Password"), [InputRequired(lazy_gettext("Enter your password"))])


class SignInForm(PasswordForm, LoginForm):
    """E-mail and password, and one answer to everything that may be wrong with them."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(lazy_gettext("Enter your e-mail address"))])
    password = _password_field()
    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Whether the account may sign in; `user` is set then."""
        if not Form.validate(self, **kwargs):
            return False
        email = normal_email(self.email.data) or ""
        self.user = self.account(email, gettext("The e-mail address or the password is wrong"))
        return self.user is not None


class ConfirmForm(PasswordForm, VerifyForm):
    """The password once more, of who is signed in."""

    password = _password_field()

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is theirs. Then the session has a new token: a copy of the former cookie confirms nothing."""
        if not Form.validate(self, **kwargs):
            return False
        if self.account(self.user.email, gettext("The password is wrong")) is None:
            return False
        current_session().renew()
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
    if user is None or user.is_invited:
        hash_password(password)
        return None
    return user if verify_password(password, user.password) and user.active else None


def _render(template: str, **context: Any) -> ResponseReturnValue:
    """Flask-Security's way to our pages, with the status that their forms deserve."""
    page = render_template(template, **context)
    forms = [form for form in context.values() if isinstance(form, Form)]
    wait = max((form.wait for form in forms if isinstance(form, PasswordForm | CountedForm)), default=timedelta())
    if wait:
        return page, 429, {"Retry-After": str(ceil(wait.total_seconds()))}
    return page, 422 if any(form.errors for form in forms) else 200


def _failed(response: Response) -> bool:
    return response.status_code != 302


def _forms_only() -> None:
    """Flask-Security would also talk JSON, and hand out tokens that outlive a sign-out."""
    if request.blueprint == "security" and request.is_json:
        abort(415)


def _begin_session(_app: Flask, user: User, **_details: object) -> None:
    """What was known of the session before does not help afterwards; the browser is the account's own from now on."""
    current_session().renew(user)
    token = know_device(user, former=request.cookies.get(device_cookie()), now=now())

    @after_this_request
    def remember(response: Response) -> Response:
        return keep_device(response, token)


def _end_session(_app: Flask, **_details: object) -> None:
    current_session().end()


def keep_device(response: Response, token: str) -> Response:
    """Have the browser keep the token of a known device."""
    set_private_cookie(response, device_cookie(), token, max_age=DEVICE_LIFE)
    return response


@signed_in
def _first_section() -> Any:
    """Go where this account's work is."""
    section = "review.home" if authorize(current_user, Action.READ_APPLICATIONS) else "editor.home"
    return redirect(url_for(section))


def enter(user: User, *, via: str) -> ResponseReturnValue:
    """Sign in whoever has shown that the account is theirs, or ask for the second factor first where there is one."""
    asked: ResponseReturnValue | None = security.two_factor_plugins.tf_enter(user, False, via, next_loc=None)
    if asked is not None:
        return asked
    login_user(user, authn_via=[via])
    return redirect(url_for("account"), 303)


def _after_a_password(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view as open to whoever has given the password; whoever is signed in has no use for it."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return redirect(url_for("account")) if current_user.is_authenticated else view(*args, **kwargs)

    guarded.access = "signed in"  # type: ignore[attr-defined]
    return guarded


def _on_our_page(_view: Callable[..., Any]) -> Callable[..., Any]:
    """In place of a view of Flask-Security that has no use here."""

    @signed_in
    def elsewhere(**_values: Any) -> Any:
        return redirect(url_for(SET_UP))

    return elsewhere


# Who may open the pages that Flask-Security brings.
ACCESS: dict[str, Callable[[Any], Any]] = {
    "security.login": personal,
    "security.verify": signed_in,
    "security.logout": signed_in,
    "security.two_factor_token_validation": _after_a_password,
    "security.mf_recovery": _after_a_password,
    "security.mf_recovery_codes": signed_in,
    "security.two_factor_setup": _on_our_page,
    "security.two_factor_setup_validate": _on_our_page,
    "security.two_factor_rescue": _on_our_page,
    "security.tf_select": _on_our_page,
}
# Where a second factor is set up, and what is open to whoever must do that first.
SET_UP = "editor.second_factor"
OPEN_WITHOUT = (
    SET_UP, "editor.set_up_app", "editor.add_passkey", "security.mf_recovery_codes", "security.verify",
    "security.logout",
)  # fmt: skip


def _lead_to_set_up() -> ResponseReturnValue | None:
    """Nothing else is open to an account that must have a second factor and has none."""
    is_asked = current_app.config["REQUIRE_MFA"] and has_session() and current_user.is_authenticated
    g.must_set_up = is_asked and lacks_second_factor(current_user)
    if not g.must_set_up or request.endpoint in OPEN_WITHOUT:
        return None
    if request.method == "POST":
        abort(403)  # a redirect would lose what was typed
    return redirect(url_for(SET_UP))


def init_app(app: Flask, *, factor_mailer: Mailer) -> None:
    """Bind Flask-Security: /account/login, /account/verify, /account/logout (by POST), and /account/ for afterwards.

    `factor_mailer` writes to the owner of an account whose second factor has changed.
    """
    app.config.from_mapping(SETTINGS)
    app.config["SECURITY_TOTP_SECRETS"] = {"1": encryption_key(app.config["SECRET_KEY"])}
    app.config["SECURITY_TOTP_ISSUER"] = urlsplit(app.config["PUBLIC_URL"]).hostname
    app.extensions["factor_mailer"] = factor_mailer
    app.session_interface = StoredSessions()
    security.init_app(
        app,
        SQLAlchemyUserDatastore(db, User, RoleMixin),
        login_form=SignInForm,
        verify_form=ConfirmForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=NoRescueForm,
        mf_recovery_form=RecoveryForm,
        render_template=_render,
    )  # fmt: skip
    security.want_json(lambda _request: False)
    limiter.limit(FAILURES, methods=["POST"], deduct_when=_failed)(app.blueprints["security"])  # type: ignore[call-overload]
    for endpoint, mark in ACCESS.items():
        app.view_functions[endpoint] = mark(app.view_functions[endpoint])
    app.before_request(_forms_only)
    app.before_request(_lead_to_set_up)
    app.add_url_rule("/account/", "account", _first_section)
    user_authenticated.connect_via(app)(_begin_session)
    user_logged_out.connect_via(app)(_end_session)
