"""The questions that only one route asks, and those about its referees."""

from flask_babel import gettext, lazy_gettext
from wtforms import Form, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from s2group.admissions.rules.route_form import OwnQuestion
from s2group.admissions.wording import LABELS
from s2group.apply.forms import shapes
from s2group.apply.forms.fields import Answered, LineField, NumberField, ParagraphsField, Row, RowsField
from s2group.apply.forms.fieldsets.question import PICK_ONE, Question, numeric
from s2group.core.i18n import current_locale
from s2group.core.text import LONGEST_EMAIL

# Longer texts get a box of several lines.
ONE_LINE = 120


class RefereeRow(Row):
    """Somebody who is asked for a letter."""

    name = LineField(lazy_gettext("Name"), [Answered(lazy_gettext("Enter the name of the referee"))])
    email = LineField(
        lazy_gettext("E-mail address"),
        [Answered(lazy_gettext("Enter the e-mail address of the referee"))],
        longest=LONGEST_EMAIL,
        reads=shapes.email_address,
        message=lazy_gettext("Enter an e-mail address such as name@example.org"),
        render_kw={"type": "email"},
    )
    position = LineField(
        lazy_gettext("Position and institution"), [Answered(lazy_gettext("Enter the position of the referee"))]
    )


def referees(number: int, applicant: str | None = None) -> Question:
    """The question for so many referees, neither more nor fewer, and none with the e-mail address of the applicant.

    That address is given where the form that asks for the referees does not ask for it too.
    """

    def all_there(form: Form, field: RowsField) -> None:
        own = (form["email"].answer if "email" in form else applicant) or ""
        addresses = {referee["email"].lower() for referee in field.answer if referee["email"]}
        if len(field.answer) == number and len(addresses) < number and not any(field.errors):
            raise ValidationError(gettext("Referees: name different people, each with an address of their own"))
        if own.lower() in addresses:
            raise ValidationError(gettext("Referees: name somebody else than yourself"))
        if len(field.answer) < number:
            raise ValidationError(gettext("Referees: name %(number)s people", number=number))

    return Question(
        RowsField,
        LABELS["referees"],
        lazy_gettext("Referees: name %(number)s people", number=number),
        hint=lazy_gettext(
            "The portal asks each of them for a letter once you submit. You see whether it came, never what it says."
        ),
        checks=(all_there,),
        options={"row": RefereeRow, "most": number, "shown": number},
    )


def own_question(question: OwnQuestion) -> Question:
    """A route's own question; of kind text, choice or number."""
    label, hint = question.label[current_locale()], question.hint.get(current_locale(), "")
    missing = gettext("%(label)s: this is needed", label=label)
    if question.kind == "number":
        return Question(NumberField, label, missing, hint, attributes=numeric("decimal"), options=_bounds(question))
    if question.kind == "choice":
        choices = [SelectChoice(value=value, label=words[current_locale()]) for value, words in question.options]
        options = {"choices": choices, "invalid_choice_message": PICK_ONE}
        return Question(RadioField, label, missing, hint, options=options)
    kind = LineField if question.longest <= ONE_LINE else ParagraphsField
    return Question(kind, label, missing, hint, options={"longest": question.longest})


def _bounds(question: OwnQuestion) -> dict[str, object]:
    low, high = f"{question.low:g}", f"{question.high:g}"
    return {
        "fits": lambda number: question.low <= number <= question.high,
        "message": gettext("Enter a number from %(low)s to %(high)s", low=low, high=high),
    }
