"""Letting one person apply late."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from s2group.accounts.services import normal_email
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.services.extensions import LONGEST
from s2group.core.days import end_of_day
from s2group.core.forms import DayField, PortalForm, at_most
from s2group.core.i18n import plain_text
from s2group.core.text import LONGEST_EMAIL


class ExtensionForm(PortalForm):
    """Who may apply to which route until the end of which day, and in which language they are told."""

    route = SelectField(
        lazy_gettext("Way of applying"), [DataRequired(lazy_gettext("Choose the way of applying"))], coerce=int
    )
    email = EmailField(
        lazy_gettext("Their e-mail address"),
        [DataRequired(lazy_gettext("Enter the e-mail address")), at_most(LONGEST_EMAIL)],
    )
    last_day = DayField(lazy_gettext("The last day to send it"), [DataRequired(lazy_gettext("Choose the last day"))])
    locale = RadioField(
        lazy_gettext("Language of the mail"),
        choices=[SelectChoice(value="zh", label="中文"), SelectChoice(value="en", label="English")],
    )

    def __init__(self, routes: Iterable[AdmissionRoute], now: datetime) -> None:
        """`routes` are those on which the reader decides."""
        self._routes, self._now = {route.id: route for route in routes}, now
        super().__init__(data={"locale": "zh"})
        self.route.choices = [
            SelectChoice(value=route.id, label=f"{plain_text(route.title)} · {plain_text(route.call.title)}")
            for route in self._routes.values()
        ]

    def validate_email(self, field: EmailField) -> None:
        """An address that can be written to; whether it exists, a mail tells."""
        found = normal_email(field.data)
        if found is None:
            raise ValidationError(gettext("Write an address such as name@example.org"))
        field.data = found

    def validate_last_day(self, field: DayField) -> None:
        """A day to come, as long as the link in the mail works."""
        if not self._now < self.until <= self._now + LONGEST:
            raise ValidationError(gettext("Choose a day within the next %(days)s days", days=LONGEST.days - 1))

    @property
    def chosen_route(self) -> AdmissionRoute:
        """The route that was chosen."""
        return self._routes[self.route.data]

    @property
    def until(self) -> datetime:
        """The end of the last day in the call's time zone."""
        last: date = self.last_day.data
        zone = ZoneInfo(self.chosen_route.call.timezone if self.route.data in self._routes else "UTC")
        return end_of_day(last, zone)
