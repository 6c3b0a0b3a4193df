"""Which time an applicant chooses for an interview."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from s2group.admissions.interviews.models import InterviewSlot
from s2group.admissions.interviews.rules import ZONES
from s2group.core.forms import PortalForm, at_most

# Of the choices: no slot.
NONE_FITS = "none"
LONGEST_REASON = 1000


class SlotChoiceForm(PortalForm):
    """One of the slots that are offered, or none and why."""

    slot = RadioField(
        lazy_gettext("Interview time"),
        [DataRequired(lazy_gettext("Choose a time"))],
        # Checked by whoever gives it: it may have gone to somebody else since the page was opened.
        validate_choice=False,
    )
    why = TextAreaField(
        lazy_gettext("Why none fits, and when you could"),
        [at_most(LONGEST_REASON)],
        filters=[lambda text: text.strip() if text else ""],
    )
    zone = HiddenField()

    def __init__(self, slots: Iterable[InterviewSlot], *, chosen: int | None, zone: str) -> None:
        """`chosen` is the slot that is the applicant's, `zone` that in which they look at the times."""
        super().__init__(data={"slot": str(chosen) if chosen else None, "zone": zone})
        self.slot.choices = [SelectChoice(value=str(slot.id), label=str(slot.id)) for slot in slots]

    def validate_why(self, field: TextAreaField) -> None:
        """Whoever can take none says why."""
        if self.slot.data == NONE_FITS and not field.data:
            raise ValidationError(gettext("Write why none fits, and when you could"))

    def validate_zone(self, field: HiddenField) -> None:
        """What is none of the zones is as if it were not chosen."""
        if field.data not in ZONES:
            field.data = ""

    @property
    def slot_id(self) -> int:
        """The slot that was chosen; none has the number 0."""
        return int(self.slot.data) if self.slot.data.isdecimal() and len(self.slot.data) < 10 else 0
