"""The form that asks where a link shall go."""

from flask_babel import lazy_gettext

from s2group.apply.forms import shapes
from s2group.apply.forms.fields import Answered, LineField
from s2group.core.forms import PortalForm
from s2group.core.text import LONGEST_EMAIL


class AddressForm(PortalForm):
    """Asks where the link shall go."""

    email = LineField(
        lazy_gettext("E-mail address"),
        [Answered(lazy_gettext("Enter your e-mail address"))],
        longest=LONGEST_EMAIL,
        reads=shapes.email_address,
        message=lazy_gettext("Enter an e-mail address such as name@example.org"),
        description=lazy_gettext("The one that you gave in your draft."),
        render_kw={"autocomplete": "email", "type": "email"},
    )
