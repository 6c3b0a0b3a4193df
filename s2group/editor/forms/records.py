"""A form for any kind of record, made from the fields that the kind declares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import request
from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.widgets import CheckboxInput

from s2group.admissions.call_fields import Form, MailAddresses, Rubric
from s2group.content.editing import Editable
from s2group.content.news.files import Gallery
from s2group.content.people.fields import Links
from s2group.content.people.wording import LINKS
from s2group.content.pictures.fields import PicturePath
from s2group.content.publications.kind import Identifier
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import (
    Choice,
    Emails,
    Field,
    Flag,
    Localized,
    LocalizedTexts,
    Moment,
    References,
    Tables,
    Texts,
)
from s2group.content.records.kinds import Values
from s2group.core.forms import PortalForm, at_most
from s2group.core.localized import LOCALES, Locale, LocalizedText
from s2group.editor.route_forms import (
    TOPIC_NAMES,
    UnfitQuestionError,
    choices_of,
    criterion_fields,
    criterion_of,
    form_of,
    lists_of,
    shown_criterion,
    shown_form,
)
from s2group.editor.wording import contradiction, hint_of, label_of, link_to_write, what_to_write, word_of

# The fields that are one line in every record; the others of two languages have room for several.
ONE_LINE = (
    "name",
    "title",
    "institution",
    "claim",
    "focus",
    "destination",
    "co_supervision",
    "funder",
    "programme",
    "speaker",
)
PARAGRAPHS = ("about", "biography", "body", "abstract")
# Of the entries of lists those that are lines of their own.
SEVERAL_LINES = ("options",)
# The kinds of which there are few enough records for a box to tick each.
TICKED = ("member", "research_area")
# The one field of the entries of a list of texts.
ONE_TEXT = Localized("text")
# Of one text, in characters: more than anybody reads on a page, and shown in no time.
LONGEST_TEXT = 100_000
# A box of text grows with what is in it, up to so many rows.
MOST_ROWS = 20
Names = Mapping[str, Sequence[tuple[str, str]]]


class Needed:
    """Marks an input that must not be left empty; the field of the record looks at what was typed."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing more to check."""


class UnreadableError(ValueError):
    """What was typed cannot be read; says at which input, and what to write instead."""

    def __init__(self, at: str, words: str) -> None:
        super().__init__(words)
        self.at = at


@dataclass(frozen=True)
class Control:
    """How a field of a record stands in a form: one line of text, unless it is one of the classes below."""

    kind: str
    field: Field[Any]
    names: Names
    # How many entries a list has.
    rows: int = 0
    # In which moments are shown and typed, unless the record says another one.
    zone: tzinfo = UTC
    shape: ClassVar[str] = "input"

    @property
    def label(self) -> str:
        """What it is called."""
        return label_of(self.kind, self.field)

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """The inputs by their names."""
        return {self.field.name: StringField(self.label, self.limits, filters=[as_typed])}

    @property
    def marks(self) -> list[Needed]:
        """What the input is marked with."""
        return [] if self.field.is_optional else [Needed()]

    @property
    def limits(self) -> list[Any]:
        """The same for an input of text, and how much of it is taken."""
        return [*self.marks, at_most(LONGEST_TEXT)]

    def shown(self, value: Any) -> dict[str, Any]:
        """What the inputs show of a value."""
        (text,) = self.field.to_cells(value)
        return {self.field.name: text}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """What was typed, as the field reads it."""
        return self.field.from_cells(data[self.field.name])

    def read(self, data: Mapping[str, Any]) -> Any:
        """The value that was typed. Raises UnreadableError."""
        typed = self.typed(data)
        try:
            return self.field.read(typed, "")
        except ContentError as error:
            raise UnreadableError(next(iter(self.inputs)), what_to_write(self.field, typed)) from error


class Paragraphs(Control):
    """A text of several lines."""

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """A box."""
        return {self.field.name: box(self.label, self.limits, rows=8 if self.field.name in PARAGRAPHS else 3)}


