"""The words of a kind of mail, in both languages side by side."""

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import HiddenInput

from s2group.core.forms import PortalForm, at_most
from s2group.core.localized import LocalizedText
from s2group.evaluation.messages.rules import unknown_fields
from s2group.review.forms.releases import LONGEST_SUBJECT, LONGEST_TEXT


def known_fields(_form: PortalForm, field: StringField) -> None:
    """Raise ValidationError that names the first merge field that there is not, and its place."""
    for unknown in unknown_fields(field.data or "")[:1]:
        words = gettext("Line %(line)s, character %(column)s: there is no field {%(field)s}")
        raise ValidationError(words % {"line": unknown.line, "column": unknown.column, "field": unknown.field})


def _subject(label: str) -> StringField:
    wanted = DataRequired(lazy_gettext("Write a subject"))
    return StringField(label, [wanted, at_most(LONGEST_SUBJECT), known_fields])


def _text(label: str) -> TextAreaField:
    wanted = DataRequired(lazy_gettext("Write what the mail says"))
    return TextAreaField(label, [wanted, at_most(LONGEST_TEXT), known_fields])


class WordsForm(PortalForm):
    """Subject and text in Chinese and in English."""

    subject_zh = _subject(lazy_gettext("Subject, in Chinese"))
    subject_en = _subject(lazy_gettext("Subject, in English"))
    text_zh = _text(lazy_gettext("Text, in Chinese"))
    text_en = _text(lazy_gettext("Text, in English"))

    @property
    def subject(self) -> LocalizedText:
        """Both subjects."""
        return LocalizedText(self.subject_zh.data, self.subject_en.data)

    @property
    def text(self) -> LocalizedText:
        """Both texts."""
        return LocalizedText(_lines(self.text_zh.data), _lines(self.text_en.data))


class TemplateForm(WordsForm):
    """The words of a template."""

    # The version that was read.
    seen = IntegerField(widget=HiddenInput())


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


class TemplateFileForm(PortalForm):
    """A PDF that goes along."""

    file = FileField(lazy_gettext("A PDF that goes along"), [FileRequired(lazy_gettext("Choose a PDF"))])

    def refuse(self, reason: str) -> None:
        """Say why the file was not taken; `reason` as documents.services.UnacceptableDocument has it."""
        words = {
            "empty": gettext("The file is empty. Choose another one"),
            "too_big": gettext("The file is too large"),
            "wrong_type": gettext("The file is no PDF"),
            "encrypted": gettext("The PDF is locked with a password. Save it without one"),
        }
        self.file.errors = [words.get(reason, gettext("The file could not be stored. Try again"))]
