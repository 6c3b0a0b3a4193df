"""Tests of English."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import SelectField
from wtforms.fields import SelectChoice

from s2group.apply.forms import shapes
from s2group.apply.forms.fields import NumberField
from s2group.apply.forms.fieldsets.question import PICK_ONE, POINTS, Question, answers_to, asked, numeric

# Beside a score of these tests stands a question why there is none.
WHY_NONE = {"cet4": "cet4_status", "cet6": "cet6_status"}


def _is_cet(score: shapes.Number) -> bool:
    return isinstance(score, int) and 220 <= score <= 710


def _is_toefl(score: shapes.Number) -> bool:
    """On 0–120 whole; on 1–6, the scale since 21 January 2026, in halves."""
    return (1 <= score <= 6 and shapes.in_halves(score)) or (isinstance(score, int) and 0 <= score <= 120)


def _status(name: str, label: Any) -> Question:
    """What stands in the place of a score that there is not."""
    choices = [SelectChoice(value="", label="—"), *answers_to(name)]
    options = {"choices": choices, "default": "", "invalid_choice_message": PICK_ONE}
    return Question(SelectField, label, "", attributes={"class": "short"}, options=options)


LANGUAGES: dict[str, Question] = {
    "cet4": asked(
        "cet4",
        NumberField,
        lazy_gettext("Enter your CET-4 score, or say why there is none"),
        hint=lazy_gettext("220 to 710"),
        attributes=numeric(),
        options={
            "fits": _is_cet,
            "message": lazy_gettext("CET-4: enter a whole number from 220 to 710, or leave it empty"),
            "after": POINTS,
        },
    ),
    "cet4_status": _status("cet4", lazy_gettext("No CET-4 score?")),
    "cet6": asked(
        "cet6",
        NumberField,
        lazy_gettext("Enter your CET-6 score, or say why there is none"),
        hint=lazy_gettext("220 to 710"),
        attributes=numeric(),
        options={
            "fits": _is_cet,
            "message": lazy_gettext("CET-6: enter a whole number from 220 to 710, or leave it empty"),
            "after": POINTS,
        },
    ),
    "cet6_status": _status("cet6", lazy_gettext("No CET-6 score?")),
    "ielts": asked(
        "ielts",
        NumberField,
        hint=lazy_gettext("0 to 9"),
        attributes=numeric("decimal"),
        options={
            "fits": lambda band: 0 <= band <= 9 and shapes.in_halves(band),
            "message": lazy_gettext("IELTS: enter a band from 0 to 9 in steps of 0.5, or leave it empty"),
            "after": POINTS,
        },
    ),
    "toefl": asked(
        "toefl",
        NumberField,
        hint=lazy_gettext("0 to 120, or 1 to 6"),
        attributes=numeric("decimal"),
        options={
            "fits": _is_toefl,
            "message": lazy_gettext("TOEFL: enter 0 to 120, or a band from 1 to 6 in steps of 0.5, or leave it empty"),
            "after": POINTS,
        },
    ),
}
