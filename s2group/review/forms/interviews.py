"""Rounds of interviews, their slots, who is invited, and what is noted."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from s2group.accounts.models import User
from s2group.admissions.interviews.models import InterviewRound, InterviewSlot
from s2group.admissions.interviews.rules import MOST_AT_ONCE, TooManySlotsError, lay_out
from s2group.admissions.interviews.wording import zone_choices
from s2group.admissions.models import AdmissionRoute
from s2group.core import clock
from s2group.core.days import end_of_day
from s2group.core.forms import DayField, PortalForm, at_most
from s2group.core.i18n import plain_text
from s2group.core.localized import LocalizedText
from s2group.evaluation.interviews.services import RoundValues, SlotValues, Span

LONGEST_TITLE, LONGEST_TEXT, LONGEST_PLACE, LONGEST_NOTE = 80, 2000, 300, 10_000
LONGEST_SLOT, LONGEST_PAUSE, MOST_CHANGES = 480, 480, 20
DAY_MISSING = lazy_gettext("Choose a day")


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day; says in the portal's words how to write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time, or raise ValueError with what to type instead."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Write the time as 14:00")) from error


class WholeField(IntegerField):  # type: ignore[misc]
    """A whole number; says in the portal's words how to write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or raise ValueError with what to type instead."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Write a whole number")) from error


