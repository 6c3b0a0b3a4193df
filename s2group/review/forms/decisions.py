"""What staff decide about an application and ask of its applicant."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Optional

from s2group.admissions.rules.states import State
from s2group.admissions.wording import STATES
from s2group.core.forms import DayField, PortalForm, at_most

LONGEST_REQUEST = 2000


class DecisionForm(PortalForm):
    """Where the application goes."""

    state = SelectField(
        lazy_gettext("State"),
        coerce=State,
        invalid_choice_message=lazy_gettext("The application has moved meanwhile. Choose again"),
    )
    release = BooleanField(lazy_gettext("Show it to the applicant on the status page"))
    # That the mail to the applicant was seen.
    confirmed = BooleanField()

    def __init__(self, state: State, allowed: Iterable[State]) -> None:
        """`state` is where it stands; `allowed` is where it may go."""
        super().__init__(data={"state": state})
        self.state.choices = [
            SelectChoice(value=each.value, label=STATES[each]) for each in State if each in {state, *allowed}
        ]


class RequestForm(PortalForm):
    """A further document that is asked for."""

    text = TextAreaField(
        lazy_gettext("Which document"),
        [DataRequired(lazy_gettext("Say which document you need")), at_most(LONGEST_REQUEST)],
        filters=[lambda text: text.strip() if text else text],
    )
    due_on = DayField(lazy_gettext("Wanted by"), [Optional()])

    def due_at(self, timezone: str) -> datetime | None:
        """The end of that day in the call's time zone."""
        return _end_of(self.due_on.data, timezone) if self.due_on.data else None


def _end_of(day: date, timezone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone)) - timedelta(seconds=1)
