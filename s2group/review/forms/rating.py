"""A form made of a rubric: a field for each of its criteria, and the notes."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional

from s2group.admissions.rules.rubrics import Criterion
from s2group.core.forms import PortalForm, at_most
from s2group.core.i18n import current_locale
from s2group.evaluation.reviews.rules import Rating

LONGEST_NOTE, LONGEST_REASON = 10_000, 500
MARK = "mark-"
# What a page says of a mark that is not given.
NONE = ""


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _mark(value: object) -> int | None:
    return int(str(value)) if value not in (None, NONE) else None


class MarkField(IntegerField):  # type: ignore[misc]
    """A mark that is typed; says in the portal's words what it is."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the mark, or raise ValueError with what to type instead."""
        try:
            self.data = _mark(valuelist[0].strip()) if valuelist else None
        except ValueError as error:
            raise ValueError(gettext("Write a whole number")) from error


class RatingForm(PortalForm):
    """What a reviewer says; `rating_form` adds the criteria."""

    # How often the review was saved when the page was made, and by which criteria it asks.
    seen = HiddenField(default="0")
    rubric = HiddenField()
    shared_note = TextAreaField(lazy_gettext("Note"), [at_most(LONGEST_NOTE)], filters=[_stripped])
    private_note = TextAreaField(lazy_gettext("Your own note"), [at_most(LONGEST_NOTE)], filters=[_stripped])
    abstains = BooleanField(lazy_gettext("I do not rate this application"))
    reason = StringField(lazy_gettext("Why not"), [at_most(LONGEST_REASON)], filters=[_stripped])

    criteria: Sequence[Criterion] = ()

    @property
    def rows(self) -> list[tuple[Criterion, Any]]:
        """Each criterion with its field."""
        return [(criterion, self[MARK + criterion.key]) for criterion in self.criteria]

    @property
    def saves(self) -> int:
        """What `seen` says; of no review where it says nonsense."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else -1

    @property
    def rating(self) -> Rating:
        """What was typed. A mark that is none is left out: its field has the complaint."""
        marks = {criterion.key: field.data for criterion, field in self.rows if field.data is not None}
        return Rating(marks, self.abstains.data, self.reason.data, self.private_note.data, self.shared_note.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also whether the rubric is still the one that the page has shown."""
        is_right = bool(super().validate(extra_validators))
        if self.rubric.data == fingerprint(self.criteria):
            return is_right
        self.form_errors.append(gettext("The criteria have changed meanwhile. Check your marks, and save again."))
        return False

    def complain(self, missing: Iterable[str]) -> None:
        """Say at each field what is missing, by the names of reviews.rules.missing."""
        for name in missing:
            if name == "reason":
                self.reason.errors = [gettext("Say why you do not rate it")]
            else:
                self[MARK + name].errors = [gettext("Give a mark")]


def rating_form(criteria: Sequence[Criterion], *, rating: Rating, saves: int) -> RatingForm:
    """The form for these criteria, with what was posted, or else with `rating`."""
    fields = {MARK + criterion.key: _field(criterion) for criterion in criteria}
    made = type("RubricForm", (RatingForm,), {**fields, "criteria": criteria})
    notes = {"shared_note": rating.shared_note, "private_note": rating.private_note, "reason": rating.reason}
    marks = {MARK + key: mark for key, mark in rating.marks.items()}
    hidden = {"seen": str(saves), "rubric": fingerprint(criteria)}
    return made(data={**notes, **marks, **hidden, "abstains": rating.abstains})  # type: ignore[no-any-return]


def fingerprint(criteria: Sequence[Criterion]) -> str:
    """Tells one rubric from another."""
    return sha256(repr(list(criteria)).encode()).hexdigest()[:16]


def words(wording: Any) -> str:
    """A text of a rubric in the reader's language."""
    return str(getattr(wording, current_locale()))


def _field(criterion: Criterion) -> Any:
    label = words(criterion.wording)
    range_ = NumberRange(
        criterion.low,
        criterion.high,
        gettext("Give a mark from %(low)s to %(high)s", low=criterion.low, high=criterion.high),
    )
    if not criterion.is_chosen:
        return MarkField(label, [Optional(), range_])
    none = [] if criterion.required else [SelectChoice(value=NONE, label="—")]
    marks = [SelectChoice(value=str(mark), label=str(mark)) for mark in criterion.marks]
    return RadioField(
        label, [Optional(), range_], coerce=_mark, choices=none + marks, validate_choice=False,
        invalid_value_message=gettext("Write a whole number"),
    )  # fmt: skip
