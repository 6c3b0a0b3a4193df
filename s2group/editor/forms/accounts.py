"""Inviting colleagues, granting them roles, and choosing a password."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, PasswordField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, ValidationError

from s2group.accounts.services import normal_email
from s2group.admissions.models import AdmissionRoute
from s2group.audit.wording import ROLES
from s2group.core.forms import PortalForm, at_most
from s2group.core.i18n import plain_text
from s2group.core.permissions import ROLES_OF_ROUTES, Role
from s2group.core.text import LONGEST_EMAIL


class GrantForm(PortalForm):
    """A role, everywhere or for the applications of one route."""

    role = SelectField(lazy_gettext("Role"), [InputRequired()], coerce=Role)
    route = SelectField(lazy_gettext("Applications"), coerce=lambda typed: int(typed) if typed else None)

    def __init__(self, routes: Iterable[AdmissionRoute]) -> None:
        super().__init__(data={"role": Role.REVIEWER})
        # All of them is a choice, too.
        self.route.flags.required = True
        self.role.choices = [SelectChoice(value=role.value, label=words) for role, words in ROLES.items()]
        self.route.choices = [
            SelectChoice(value="", label=gettext("of every way of applying")),
            *(SelectChoice(value=route.id, label=route_words(route)) for route in routes),
        ]

    def validate_route(self, field: SelectField) -> None:
        """Only those who read applications can be limited to some of them."""
        if field.data is not None and self.role.data not in ROLES_OF_ROUTES:
            raise ValidationError(gettext("This role cannot be limited to a route"))


class AddressForm(PortalForm):
    """Who is written to, and in which language."""

    email = EmailField(
        lazy_gettext("Their e-mail address"),
        [DataRequired(lazy_gettext("Enter the e-mail address")), at_most(LONGEST_EMAIL)],
    )
    locale = RadioField(
        lazy_gettext("Language of the mail"),
        default="zh",
        choices=[SelectChoice(value="zh", label="中文"), SelectChoice(value="en", label="English")],
    )

    def validate_email(self, field: EmailField) -> None:
        """An address that can be written to; whether it exists, a mail tells."""
        if normal_email(field.data) is None:
            raise ValidationError(gettext("Write an address such as name@example.org"))


class InviteForm(GrantForm, AddressForm):
    """Who is invited, as what, and in which language they are told."""


class PasswordForm(PortalForm):
    """A new password, twice."""

    password = PasswordField(lazy_gettext("Password"), [InputRequired(lazy_gettext("Choose a password"))])
    again = PasswordField(
        lazy_gettext("The same password again"),
        [InputRequired(lazy_gettext("Repeat the password")), EqualTo("password", lazy_gettext("The passwords differ"))],
    )


def route_words(route: AdmissionRoute) -> str:
    """A way of applying and its call."""
    return f"{plain_text(route.title)} · {plain_text(route.call.title)}"
