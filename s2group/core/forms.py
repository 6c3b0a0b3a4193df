"""What all forms of the portal share: how that which was posted gets into their fields."""

from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import DateField, FileField, PasswordField
from wtforms.validators import Length

from s2group.core.text import visible


class PortalForm(FlaskForm):  # type: ignore[misc]
    """A form that loses nothing when the session behind it has ended."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How what was posted gets into the fields."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> Any:
            """What was posted, without signs that nobody sees. A file under the name of a text is none of ours."""
            if request.method != "POST":
                return None
            kept_as_typed = {field.name for field in form if isinstance(field, PasswordField)}
            takes_files = {field.name for field in form if isinstance(field, FileField)}
            typed = [
                (name, text if name in kept_as_typed else visible(text))
                for name, text in request.form.items(multi=True)
            ]
            files = [(name, file) for name, file in request.files.items(multi=True) if name in takes_files]
            return CombinedMultiDict((MultiDict(files), MultiDict(typed)))

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual; an ended session is said of the form as a whole, whose hidden token nobody can mend."""
        is_right = bool(super().validate(extra_validators))
        if "csrf_token" in self.errors:
            self["csrf_token"].errors = []
            self.form_errors.append(gettext("Your session had ended; nothing was sent yet. Press the button again."))
        return self._has_no_strays() and is_right

    def _has_no_strays(self) -> bool:
        """Give back what came without the name of its field; nothing that was typed gets lost."""
        strays = [text for text in request.form.getlist("") if text.strip()]
        self.form_errors += [
            gettext("This came without the name of its field. Copy it to where it belongs: %(text)s", text=text)
            for text in strays
        ]
        return not strays


class DayField(DateField):  # type: ignore[misc]
    """A day; says in the portal's words how to write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or raise ValueError with what to type instead."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Write the day as 2026-09-02")) from error


def at_most(count: int) -> Length:
    """Refuses a text of more than `count` characters, in the portal's words."""
    return Length(max=count, message=lazy_gettext("Use at most %(count)s characters", count=count))
