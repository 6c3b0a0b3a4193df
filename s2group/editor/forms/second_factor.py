"""Setting up a second factor."""

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import InputRequired

from s2group.core.forms import PortalForm, at_most

LONGEST_CODE = 20


class AppForm(PortalForm):
    """The first code of a new app."""

    code = StringField(
        lazy_gettext("The six digits that your app shows"),
        [InputRequired(lazy_gettext("Enter the code")), at_most(LONGEST_CODE)],
    )
