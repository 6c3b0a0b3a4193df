"""Codes that are asked for after a password: what Flask-Security is told of them, and the forms that take them."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_security import Form, MfRecoveryCodesUtil, MfRecoveryForm, Totp, TwoFactorRescueForm, TwoFactorVerifyCodeForm
from flask_security.tf_plugin import TfPluginBase
from flask_security.twofactor import CodeTfPlugin
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from s2group.accounts.rules import CODE_WITHIN, LONGEST_PASSWORD
from s2group.accounts.second_factor import is_code_of, make_recovery_codes, note_wrong_code, use_code, use_recovery_code
from s2group.accounts.throttle import begin_try, device_cookie, forget_tries, tries_key
from s2group.core.clock import now
from s2group.core.identifiers import token_hash

# Until when the code must have come, in the session of who has given the password.
UNTIL = "code_until"


class OneTimeCodes(Totp):
    """Codes of apps, none of which is taken twice."""

    def get_last_counter(self, user: Any) -> Any:
        """The 30 seconds of the last one that was taken."""
        return user.totp_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Note those of this one."""
        use_code(user, tmatch.counter)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, of which hashes are kept, where Flask-Security would keep the codes."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """New ones in place of the others."""
        return make_recovery_codes(user=user, mailer=current_app.extensions["factor_mailer"], now=now())

    def get_recovery_codes(self, user: Any) -> list[str]:
        """None: they are shown when they are made, and never again."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether it is one of theirs, which it is no longer from then on: of two at once one is too late."""
        return use_recovery_code(user=user, code=code, mailer=current_app.extensions["factor_mailer"], now=now())

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Nothing is left to do."""
        return True


class AppPlugin(CodeTfPlugin):
    """Asks for the code of the app, for CODE_WITHIN after the password."""

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> Any:
        """Lead to the page that asks."""
        session[UNTIL] = (now() + CODE_WITHIN).isoformat()
        return super().tf_login(user, json_payload, next_loc)


class PasskeyPlugin(TfPluginBase):
    """Asks for a passkey, where there is no app; for a recovery code within CODE_WITHIN."""

    def create_blueprint(self, app: Any, bp: Any, state: Any) -> None:
        """No view: editor.views.passkeys has them."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """Whether it is what the account has."""
        return [("passkey", "passkey")] if user.passkeys and user.tf_primary_method is None else []

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> Any:
        """Lead to the page that asks."""
        session["tf_state"] = "ready"
        session[UNTIL] = (now() + CODE_WITHIN).isoformat()
        return redirect(url_for("editor.sign_in_with_passkey"))


class CountedForm(Form):
    """A code, which is looked at only so often; `wait` is how long none is looked at."""

    wait = timedelta()
    user: Any
    code: StringField
    wrong = lazy_gettext("This code is wrong, or was used before")

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the account's."""
        if not Form.validate(self, **kwargs):
            return False
        if now() >= datetime.fromisoformat(session[UNTIL]):
            self.form_errors.append(gettext("That took more than ten minutes. Begin with your password again"))
            return False
        return self._is_right_in_time()

    def _is_right_in_time(self) -> bool:
        key = _tries_key(self.user)
        self.wait = begin_try(key, now=now()) if current_app.config["RATELIMIT_ENABLED"] else timedelta()
        if self.wait:
            self.form_errors.append(_wait_words(self.wait))
        elif self.is_right(self.code.data[:LONGEST_PASSWORD]):
            forget_tries(key)
            return True
        else:
            note_wrong_code(self.user, now=now())
            self.code.errors = [str(self.wrong)]
        return False

    def is_right(self, code: str) -> bool:
        """Whether it is the account's, which it is no longer from then on."""
        raise NotImplementedError


class CodeForm(CountedForm, TwoFactorVerifyCodeForm):
    """The code that the app shows."""

    code = StringField(
        lazy_gettext("The six digits that your app shows"), [InputRequired(lazy_gettext("Enter the code"))]
    )
    submit = None

    def is_right(self, code: str) -> bool:
        """Whether the app shows it now."""
        return is_code_of(self.user, code, key=self.tf_totp_secret)


class RecoveryForm(CountedForm, MfRecoveryForm):
    """One of the codes that were written down."""

    code = StringField(lazy_gettext("Recovery code"), [InputRequired(lazy_gettext("Enter the code"))])
    submit = None

    def is_right(self, code: str) -> bool:
        """Whether it is left."""
        return bool(current_app.extensions["security"].mf_recovery_codes_util.check_recovery_code(self.user, code))


class NoRescueForm(TwoFactorRescueForm):
    """What Flask-Security would offer beside recovery codes: nothing."""

    help_setup = RadioField(choices=[])


def _tries_key(user: Any) -> str:
    """Counted beside wrong passwords: whoever knows the password and tries codes holds up their own kind only."""
    return token_hash(f"code {tries_key(user.email, device=request.cookies.get(device_cookie()), now=now())}")


def _wait_words(wait: timedelta) -> str:
    minutes = ceil(wait / timedelta(minutes=1))
    words: str = ngettext(
        "There were too many wrong codes for this account. Try again in %(num)s minute.",
        "There were too many wrong codes for this account. Try again in %(num)s minutes.",
        minutes,
    )
    return words
