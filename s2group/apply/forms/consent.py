"""The consent without which nothing is taken."""

from flask_babel import lazy_gettext
from wtforms import BooleanField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired

from s2group.core.forms import PortalForm


def consent_field() -> UnboundField:
    """The tick without which nothing is taken."""
    words = lazy_gettext("Tick the box to agree to the use of your data: the group may not read it otherwise")
    return BooleanField(
        lazy_gettext("I agree that the group uses my answers and files as described here"), [DataRequired(words)]
    )


class ConsentForm(PortalForm):
    """The last step of a draft."""

    consent = consent_field()
