"""The form that asks once more before an application is deleted."""

from flask_babel import lazy_gettext
from wtforms import BooleanField
from wtforms.validators import DataRequired

from s2group.core.forms import PortalForm


class DeletionForm(PortalForm):
    """A tick, so that no single press of a button deletes anything."""

    confirm = BooleanField(
        lazy_gettext("Delete my application for good"), [DataRequired(lazy_gettext("Tick the box to delete it"))]
    )
