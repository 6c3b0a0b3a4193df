"""Setting up a second factor."""

from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired

from s2group.accounts.rules import LONGEST_NAME
from s2group.core.forms import PortalForm, at_most

LONGEST_CODE = 20


class AppForm(PortalForm):
    """The first code of a new app."""

    code = StringField(
        lazy_gettext("The six digits that your app shows"),
        [InputRequired(lazy_gettext("Enter the code")), at_most(LONGEST_CODE)],
    )


class SignInWithPasskeyForm(PortalForm):
    """What the browser answered."""

    credential = HiddenField(
        validators=[InputRequired(lazy_gettext("Your browser sent no passkey. It needs JavaScript"))]
    )


class PasskeyForm(SignInWithPasskeyForm):
    """A new passkey."""

    name = StringField(
        lazy_gettext("Name of the passkey"), [DataRequired(lazy_gettext("Give it a name")), at_most(LONGEST_NAME)]
    )
