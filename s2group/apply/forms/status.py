"""The form that leads from a reference to the status page."""

from flask_babel import gettext, lazy_gettext
from wtforms.validators import DataRequired, StopValidation

from s2group.admissions.models import Application
from s2group.admissions.queries import application_by_reference
from s2group.apply.forms import shapes
from s2group.apply.forms.fields import LineField
from s2group.core.forms import PortalForm


class FindStatusForm(PortalForm):
    """Takes the reference as people copy it by hand; `application` is the one it names, once it is valid."""

    reference = LineField(lazy_gettext("Reference"), [DataRequired(lazy_gettext("Enter the reference"))])
    application: Application

    def validate_reference(self, field: LineField) -> None:
        """Whether it is mistyped or there is none, the answer is the same."""
        found = application_by_reference(shapes.reference(field.data))
        if found is None:
            raise StopValidation(
                gettext("No application has this reference. Compare it with your receipt or the confirmation mail")
            )
        self.application = found
