"""The requirement check and the application."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import BooleanField, HiddenField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Optional

from s2group.admissions.rules import Declared, Requirement
from s2group.admissions.services import Kind
from s2group.admissions.wording import QUESTIONS
from s2group.apply import shapes
from s2group.apply.fieldsets import Papers, Person, Questions, Studies, token
from s2group.core.i18n import plain_text
from s2group.core.identifiers import new_token
from s2group.core.localized import LocalizedText
from s2group.documents.models import Document

FILES = ("resume", "transcript")


class PortalForm(FlaskForm):  # type: ignore[misc]
    """A form that loses nothing when the session behind it has ended."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How what was posted gets into the fields."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> Any:
            """What was posted. A file under the name of a text field is none of ours."""
            if request.method != "POST":
                return None
            files = {name: request.files[name] for name in FILES if name in request.files}
            return CombinedMultiDict((MultiDict(files), request.form))

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual; an ended session is said of the form as a whole, whose hidden token nobody can mend."""
        is_right = bool(super().validate(extra_validators))
        if "csrf_token" in self.errors:
            self["csrf_token"].errors = []
            self.form_errors.append(gettext("Your session had ended; nothing was sent yet. Press the button again."))
        return is_right


class RequirementForm(Questions, PortalForm):
    """A form whose answers the rules can read."""

    def __init__(self, requirements: Sequence[Requirement]) -> None:
        super().__init__()
        self.declared.choices = [
            SelectChoice(value=requirement.key, label=plain_text(LocalizedText(**asdict(requirement.wording))))
            for requirement in requirements
            if isinstance(requirement, Declared)
        ]

    def answers(self) -> dict[str, Any]:
        """Every answer by the name of its question, as the rules read it and an application keeps it."""
        answers = {name: self[name].data for name in QUESTIONS if name in self}
        if answers["cet4"] is None:
            answers["cet4"] = self.cet4_status.data or None
        ticked = self.declared.data or []
        return answers | {"declared": [choice.value for choice in self.declared.choices if choice.value in ticked]}


class CheckForm(RequirementForm):
    """The requirement check: every question may stay open."""

    def __init__(self, requirements: Sequence[Requirement]) -> None:
        super().__init__(requirements)
        self.exemption_status.validators = [Optional()]
        self.exemption_status.flags.required = False


class ApplicationForm(Person, Studies, Papers, RequirementForm):
    """The application."""

    # Which way of being admitted; and the random key by which a second post of this form is known.
    route = HiddenField()
    form_key = HiddenField(filters=[lambda text: token(text) or new_token()])
    consent = BooleanField(
        lazy_gettext("I agree that the group uses my answers and files as described here"),
        [
            DataRequired(
                lazy_gettext("Tick the box to agree to the use of your data: the group may not read it otherwise")
            )
        ],
    )

    def __init__(self, requirements: Sequence[Requirement], *, route_key: str) -> None:
        super().__init__(requirements)
        self.route_is_open = not self.is_submitted() or self.route.data == route_key
        self.route.data = route_key

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual; a way of applying that is not open is said of the form as a whole."""
        is_right = super().validate(extra_validators)
        if not self.route_is_open:
            self.form_errors.append(
                gettext("The way of applying has changed. Check the form, then press the button again.")
            )
        return is_right and self.route_is_open

    def answers(self) -> dict[str, Any]:
        """As above, with the phone number as it is dialled."""
        return super().answers() | {"phone": shapes.phone_number(self.phone.data)}

    def documents(self) -> dict[Kind, Document]:
        """The stored files that belong to this application."""
        papers: dict[Kind, Document | None] = {"resume": self.resume.document, "transcript": self.transcript.document}
        return {kind: document for kind, document in papers.items() if document}
