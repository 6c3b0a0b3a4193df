"""What staff decide about an application and ask of its applicant."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from s2group.admissions.offers.rules import LEAST_TIME
from s2group.admissions.rules.states import State
from s2group.admissions.wording import STATES
from s2group.core.days import end_of_day
from s2group.core.forms import DayField, PortalForm, at_most
from s2group.evaluation.pipeline.rules import usual_due
from s2group.evaluation.pipeline.services import Choice

LONGEST_REQUEST, LONGEST_NOTE, LONGEST_REASON = 2000, 2000, 1000
# How long an applicant has to answer what is asked once more.
USUAL_TIME, LONGEST_TIME = timedelta(days=7), timedelta(days=30)


def stripped(text: str | None) -> str:
    """What was typed, without the spaces around it."""
    return (text or "").strip()


class DecisionForm(PortalForm):
    """Where the application goes, until when an offer is answered, and what the staff keep of the decision."""

    state = SelectField(
        lazy_gettext("State"),
        [InputRequired(lazy_gettext("The application has moved meanwhile. Choose again"))],
        coerce=State,
        invalid_choice_message=lazy_gettext("The application has moved meanwhile. Choose again"),
    )
    answer_due_on = DayField(lazy_gettext("An offer is answered by"), [Optional()])
    note = TextAreaField(lazy_gettext("Note for the group"), [at_most(LONGEST_NOTE)], filters=[stripped])
    over_places_reason = TextAreaField(
        lazy_gettext("Why more offers than places"), [at_most(LONGEST_NOTE)], filters=[stripped]
    )
    release = BooleanField(lazy_gettext("Then tell the applicant"))
    seen = HiddenField()

    def __init__(self, state: State, allowed: Iterable[State], timezone: str, now: datetime, **before: Any) -> None:
        """`state` is where it stands; `allowed` is where it may go; `before` is what was decided last.

        Days are those of `timezone`.
        """
        due_at = before.pop("answer_due_at", None) or usual_due(now, timezone)
        self._timezone, self._now = timezone, now
        super().__init__(
            data={"state": before.pop("asked", state), "answer_due_on": _day_that_ends(due_at, timezone), **before}
        )
        self.allowed = [each for each in State if each in {state, *allowed}]
        self.state.choices = [SelectChoice(value=each.value, label=STATES[each]) for each in self.allowed]

    def validate_answer_due_on(self, field: DayField) -> None:
        """Of what is no offer the day says nothing."""
        due_at = self.answer_due_at
        if due_at and due_at < self._now + LEAST_TIME:
            raise ValidationError(gettext("Leave the applicant at least a day"))

    @property
    def answer_due_at(self) -> datetime | None:
        """The end of the chosen day; None where an offer never lapses, or nothing is offered."""
        if self.state.data is not State.OFFER or not self.answer_due_on.data:
            return None
        return end_of_day(self.answer_due_on.data, ZoneInfo(self._timezone))

    @property
    def choice(self) -> Choice:
        """What was decided."""
        return Choice(
            self.state.data, self.note.data, self.answer_due_at, self.over_places_reason.data, self.seen.data or ""
        )

    def tell_of_change(self, seen: str) -> None:
        """Say that a colleague was faster; sending it again replaces their note."""
        self.seen.raw_data, self.seen.data = None, seen
        words = gettext("A colleague has noted something else meanwhile, shown below. Save again to replace it.")
        self.note.errors = [words]

    def want_a_reason(self, words: str) -> None:
        """Ask why there shall be more offers than places."""
        self.over_places_reason.errors = [words]


class RequestForm(PortalForm):
    """A further document that is asked for."""

    text = TextAreaField(
        lazy_gettext("Which document"),
        [DataRequired(lazy_gettext("Say which document you need")), at_most(LONGEST_REQUEST)],
        filters=[stripped],
    )
    due_on = DayField(lazy_gettext("Wanted by"), [Optional()])

    def due_at(self, timezone: str) -> datetime | None:
        """The end of that day in the call's time zone."""
        return _end_of(self.due_on.data, timezone) if self.due_on.data else None


class AskAgainForm(PortalForm):
    """Why one answer or document is asked for once more, and until when."""

    text = TextAreaField(
        lazy_gettext("What you want to know"),
        [DataRequired(lazy_gettext("Say what you want to know")), at_most(LONGEST_REASON)],
        filters=[stripped],
    )
    due_on = DayField(lazy_gettext("Answer by"), [InputRequired(lazy_gettext("Enter a day"))])

    def __init__(self, timezone: str, now: datetime, **before: Any) -> None:
        """`before` is what the form begins with. Days are those of `timezone`."""
        self._today = now.astimezone(ZoneInfo(timezone)).date()
        self._timezone = timezone
        super().__init__(data={"due_on": self._today + USUAL_TIME, **before})

    def validate_due_on(self, field: DayField) -> None:
        """The applicant needs a day, and the link ends at some time."""
        if field.data and not self._today < field.data <= self._today + LONGEST_TIME:
            raise ValidationError(gettext("Choose a day from tomorrow on, within thirty days"))

    @property
    def due_at(self) -> datetime:
        """The end of that day."""
        return _end_of(self.due_on.data, self._timezone)


def _end_of(day: date, timezone: str) -> datetime:
    return end_of_day(day, ZoneInfo(timezone)) - timedelta(seconds=1)


def _day_that_ends(moment: datetime, timezone: str) -> date:
    return (moment - timedelta(seconds=1)).astimezone(ZoneInfo(timezone)).date()
