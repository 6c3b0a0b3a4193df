"""What staff type at the mail desk, and its shape."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import EmailField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from s2group.mail.bounces import LONGEST_NOTICE
from s2group.mail.headers import UnfitForHeaderError, address


def plain_address(_form: FlaskForm, field: EmailField) -> None:
    """Raise ValidationError for anything that no mail may be sent to."""
    try:
        field.data = address(field.data)
    except UnfitForHeaderError as error:
        raise ValidationError(gettext("Write an address such as name@example.org")) from error


class ElsewhereForm(FlaskForm):  # type: ignore[misc]
    """Another address for a mail that did not arrive."""

    recipient = EmailField(
        lazy_gettext("Another address"), [InputRequired(lazy_gettext("Write the other address")), plain_address]
    )


class BounceForm(FlaskForm):  # type: ignore[misc]
    """A notice that came back by mail: its source as text, or as a file."""

    text = TextAreaField(lazy_gettext("The source of the notice"))
    file = FileField(lazy_gettext("Or the notice as an .eml file"))
    raw = b""

    def validate(self, **arguments: Any) -> bool:
        """Also keep in `raw` what was sent: the file where there is one."""
        sound: bool = super().validate(**arguments)
        self.raw = self.file.data.read(LONGEST_NOTICE + 1) if self.file.data else (self.text.data or "").encode()
        if not self.raw.strip():
            return self.refuse(gettext("Paste the source of the notice, or choose its file"))
        if len(self.raw) > LONGEST_NOTICE:
            return self.refuse(gettext("The notice is larger than 1 MB. Paste its first part"))
        return sound

    def refuse(self, why: str) -> bool:
        """Say of what was sent why it cannot be used; False."""
        field = self.file if self.file.data else self.text
        field.errors = [why]
        return False
