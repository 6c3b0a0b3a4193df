"""The questions of the forms, by topic, in the order in which the pages ask them."""

import re

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from s2group.admissions.rules import LARGEST_COUNT
from s2group.admissions.wording import ANSWERS, QUESTIONS
from s2group.apply import shapes
from s2group.apply.fields import DocumentField, LineField, NumberField, ParagraphsField

LONGEST_STATEMENT = 1500
GPA_SCALES: dict[shapes.Number, str] = {4: "4.0", 5: "5.0", 100: "100"}
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")
PICK_ONE = lazy_gettext("Choose one of the answers")


def _answers_to(field: str) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for (name, value), label in ANSWERS.items() if name == field]


def token(text: str | None) -> str:
    """A random token as we make them; anything else is none."""
    return text if text and TOKEN.fullmatch(text) else ""


def _gpa_scale(text: str) -> str:
    """`4` and `4.00` mean the scale 4.0."""
    return GPA_SCALES.get(shapes.number(text) or 0, text)


def _is_cet(score: shapes.Number) -> bool:
    return isinstance(score, int) and 220 <= score <= 710


def _is_toefl(score: shapes.Number) -> bool:
    """On 0–120 whole; on 1–6, the scale since 21 January 2026, in halves."""
    return (1 <= score <= 6 and shapes.in_halves(score)) or (isinstance(score, int) and 0 <= score <= 120)


def _is_whole(number: shapes.Number) -> bool:
    return isinstance(number, int)


def _is_positive(number: shapes.Number) -> bool:
    return isinstance(number, int) and number >= 1


class Person:
    """Who applies, and where they study."""

    name = LineField(lazy_gettext("Name"), [DataRequired(lazy_gettext("Enter your name"))])
    email = LineField(
        lazy_gettext("E-mail address"), [DataRequired(lazy_gettext("Enter your e-mail address"))], longest=254
    )
    phone = LineField(QUESTIONS["phone"], [DataRequired(lazy_gettext("Enter your mobile phone number"))])
    university = LineField(QUESTIONS["university"], [DataRequired(lazy_gettext("Enter your university"))])
    college = LineField(QUESTIONS["college"], [DataRequired(lazy_gettext("Enter your college or school"))])
    major = LineField(QUESTIONS["major"], [DataRequired(lazy_gettext("Enter your major"))])

    def validate_email(self, field: LineField) -> None:
        """An address that mail can go to."""
        if shapes.email_address(field.data) is None:
            raise ValidationError(gettext("Enter an e-mail address such as name@example.org"))

    def validate_phone(self, field: LineField) -> None:
        """A number that a phone can dial."""
        if shapes.phone_number(field.data) is None:
            raise ValidationError(gettext("Enter a mobile number such as 138 0013 8000, or +65 8123 4567 from abroad"))

    def address(self) -> str:
        """The e-mail address as mail needs it; empty unless valid."""
        return shapes.email_address(self.email.data) or ""


class Studies:
    """How the applicant has done so far; nothing here is required."""

    rank = NumberField(QUESTIONS["rank"], _is_positive, lazy_gettext("Rank: enter a whole number such as 3"))
    cohort_size = NumberField(
        QUESTIONS["cohort_size"],
        _is_positive,
        lazy_gettext("Students in your cohort: enter a whole number such as 58"),
    )
    gpa = NumberField(
        QUESTIONS["gpa"], lambda gpa: gpa <= max(GPA_SCALES), lazy_gettext("GPA: enter a number such as 3.7 or 88")
    )
    gpa_scale = SelectField(
        QUESTIONS["gpa_scale"],
        coerce=_gpa_scale,
        choices=[SelectChoice(value=scale, label=scale or "—") for scale in ("", *GPA_SCALES.values())],
        default="",
        invalid_choice_message=PICK_ONE,
    )

    def validate_rank(self, field: NumberField) -> None:
        """Nobody is 60th of 58."""
        if field.data and self.cohort_size.data and field.data > self.cohort_size.data:
            raise ValidationError(gettext("Rank: enter a number no higher than the students in your cohort"))

    def validate_gpa(self, field: NumberField) -> None:
        """A GPA lies within its scale."""
        if field.data and self.gpa_scale.data in GPA_SCALES.values() and field.data > float(self.gpa_scale.data):
            raise ValidationError(gettext("GPA: enter a number within its scale, or choose another scale"))

    def validate_gpa_scale(self, field: SelectField) -> None:
        """3.7 means nothing without its scale."""
        if self.gpa.data is not None and not field.data:
            raise ValidationError(gettext("GPA scale: choose the scale of your GPA"))


class Questions:
    """What the requirements look at."""

    exemption_status = RadioField(
        QUESTIONS["exemption_status"],
        [DataRequired(lazy_gettext("Say whether you hold the recommended-exemption quota"))],
        choices=_answers_to("exemption_status"),
        invalid_choice_message=PICK_ONE,
    )
    cet4 = NumberField(
        QUESTIONS["cet4"], _is_cet, lazy_gettext("CET-4: enter a whole number from 220 to 710, or leave it empty")
    )
    cet4_status = SelectField(
        lazy_gettext("No CET-4 score?"),
        [Optional()],
        choices=[SelectChoice(value="", label="—"), *_answers_to("cet4")],
        default="",
        invalid_choice_message=PICK_ONE,
    )
    cet6 = NumberField(
        QUESTIONS["cet6"], _is_cet, lazy_gettext("CET-6: enter a whole number from 220 to 710, or leave it empty")
    )
    ielts = NumberField(
        QUESTIONS["ielts"],
        lambda band: 0 <= band <= 9 and shapes.in_halves(band),
        lazy_gettext("IELTS: enter a band from 0 to 9 in steps of 0.5, or leave it empty"),
    )
    toefl = NumberField(
        QUESTIONS["toefl"],
        _is_toefl,
        lazy_gettext("TOEFL: enter 0 to 120, or a band from 1 to 6 in steps of 0.5, or leave it empty"),
    )
    neural_network = RadioField(
        QUESTIONS["neural_network"],
        [Optional()],
        choices=_answers_to("neural_network"),
        invalid_choice_message=PICK_ONE,
    )
    papers_top_three = NumberField(
        QUESTIONS["papers_top_three"],
        lambda papers: _is_whole(papers) and papers <= LARGEST_COUNT,
        lazy_gettext("Papers: enter a whole number such as 0 or 2, or leave it empty"),
    )
    declared = SelectMultipleField(
        lazy_gettext("This is true of me"),
        [Optional()],
        choices=[],
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


class Papers:
    """What comes with the answers."""

    resume = DocumentField(lazy_gettext("CV (PDF)"), [DataRequired(lazy_gettext("Select a PDF CV"))])
    resume_token = HiddenField(filters=[token])
    transcript = DocumentField(lazy_gettext("Transcript (PDF)"))
    transcript_token = HiddenField(filters=[token])
    statement = ParagraphsField(QUESTIONS["statement"], longest=LONGEST_STATEMENT)