class BoxesField(SelectMultipleField):  # type: ignore[misc]
    """Some of several, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _within(least: int, most: int) -> list[Any]:
    words = lazy_gettext("Write a number from %(least)s to %(most)s", least=least, most=most)
    return [InputRequired(words), NumberRange(least, most, words)]


def _text(label: Any, longest: int, **options: Any) -> TextAreaField:
    return TextAreaField(label, [Optional(), at_most(longest)], filters=[_stripped], **options)


def _stripped(text: str | None) -> str:
    return text.strip() if text else ""


class RoundForm(PortalForm):
    """What is said of a round."""

    title_zh = StringField(lazy_gettext("Title in Chinese"), [at_most(LONGEST_TITLE)], filters=[_stripped])
    title_en = StringField(lazy_gettext("Title in English"), [Optional(), at_most(LONGEST_TITLE)], filters=[_stripped])
    routes = BoxesField(
        lazy_gettext("For applicants of"), [DataRequired(lazy_gettext("Choose at least one route"))], coerce=int
    )
    timezone = SelectField(lazy_gettext("Time zone"))
    minutes = WholeField(lazy_gettext("Minutes each"), _within(5, LONGEST_SLOT), default=20)
    place = StringField(
        lazy_gettext("Place or link"), [DataRequired(lazy_gettext("Say where it is")), at_most(LONGEST_PLACE)],
        filters=[_stripped],
    )  # fmt: skip
    choose_on = DayField(lazy_gettext("Last day for choosing"), [InputRequired(DAY_MISSING)])
    changes_allowed = WholeField(lazy_gettext("How often a choice may be changed"), _within(0, MOST_CHANGES), default=1)
    text_zh = _text(lazy_gettext("What applicants should know, in Chinese"), LONGEST_TEXT)
    text_en = _text(lazy_gettext("What applicants should know, in English"), LONGEST_TEXT)

    def __init__(self, routes: Sequence[AdmissionRoute], found: InterviewRound | None = None) -> None:
        """`routes` can be chosen; `found` is the round as it is."""
        super().__init__(data=_said_of(found) if found else {"timezone": routes[0].call.timezone})
        self.routes.choices = [
            SelectChoice(value=route.id, label=f"{plain_text(route.title)} · {plain_text(route.call.title)}")
            for route in routes
        ]
        self.timezone.choices = [SelectChoice(value=zone, label=words) for zone, words in zone_choices(clock.now())]
        self.known = {route.id: route for route in routes}

    def validate_title_zh(self, field: StringField) -> None:
        """One of the two languages will do."""
        if not field.data and not self.title_en.data:
            raise ValidationError(gettext("Give it a title in one language at least"))

    @property
    def values(self) -> RoundValues:
        """What was typed."""
        return RoundValues(
            title=LocalizedText(self.title_zh.data or "", self.title_en.data or ""),
            text=LocalizedText(self.text_zh.data or "", self.text_en.data or ""),
            place=self.place.data,
            timezone=self.timezone.data,
            minutes=self.minutes.data,
            choose_until=end_of_day(self.choose_on.data, ZoneInfo(self.timezone.data)),
            changes_allowed=self.changes_allowed.data,
            routes=[self.known[route_id] for route_id in self.routes.data],
        )


def _said_of(found: InterviewRound) -> dict[str, Any]:
    last = found.choose_until.astimezone(ZoneInfo(found.timezone)) - timedelta(seconds=1)
    names = ("timezone", "minutes", "place", "changes_allowed")
    return {name: getattr(found, name) for name in names} | {
        "title_zh": found.title.zh,
        "title_en": found.title.en,
        "text_zh": found.text.zh,
        "text_en": found.text.en,
        "choose_on": last.date(),
        "routes": [route.id for route in found.routes],
    }


class _OfSlots(PortalForm):
    """What slots have in common."""

    day = DayField(lazy_gettext("Day"), [InputRequired(DAY_MISSING)])
    begin = ClockField(lazy_gettext("Begins at"), [InputRequired(lazy_gettext("Say when it begins"))])
    end = ClockField(lazy_gettext("Ends at"), [InputRequired(lazy_gettext("Say when it ends"))])
    place = StringField(
        lazy_gettext("Another place or link"), [Optional(), at_most(LONGEST_PLACE)], filters=[_stripped]
    )
    interviewers = BoxesField(lazy_gettext("Interviewers"), [Optional()], coerce=int)
    is_open = BooleanField(lazy_gettext("Applicants can choose it"), default=True)

    def __init__(self, users: Iterable[User], interview_round: InterviewRound, **data: Any) -> None:
        """`users` can be interviewers."""
        super().__init__(data=data)
        self.timezone = interview_round.timezone
        self.known = {user.id: user for user in users}
        self.interviewers.choices = [SelectChoice(value=user.id, label=user.shown_name) for user in self.known.values()]

    def validate_end(self, field: ClockField) -> None:
        """It ends on the same day."""
        if field.data and self.begin.data and field.data <= self.begin.data:
            raise ValidationError(gettext("It must end after it begins"))

    @property
    def values(self) -> SlotValues:
        """What was typed of it beside its time."""
        chosen = [self.known[user_id] for user_id in self.interviewers.data or []]
        return SlotValues(self.place.data or "", bool(self.is_open.data), chosen)


class SlotsForm(_OfSlots):
    """Many slots at once: from when until when, every so many minutes."""

    minutes = WholeField(lazy_gettext("Minutes each"), _within(5, LONGEST_SLOT))
    pause = WholeField(lazy_gettext("Minutes between two"), _within(0, LONGEST_PAUSE), default=5)
    # That the slots were seen that come of it.
    confirmed = BooleanField()

    def __init__(self, users: Iterable[User], interview_round: InterviewRound) -> None:
        """With the length that the round gives."""
        super().__init__(users, interview_round, minutes=interview_round.minutes, pause=5, is_open=True)

    def validate_pause(self, field: WholeField) -> None:
        """Some slots come of it, and not too many."""
        if self.day.data and self.begin.data and self.end.data and self.minutes.data and field.data is not None:
            try:
                found = self.spans
            except TooManySlotsError as error:
                raise ValidationError(gettext("At most %(most)s slots at once", most=MOST_AT_ONCE)) from error
            if self.begin.data < self.end.data and not found:
                raise ValidationError(gettext("No slot of this length fits in between"))

    @property
    def spans(self) -> list[Span]:
        """When the slots would be."""
        found = lay_out(
            day=self.day.data,
            begin=self.begin.data,
            end=self.end.data,
            minutes=self.minutes.data,
            pause=self.pause.data,
            timezone=self.timezone,
        )
        return [Span(*each) for each in found]


class SlotForm(_OfSlots):
    """One slot as it is."""

    def __init__(self, users: Iterable[User], interview_round: InterviewRound, slot: InterviewSlot) -> None:
        """`slot` is of `interview_round`."""
        zone = ZoneInfo(interview_round.timezone)
        starts_at, ends_at = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
        # Whoever interviews now can go on, also where they may not read any more.
        every = {user.id: user for user in [*users, *slot.interviewers]}
        super().__init__(
            every.values(), interview_round, day=starts_at.date(), begin=starts_at.time(), end=ends_at.time(),
            place=slot.place, is_open=slot.is_open, interviewers=[user.id for user in slot.interviewers],
        )  # fmt: skip

    @property
    def span(self) -> Span:
        """When it is."""
        return Span(self._moment(self.begin.data), self._moment(self.end.data))

    def _moment(self, clock_time: time) -> datetime:
        day: date = self.day.data
        return datetime.combine(day, clock_time, ZoneInfo(self.timezone))


class NoteForm(PortalForm):
    """What an interviewer notes."""

    text = _text(lazy_gettext("My note on the interview"), LONGEST_NOTE)
    seen = HiddenField()

    def tell_of_change(self, seen: str) -> None:
        """Say that another tab was faster; sending it again replaces what that has saved."""
        self.seen.raw_data, self.seen.data = None, seen
        self.form_errors.append(
            gettext("Another tab has saved something else meanwhile, shown below. Save again to replace it.")
        )
