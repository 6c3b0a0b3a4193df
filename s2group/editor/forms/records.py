"""A form for any kind of record, made from the fields that the kind declares."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from itertools import groupby
from typing import Any, TypeVar

from wtforms import HiddenField, TextAreaField

from s2group.content.editing import Editable
from s2group.content.records.errors import ContentError
from s2group.content.records.kinds import Values
from s2group.core.forms import PortalForm
from s2group.core.localized import LOCALES, Locale, LocalizedText
from s2group.editor.forms.controls import Control, Names, Photo, Ticks, UnreadableError
from s2group.editor.forms.lists import Asked, PaperLinks, Rows, control_of, rows_of
from s2group.editor.wording import hint_of

# A box of text grows with what is in it, up to so many rows.
MOST_ROWS = 20


class ControlledForm(PortalForm):
    """A form with inputs that fields of a record make; they are those of `controls`."""

    controls: Sequence[Control] = ()

    @property
    def photos(self) -> list[Photo]:
        """The controls of pictures, also those within lists."""
        within = (
            each for control in self.controls if isinstance(control, Rows) for row in control.entries for each in row
        )
        return [control for control in (*self.controls, *within) if isinstance(control, Photo)]

    def inputs_of(self, control: Control) -> list[Any]:
        """The inputs of a field of the record."""
        return [self[name] for name in control.inputs]

    def chosen(self, names: Sequence[str]) -> list[Control]:
        """The controls of these fields of the record, in this order."""
        by_name = {control.field.name: control for control in self.controls}
        return [by_name[name] for name in names if name in by_name]

    def in_rows(self, listed: Sequence[Control]) -> list[list[Control]]:
        """The controls, short ones that follow each other together."""
        parts = groupby(listed, key=lambda control: control.shape == "input" and control.is_short)
        return [row for short, part in parts for row in ([list(part)] if short else [[each] for each in part])]

    def missing(self, control: Control) -> list[Locale]:
        """The language in which one of the pair says nothing though the other one does."""
        said = zip(LOCALES, self.inputs_of(control), strict=True)
        return LocalizedText.of({locale: text.data or "" for locale, text in said}).untranslated

    def is_open(self, control: Control) -> bool:
        """Whether a list is shown unfolded: there is something to correct in it."""
        return any(field.errors for field in self.inputs_of(control))

    def hint(self, control: Control) -> str:
        """What to know before writing."""
        return "" if isinstance(control, Ticks) else hint_of(control.kind, control.field)

    def read_controls(self) -> Values:
        """What was typed, by the names of the fields; what cannot be read is complained of."""
        values, data = {}, self.data
        for control in self.controls:
            try:
                values[control.field.name] = control.read(data)
            except UnreadableError as error:
                self[error.at].errors = [str(error)]
        return values

    def complain(self, name: str, words: str) -> None:
        """Say at a field of the record what is wrong; at the form where it asks for no such field."""
        control = next((control for control in self.controls if control.field.name == name), None)
        if control is None:
            self.form_errors.append(words)
        else:
            self[next(iter(control.inputs))].errors = [words]


class RecordForm(ControlledForm):
    """A record."""

    # The number of the revision that the editor started from.
    seen = HiddenField(default="0")

    @property
    def seen_number(self) -> int:
        """The same; -1 for what is no number, which no revision has."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else -1

    def values(self, editable: Editable, stored: Values) -> Values | None:
        """The record that was typed; what the form does not ask is as `stored`. None where something is to correct."""
        values = {**stored, **self.read_controls()}
        if not self.errors:
            self._check(editable, values)
        return None if self.errors else values

    def _check(self, editable: Editable, values: Values) -> None:
        try:
            editable.kind.check(values, "")
        except ContentError as error:
            self.complain(error.field, str(error.remedy))


def record_form(
    editable: Editable, values: Values | None, *, seen: int, names: Names, zone: tzinfo = UTC
) -> RecordForm:
    """The form of a kind, which shows `values`, or the defaults of a new record, with moments as they are in `zone`."""
    said = values or {}
    controls = [
        control_of(editable.kind.name, field, names, rows_of(field, said.get(field.name)), zone)
        for field in editable.fields
    ]
    controls = [
        replace(control, said=said.get(control.field.name)) if isinstance(control, Asked | PaperLinks) else control
        for control in controls
    ]
    form: RecordForm = controlled(RecordForm, controls, values, {"seen": str(seen)})
    for field in form:
        if isinstance(field, TextAreaField):
            field.render_kw["rows"] = max(field.render_kw["rows"], min((field.data or "").count("\n") + 2, MOST_ROWS))
    return form


F = TypeVar("F", bound=ControlledForm)


def controlled(base: type[F], controls: Sequence[Control], values: Values | None, shown: Mapping[str, Any]) -> F:
    """The form with the inputs of the controls, which show `values` or the defaults; `shown` is what else it shows."""
    said = dict(shown)
    for control in controls:
        if values or control.field.is_optional:
            said |= control.shown(values[control.field.name] if values else control.field.default)
    inputs = {name: made for control in controls for name, made in control.inputs.items()}
    form: F = type(base.__name__, (base,), inputs)(data=said)
    form.controls = controls
    return form