class Pair(Control):
    """A text in both languages, side by side."""

    shape: ClassVar[str] = "pair"

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """One for each language; one of them is enough, and the first is where a complaint stands."""
        labels = gettext("%(what)s in Chinese", what=self.label), gettext("%(what)s in English", what=self.label)
        return {name: self._input(label) for name, label in zip(self.field.columns, labels, strict=True)}

    def _input(self, label: str) -> UnboundField:
        if self.field.name in ONE_LINE:
            return StringField(label, self.limits, filters=[as_typed])
        return box(label, self.limits, rows=8 if self.field.name in PARAGRAPHS else 3)

    def shown(self, value: LocalizedText) -> dict[str, Any]:
        """Both languages."""
        return dict(zip(self.field.columns, self.field.to_cells(value), strict=True))

    def typed(self, data: Mapping[str, Any]) -> Any:
        """Both languages."""
        return self.field.from_cells(*(data[name] for name in self.field.columns))


class Photo(Control):
    """A picture: where it lies, and a file to take its place."""

    shape: ClassVar[str] = "photo"

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """The path, and the file."""
        sent = FileField(gettext("%(what)s: choose a file", what=self.label))
        return {**super().inputs, self.file_name: sent}

    @property
    def file_name(self) -> str:
        """The name of the input for the file."""
        return f"{self.field.name}_upload"


class Pick(Control):
    """One of a few words."""

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """A list to choose from."""
        words = self.field.words if isinstance(self.field, Choice) else ()
        unchosen = [] if self.field.is_optional else [SelectChoice(value="", label=gettext("Choose one"))]
        choices = [*unchosen, *(SelectChoice(value=str(word), label=word_of(word, self.field)) for word in words)]
        # Where 'none of them' has a name, nothing is left out by it.
        marks = [Needed()] if "" in (getattr(self.field, "names", None) or ()) else self.marks
        return {self.field.name: SelectField(self.label, marks, choices=choices, validate_choice=False)}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """The word; none where the form did not have the list yet."""
        return data[self.field.name] or ""


class Tick(Control):
    """Yes or no."""

    shape: ClassVar[str] = "tick"

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """A box to tick."""
        return {self.field.name: BooleanField(self.label)}

    def shown(self, value: bool) -> dict[str, Any]:
        """Whether it is ticked."""
        return {self.field.name: value}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """Whether it is ticked."""
        return data[self.field.name]


class Ticks(Control):
    """Other records, each with a box to tick."""

    shape: ClassVar[str] = "ticks"

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """A box for each record that may be named, by its name."""
        named = self.names[getattr(self.field, "kind")]  # noqa: B009 - of References alone
        choices = [SelectChoice(value=key, label=name) for key, name in named]
        made = SelectMultipleField(self.label, choices=choices, validate_choice=False, option_widget=CheckboxInput())
        return {self.field.name: made}

    def shown(self, value: Sequence[str]) -> dict[str, Any]:
        """Those that are ticked."""
        return {self.field.name: list(value)}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """Those that are ticked."""
        return data[self.field.name]


class Lines(Paragraphs):
    """A list of texts, one on each line."""

    def shown(self, value: Sequence[str]) -> dict[str, Any]:
        """A line for each."""
        return {self.field.name: "\n".join(value)}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """The lines that say anything."""
        return [line for line in map(str.strip, data[self.field.name].split("\n")) if line]


class Rows(Control):
    """A list of entries, each with an input for every field; the empty ones at the end are for more."""

    shape: ClassVar[str] = "rows"

    @property
    def entries(self) -> list[list[Control]]:
        """The controls of each entry; their names begin with that of the list and the number of the entry."""
        return [
            [
                control_of(self.kind, replace(inner, name=f"{self.field.name}-{number}-{inner.name}"), zone=self.zone)
                for inner in self._inner
            ]
            for number in range(self.rows)
        ]

    @property
    def _inner(self) -> tuple[Field[Any], ...]:
        return self.field.fields if isinstance(self.field, Tables) else (ONE_TEXT,)

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """Those of every entry."""
        return {name: made for entry in self.entries for control in entry for name, made in control.inputs.items()}

    def shown(self, value: Any) -> dict[str, Any]:
        """What each entry says."""
        tables = value if isinstance(self.field, Tables) else [{ONE_TEXT.name: text} for text in value]
        return {
            name: text
            for entry, table in zip(self.entries, tables, strict=False)
            for control, inner in zip(entry, self._inner, strict=True)
            for name, text in control.shown(table[inner.name]).items()
        }

    def read(self, data: Mapping[str, Any]) -> Any:
        """The entries that say anything. Raises UnreadableError, which names the input."""
        filled = [
            entry for entry in self.entries if any(_says(data[name]) for control in entry for name in control.inputs)
        ]
        tables = [
            {inner.name: control.read(data) for control, inner in zip(entry, self._inner, strict=True)}
            for entry in filled
        ]
        return tables if isinstance(self.field, Tables) else [table[ONE_TEXT.name] for table in tables]


