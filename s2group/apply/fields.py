"""Form fields that keep what was typed and say what to do about it."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from s2group.apply import shapes
from s2group.documents.models import Document


class LineField(StringField):  # type: ignore[misc]
    """One line of text; nothing in it can pass for a mail header or turn the reading order round."""

    def __init__(self, label: Any, validators: Any = (), *, longest: int = 100, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.longest = longest

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text as NFC without blank ends; ValueError where it could not stand in a mail header."""
        self.data = shapes.one_line(valuelist[0]) if valuelist else ""
        if not shapes.fits_one_line(self.data):
            raise ValueError(
                gettext("%(label)s: type it again on one line, without hidden characters", label=self.label.text)
            )
        if shapes.ENCODED_WORD in self.data:
            raise ValueError(gettext("%(label)s: take out =?", label=self.label.text))

    def pre_validate(self, form: Form) -> None:
        """Keep it short."""
        _within(self, self.longest)


class ParagraphsField(TextAreaField):  # type: ignore[misc]
    """A text of some paragraphs."""

    def __init__(self, label: Any, validators: Any = (), *, longest: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.longest = longest

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text as NFC with line breaks of one kind; ValueError for control characters."""
        self.data = shapes.paragraphs(valuelist[0]) if valuelist else ""
        if not shapes.is_printable(self.data, also="\n\t"):
            raise ValueError(gettext("%(label)s: take out hidden characters", label=self.label.text))

    def pre_validate(self, form: Form) -> None:
        """Keep it as short as the page says."""
        _within(self, self.longest)


class NumberField(StringField):  # type: ignore[misc]
    """A number that `fits`, or None; `message` says which ones do."""

    def __init__(self, label: Any, fits: Callable[[shapes.Number], bool], message: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.fits = fits
        self.message = message

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; ValueError with the message where there is none that fits."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        value = shapes.number(typed)
        if value is None or not self.fits(value):
            raise ValueError(self.message)
        self.data = value

    def _value(self) -> str:
        """What was typed, right or wrong."""
        return str(self.raw_data[0]) if self.raw_data else ""


class DocumentField(FileField):  # type: ignore[misc]
    """A PDF. The view sets `document` to what is stored, or `problem` to the words why it could not be."""

    document: Document | None = None
    problem: str | None = None

    def pre_validate(self, form: Form) -> None:
        """Say what is wrong with the file that came, or that there is none."""
        if self.problem:
            raise StopValidation(self.problem)
        if self.document:
            raise StopValidation


def _within(field: StringField, longest: int) -> None:
    if len(field.data or "") > longest:
        words = gettext("%(label)s: use at most %(count)s characters", label=field.label.text, count=longest)
        raise ValidationError(words)
