"""Where the applicant studies, and how they have done."""

from flask_babel import gettext, lazy_gettext
from wtforms import Form, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from s2group.admissions.catalogue import EXAM_SUBJECTS
from s2group.apply.forms import shapes
from s2group.apply.forms.fields import LineField, NumberField, answer_of
from s2group.apply.forms.fieldsets.question import ORDINAL, PICK_ONE, POINTS, Question, answers_to, asked, numeric

GPA_SCALES: dict[shapes.Number, str] = {4: "4.0", 5: "5.0", 100: "100"}
EXAM_HIGH = 500
# What is often typed into the first of two fields, and the second one.
READ_AS_ONE = {"gpa": "gpa_scale", "rank": "cohort_size"}
SUBJECT_HIGH = 150


def _gpa_scale(text: str) -> str:
    """`4` and `4.00` mean the scale 4.0."""
    return GPA_SCALES.get(shapes.number(text) or 0, text)


def _is_positive(number: shapes.Number) -> bool:
    return isinstance(number, int) and number >= 1


def _fits_the_cohort(form: Form, field: NumberField) -> None:
    """Nobody is 60th of 58."""
    cohort = form["cohort_size"].data if "cohort_size" in form else None
    if field.data and cohort and field.data > cohort:
        raise ValidationError(gettext("Rank: enter a number no higher than the students in your cohort"))


def _fits_the_scale(form: Form, field: NumberField) -> None:
    """A GPA lies within its scale."""
    scale = str(form["gpa_scale"].data) if "gpa_scale" in form else ""
    if field.data and scale in GPA_SCALES.values() and field.data > float(scale):
        raise ValidationError(gettext("GPA: enter a number within its scale, or choose another scale"))


class ScaleField(SelectField):  # type: ignore[misc]
    """The scale of a GPA, which must be said once there is one."""

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """3.7 means nothing without its scale."""
        if "gpa" in form and form["gpa"].data is not None and answer_of(self) is None:
            raise ValidationError(gettext("GPA scale: choose the scale of your GPA"))


def _adds_up(form: Form, field: NumberField) -> None:
    """The four subjects make the total; fewer of them are no more than it."""
    given = [form[name].data for name in EXAM_SUBJECTS if name in form]
    subjects = [score for score in given if score is not None]
    if field.data is None or sum(subjects) == field.data:
        return
    words = {"sum": f"{sum(subjects):g}"}
    if len(subjects) == len(EXAM_SUBJECTS):
        raise ValidationError(gettext("The four subjects add up to %(sum)s: correct them or the total", **words))
    if sum(subjects) > field.data:
        raise ValidationError(
            gettext("The subjects add up to %(sum)s, more than the total: correct them or the total", **words)
        )


def _month(name: str) -> Question:
    options = {"reads": shapes.month, "message": lazy_gettext("Enter a year and a month such as 2023-09")}
    hint = lazy_gettext("Such as 2023-09.")
    return asked(name, LineField, hint=hint, attributes={"class": "short"}, options=options)


def _score(name: str, high: int) -> Question:
    def fits(score: shapes.Number) -> bool:
        return isinstance(score, int) and score <= high

    options = {
        "fits": fits,
        "message": lazy_gettext("Enter a whole number from 0 to %(high)s", high=high),
        "after": POINTS,
    }
    checks = (_adds_up,) if name == "exam_total" else ()
    hint = lazy_gettext("0 to %(high)s", high=high)
    return asked(name, NumberField, hint=hint, checks=checks, attributes=numeric(), options=options)


STUDIES: dict[str, Question] = {
    "university": asked("university", LineField, lazy_gettext("Enter your university")),
    "college": asked(
        "college",
        LineField,
        lazy_gettext("Enter your college or school"),
        hint=lazy_gettext("The college, school or department."),
    ),
    "major": asked("major", LineField, lazy_gettext("Enter your major")),
    "entry_month": _month("entry_month"),
    "graduation_month": _month("graduation_month"),
    "gpa": asked(
        "gpa",
        NumberField,
        checks=(_fits_the_scale,),
        attributes=numeric("decimal"),
        options={
            "fits": lambda gpa: gpa <= max(GPA_SCALES),
            "message": lazy_gettext("GPA: enter a number such as 3.7 or 88"),
            "before": "gpa[:=]?",
            "after": POINTS,
        },
    ),
    "gpa_scale": asked(
        "gpa_scale",
        ScaleField,
        attributes={"class": "short"},
        options={
            "coerce": _gpa_scale,
            "choices": [
                *(SelectChoice(value=scale, label=scale or "—") for scale in ("", *GPA_SCALES.values())),
                *answers_to("gpa_scale"),
            ],
            "default": "",
            "invalid_choice_message": PICK_ONE,
        },
    ),
    "rank": asked(
        "rank",
        NumberField,
        checks=(_fits_the_cohort,),
        attributes=numeric(),
        options={
            "fits": _is_positive,
            "message": lazy_gettext("Rank: enter a whole number such as 3"),
            "before": ORDINAL,
            "after": "名|位|st|nd|rd|th",
        },
    ),
    "cohort_size": asked(
        "cohort_size",
        NumberField,
        attributes=numeric(),
        options={
            "fits": _is_positive,
            "message": lazy_gettext("Students in your cohort: enter a whole number such as 58"),
            "before": "共",
            "after": "人|名|位|名?(同学|学生)|students",
        },
    ),
    "rank_scope": asked(
        "rank_scope",
        RadioField,
        options={"choices": answers_to("rank_scope"), "invalid_choice_message": PICK_ONE},
    ),
    "exemption_status": asked(
        "exemption_status",
        RadioField,
        lazy_gettext("Say whether you hold the recommended-exemption quota"),
        hint=lazy_gettext(
            "The right to be admitted without the national entrance exam, granted by your university this year."
        ),
        options={"choices": answers_to("exemption_status"), "invalid_choice_message": PICK_ONE},
    ),
}

EXAM: dict[str, Question] = {
    "exam_total": _score("exam_total", EXAM_HIGH),
    **{name: _score(name, SUBJECT_HIGH) for name in EXAM_SUBJECTS},
}