class Addresses(Control):
    """The pages of a person elsewhere, with an input for each kind."""

    shape: ClassVar[str] = "group"

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """One for each kind of page."""
        return {self._input(kind): StringField(str(words), filters=[as_typed]) for kind, words in LINKS.items()}

    def shown(self, value: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """Each where it belongs."""
        return dict.fromkeys(self.inputs, "") | {self._input(link["kind"]): link["url"] for link in value}

    def read(self, data: Mapping[str, Any]) -> Any:
        """Those that say anything. Raises UnreadableError, which names the input."""
        typed = {kind: data[self._input(kind)].strip() for kind in LINKS}
        return [link for kind, text in typed.items() if text for link in self._read(kind, text)]

    def _read(self, kind: str, text: str) -> Any:
        try:
            return self.field.read({kind: text}, "")
        except ContentError as error:
            raise UnreadableError(self._input(kind), link_to_write(kind)) from error

    def _input(self, kind: str) -> str:
        return f"{self.field.name}-{kind}"


class At(Control):
    """A moment, in the time zone that the same form says."""

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """A day and a time."""
        made = StringField(self.label, self.marks, filters=[as_typed], render_kw={"type": "datetime-local"})
        return {self.field.name: made}

    def shown(self, value: datetime | None) -> dict[str, Any]:
        """As the clocks of the zone show it."""
        if value is None:
            return {self.field.name: ""}
        shown = value.astimezone(self.zone).replace(tzinfo=None)
        return {self.field.name: shown.isoformat(timespec="seconds").removesuffix(":00")}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """The moment. Raises UnreadableError."""
        text = data[self.field.name].strip()
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self._zone(data))
        except ValueError as error:
            words = gettext("Write the moment as 2026-09-02T09:00")
            raise UnreadableError(self.field.name, words) from error

    def _zone(self, data: Mapping[str, Any]) -> tzinfo:
        try:
            return ZoneInfo(data["timezone"].strip())
        except (KeyError, ValueError, ZoneInfoNotFoundError):
            return self.zone


class Plain(Control):
    """A text that may be missing altogether."""

    def typed(self, data: Mapping[str, Any]) -> Any:
        """The text, or nothing."""
        return data[self.field.name] or None


class Criteria(Rows):
    """By what is rated: each with its words and its scale."""

    @property
    def _inner(self) -> tuple[Field[Any], ...]:
        return criterion_fields()

    def shown(self, value: Any) -> dict[str, Any]:
        """What each of them says."""
        return {
            name: text
            for entry, table in zip(self.entries, map(shown_criterion, value), strict=False)
            for control, inner in zip(entry, self._inner, strict=True)
            for name, text in control.shown(table[inner.name]).items()
        }

    def read(self, data: Mapping[str, Any]) -> Any:
        """Those that say anything. Raises UnreadableError."""
        said = [
            {inner.name: control.read(data) for control, inner in zip(entry, self._inner, strict=True)}
            for entry in self.entries
            if any(_says(data[name]) for control in entry for name in control.inputs)
        ]
        taken = {each["name"] for each in said}
        try:
            return self.field.read([criterion_of(each, taken) for each in said], "")
        except ContentError as error:
            words = gettext(
                "Each needs words in both languages, a mark below the highest, and one of them must be required"
            )
            raise UnreadableError(next(iter(self.inputs)), words) from error


