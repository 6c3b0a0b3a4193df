"""How the fields of a record stand in a form, each with the inputs that it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.widgets import CheckboxInput

from s2group.content.people.wording import LINKS
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import Choice, Field, Text, WebAddress
from s2group.content.records.rules import title_key
from s2group.core.forms import at_most
from s2group.core.localized import LocalizedText
from s2group.editor.wording import label_of, word_of

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
PARAGRAPHS = ("about", "biography", "body", "abstract", "privacy")
# What stands behind the name of an author who is one of several first ones, whom to write to, or who only bears the
# name of a member.
SIGNS = {"equal": "†", "corresponding": "*", "namesake": "~"}
# What may have as many characters as this takes a line of its own.
LINE = 61
# Of one text, in characters: more than anybody reads on a page, and shown in no time.
LONGEST_TEXT = 100_000
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
    def is_short(self) -> bool:
        """Whether two of its sort have room beside each other."""
        if not isinstance(self.field, Text) or isinstance(self.field, WebAddress):
            return True
        return self.field.shape is not None or (self.field.longest or LINE) < LINE

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
        try:
            return self.field.read(self.typed(data), "")
        except ContentError as error:
            raise UnreadableError(next(iter(self.inputs)), str(error.remedy)) from error


class Paragraphs(Control):
    """A text of several lines."""

    @property
    def is_short(self) -> bool:
        """It is as wide as there is room."""
        return False

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
    def is_short(self) -> bool:
        """It is no wider than its words."""
        return True

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

    def shown(self, value: Sequence[Any]) -> dict[str, Any]:
        """A line for each."""
        return {self.field.name: "\n".join(value)}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """The lines that say anything."""
        return [line for line in map(str.strip, data[self.field.name].split("\n")) if line]


class Titled(Control):
    """Another record by its title, of which there are too many to choose from."""

    @property
    def is_short(self) -> bool:
        """A title takes a line of its own."""
        return False

    def shown(self, value: str) -> dict[str, Any]:
        """The title."""
        return {self.field.name: titles_for(self).title_of(value)}

    def typed(self, data: Mapping[str, Any]) -> Any:
        """The key that was meant. Raises UnreadableError."""
        written = data[self.field.name].strip()
        return titles_for(self).key_meant(written, self.field.name) if written else ""


class TitledLines(Lines):
    """Other records by their titles, one on each line."""

    def shown(self, value: Sequence[Any]) -> dict[str, Any]:
        """The title of each."""
        return super().shown([titles_for(self).title_of(key) for key in value])

    def typed(self, data: Mapping[str, Any]) -> Any:
        """The keys that were meant. Raises UnreadableError."""
        return [titles_for(self).key_meant(line, self.field.name) for line in super().typed(data)]


class Titles:
    """Records by their titles; of two that have one title, and of what is not there, the key stands for it."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self.by_key = dict(names)
        self.keys: dict[str, list[str]] = {}
        for key, title in names:
            self.keys.setdefault(title_key(title), []).append(key)

    def title_of(self, key: str) -> str:
        """How a form shows it."""
        title = self.by_key.get(key, key)
        return title if len(self.keys.get(title_key(title), ())) == 1 else key

    def key_meant(self, written: str, at: str) -> str:
        """The key of what is written as a title, a key, or the address of a page. Raises UnreadableError."""
        key = written.rstrip("/").rpartition("/")[2]
        found = self.keys.get(title_key(written), [])
        if key not in self.by_key and len(found) != 1:
            problem = gettext("Two papers are called so: write the last part of the address of one of them")
            raise UnreadableError(at, problem if found else gettext("There is no paper called %(what)s", what=written))
        return key if key in self.by_key else found[0]


def titles_for(control: Control) -> Titles:
    """The titles of all records that a control may name."""
    return Titles(control.names[getattr(control.field, "kind")])  # noqa: B009 - of such fields alone


class AuthorLines(Lines):
    """The authors of a paper, one on each line, with signs behind a name that say more of it."""

    def shown(self, value: Sequence[Any]) -> dict[str, Any]:
        """Each with its signs."""
        return super().shown([self._line(author) for author in value])

    def typed(self, data: Mapping[str, Any]) -> Any:
        """Each without its signs, and what they say."""
        return [self._author(line) for line in super().typed(data)]

    def _line(self, author: Mapping[str, Any]) -> str:
        return " ".join([author["name"], *(sign for mark, sign in SIGNS.items() if author[mark])])

    def _author(self, line: str) -> dict[str, Any]:
        name = line.rstrip(" ".join(SIGNS.values()))
        return {"name": name, **{mark: sign in line[len(name) :] for mark, sign in SIGNS.items()}}


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
            raise UnreadableError(self._input(kind), str(error.remedy)) from error

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


def as_typed(text: str | None) -> str:
    """Without the CR that browsers put before LF."""
    return (text or "").replace("\r", "")


def box(label: str, limits: list[Any], *, rows: int) -> UnboundField:
    """A box of several lines."""
    return TextAreaField(label, limits, filters=[as_typed], render_kw={"rows": rows})
