"""Form fields that keep what was typed and say what to do about it.

Each has an `answer`: what an application keeps of it, None where nothing was answered.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import Field, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from s2group.apply.forms import shapes
from s2group.documents.models import Document


class Answered:
    """An answer is needed. Unlike WTForms' own validator it takes 0 for one."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it as it is

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Raise StopValidation with the message where there is none."""
        if _was_filled_in(field) and field.errors:
            return
        answer = form.answer_to(field.name) if hasattr(form, "answer_to") else answer_of(field)
        if answer in (None, []):
            field.errors = []
            raise StopValidation(self.message)


def _was_filled_in(field: Field) -> bool:
    """Whether anything was typed or chosen, right or wrong."""
    if isinstance(field, RowsField):
        return bool(field.answer)
    return any(str(typed).strip() for typed in field.raw_data or ())


def answer_of(field: Field) -> Any:
    """What an application keeps of a field; None for nothing, blanks too."""
    answer = field.answer if hasattr(field, "answer") else field.data
    is_blank = isinstance(answer, str) and not answer.strip()
    return None if is_blank or answer == [] else answer


class LineField(StringField):  # type: ignore[misc]
    """One line of text; nothing in it can pass for a mail header or turn the reading order round.

    `reads`, where given, turns the text into what is kept; where it finds nothing, `message` says what to type.
    """

    def __init__(
        self,
        label: Any,
        validators: Any = (),
        *,
        longest: int = 100,
        reads: Callable[[str], str | None] | None = None,
        message: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.longest = longest
        self.reads = reads
        self.message = message

    @property
    def answer(self) -> str | None:
        """The text as it is kept."""
        return self.reads(self.data) if self.reads and self.data else self.data

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text as NFC without blank ends; ValueError where it could not stand in a mail header."""
        self.data = shapes.one_line(valuelist[0]) if valuelist else ""
        if not shapes.fits_one_line(self.data):
            raise ValueError(gettext("%(label)s: type it again on one line", label=self.label.text))
        if shapes.ENCODED_WORD in self.data:
            raise ValueError(gettext("%(label)s: take out =?", label=self.label.text))

    def pre_validate(self, form: Form) -> None:
        """Keep it short, and of its shape."""
        _within(self, self.longest)
        if self.data and self.answer is None:
            raise ValidationError(self.message)


class ParagraphsField(TextAreaField):  # type: ignore[misc]
    """A text of some paragraphs, between `shortest` and `longest` characters."""

    def __init__(self, label: Any, validators: Any = (), *, longest: int, shortest: int = 0, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.longest = longest
        self.shortest = shortest

    @property
    def still_missing(self) -> int:
        """How many characters a text that was begun is short of what the page says."""
        return max(self.shortest - len(self.data), 0) if self.data else 0

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text as NFC with line breaks of one kind."""
        self.data = shapes.paragraphs(valuelist[0]) if valuelist else ""

    def pre_validate(self, form: Form) -> None:
        """Keep it within what the page says."""
        _within(self, self.longest)
        if self.still_missing:
            raise ValidationError(
                gettext(
                    "%(label)s: write at least %(least)s characters; there are %(count)s",
                    label=self.label.text, least=self.shortest, count=len(self.data),
                )
            )  # fmt: skip


class NumberField(StringField):  # type: ignore[misc]
    """A number that `fits`, or None; `message` says which ones do.

    What `before` and `after` match may stand beside it, for it can mean only one thing.
    """

    def __init__(
        self,
        label: Any,
        validators: Any = (),
        *,
        fits: Callable[[shapes.Number], bool],
        message: Any,
        before: str = "",
        after: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.fits = fits
        self.message = message
        self.before = before
        self.after = after

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; ValueError with the message where there is none that fits."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        value = shapes.number(typed, before=self.before, after=self.after)
        if value is None or not self.fits(value):
            raise ValueError(self.message)
        self.data = value

    def _value(self) -> str:
        """What was typed, right or wrong; otherwise what is kept."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class Row(Form):  # type: ignore[misc]
    """One entry of a list; an empty one counts for nothing."""

    @property
    def answer(self) -> dict[str, Any] | None:
        """What is kept of the entry; None where nothing was written into it."""
        answers = {field.name.rpartition("-")[2]: answer_of(field) for field in self}
        return answers if any(answer is not None for answer in answers.values()) else None

    def validate(self, extra_validators: Any = None) -> bool:
        """As usual, unless the entry is empty."""
        is_empty = not any(field.raw_data and str(field.raw_data[0]).strip() for field in self)
        right: bool = (is_empty and self.answer is None) or super().validate(extra_validators)
        return right


class RowsField(FieldList):  # type: ignore[misc]
    """A list of entries, at most `most`; the buttons beside it add one and take one away, also without a script."""

    def __init__(
        self,
        label: Any,
        validators: Any = (),
        *,
        row: type[Row],
        most: int,
        another: Any = "",
        shown: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(FormField(row), label, validators, min_entries=shown, max_entries=most, **kwargs)
        self.shown = shown
        # What the button says that adds one.
        self.another = another

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """The numbers of the entries; WTForms would stumble over digits that are none, and over ones without end."""
        number = re.compile(re.escape(prefix + self._separator) + "([0-9]{1,6})" + re.escape(self._separator) + ".+")
        return (int(found[1]) for found in map(number.fullmatch, formdata) if found)

    @property
    def answer(self) -> list[dict[str, Any]]:
        """The entries that say anything."""
        return [entry.form.answer for entry in self.entries if entry.form.answer is not None]

    @property
    def may_grow(self) -> bool:
        """Whether one more entry may be added."""
        return bool(self.max_entries > max(len(self.entries), self.shown))

    def press(self, button: str) -> None:
        """Do what a button says: `add`, or the number of the entry to take away."""
        numbers = [entry.short_name for entry in self.entries]
        if button == "add" and self.may_grow:
            self.append_entry()
        elif button in numbers:
            # The others are numbered anew: so they will be when they come back, and a button must mean the same then.
            self.pop_entry(numbers.index(button))
            if len(self.entries) < self.shown:
                self.append_entry()


class DocumentField(FileField):  # type: ignore[misc]
    """A file. The view sets `document` to what is stored, or `problem` to the words why it could not be."""

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