@dataclass(frozen=True)
class Asked(Control):
    """What a route asks: a choice for each question and document, by topic, and lists of the rest."""

    # What the route has asked until now.
    said: Any = None

    shape: ClassVar[str] = "asked"

    @cached_property
    def topics(self) -> dict[str, list[Control]]:
        """The choices under the names of their topics."""
        return {
            str(TOPIC_NAMES[topic]): [control_of(self.kind, field) for field in fields]
            for topic, fields in choices_of().items()
            if fields
        }

    @cached_property
    def lists(self) -> list[Control]:
        """Referees, questions of its own, and dates."""
        said = shown_form(self.said or {})
        return [
            control_of(self.kind, field, rows=rows_of(field, said.get(field.name)), zone=self.zone)
            for field in lists_of()
        ]

    @property
    def _every(self) -> list[Control]:
        return [*(control for controls in self.topics.values() for control in controls), *self.lists]

    @property
    def inputs(self) -> dict[str, UnboundField]:
        """All of them."""
        return {name: made for control in self._every for name, made in control.inputs.items()}

    def shown(self, value: Any) -> dict[str, Any]:
        """What each of them shows."""
        said = shown_form(value)
        shown: dict[str, Any] = {}
        for control in self._every:
            shown |= control.shown(said.get(control.field.name, control.field.default))
        return shown

    def read(self, data: Mapping[str, Any]) -> Any:
        """The form. Raises UnreadableError."""
        try:
            form = form_of({control.field.name: control.read(data) for control in self._every})
        except UnfitQuestionError as error:
            raise UnreadableError(error.at, str(error)) from error
        try:
            return self.field.read(form, "")
        except ContentError as error:
            raise UnreadableError(next(iter(self.inputs)), gettext("These questions contradict each other")) from error


CONTROLS: tuple[tuple[tuple[type, ...], type[Control]], ...] = (
    ((Localized,), Pair),
    ((Choice,), Pick),
    ((Flag,), Tick),
    ((Moment,), At),
    ((PicturePath,), Photo),
    ((References, Texts, Emails, MailAddresses), Lines),
    ((Links,), Addresses),
    ((Tables, LocalizedTexts), Rows),
    ((Identifier,), Plain),
    ((Form,), Asked),
    ((Rubric,), Criteria),
)


def control_of(
    kind: str,
    field: Field[Any],
    names: Names = {},  # noqa: B006 - nobody changes it
    rows: int = 0,
    zone: tzinfo = UTC,
) -> Control:
    """How a field stands in the form of a kind.

    `names` are the keys and names of what it may refer to, by kinds; a list of entries has so many `rows`, and moments
    are those of the `zone`.
    """
    if isinstance(field, References) and field.kind in TICKED:
        return Ticks(kind, field, names)
    is_long = field.name in PARAGRAPHS or field.name.rpartition("-")[2] in SEVERAL_LINES
    if is_long and not isinstance(field, Localized):
        return Paragraphs(kind, field, names)
    made = next((control for types, control in CONTROLS if isinstance(field, types)), Control)
    return made(kind, field, names, rows, zone)


def _says(typed: Any) -> bool:
    """Whether anything was typed; what was sent as a file has a path by now."""
    return isinstance(typed, str) and bool(typed.strip())


def as_typed(text: str | None) -> str:
    """Without the CR that browsers put before LF."""
    return (text or "").replace("\r", "")


def box(label: str, limits: list[Any], *, rows: int) -> UnboundField:
    """A box of several lines."""
    return TextAreaField(label, limits, filters=[as_typed], render_kw={"rows": rows})


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
            self.complain(error.field, contradiction(editable.kind.name, error.field))


def rows_of(field: Field[Any], value: Any) -> int:
    """How many entries a list shows: those that it has, or of which anything was sent, and an empty one; two of
    pictures, which come in pairs more often."""
    if not isinstance(field, (Tables, LocalizedTexts, Rubric)):
        return 0
    name = re.compile(re.escape(field.name) + r"-(\d{1,3})-\w+")
    filled = [each for each, text in request.form.items() if text.strip()]
    filled += [each for each, file in request.files.items() if file.filename]
    sent = [int(found[1]) for found in map(name.fullmatch, filled) if found]
    return max(len(value or ()), *(number + 1 for number in sent), 0) + (2 if isinstance(field, Gallery) else 1)


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
        replace(control, said=said.get(control.field.name)) if isinstance(control, Asked) else control
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
