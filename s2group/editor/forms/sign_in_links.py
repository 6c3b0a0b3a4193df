"""What whoever wants a link to sign in types."""

from flask_babel import lazy_gettext
from wtforms import EmailField
from wtforms.validators import DataRequired

from s2group.core.forms import PortalForm, at_most
from s2group.core.text import LONGEST_EMAIL


class AddressForm(PortalForm):
    """The address of an account."""

    email = EmailField(
        lazy_gettext("E-mail address"),
        [DataRequired(lazy_gettext("Enter your e-mail address")), at_most(LONGEST_EMAIL)],
    )
