"""The controls of fields that hold lists, and which control a field has."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext
from wtforms.fields.core import UnboundField

from s2group.admissions.call_fields import Form, MailAddresses, Rubric
from s2group.content.news.files import Gallery
from s2group.content.people.fields import Links
from s2group.content.pictures.fields import PicturePath
from s2group.content.publications.editing import ORDER, PAGES
from s2group.content.publications.kind import PUBLICATION, Authors, Identifier, LinkTable
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
    Text,
    Texts,
    WebAddress,
)
from s2group.editor.forms.controls import (
    PARAGRAPHS,
    Addresses,
    At,
    AuthorLines,
    Control,
    Lines,
    Names,
    Pair,
    Paragraphs,
    Photo,
    Pick,
    Plain,
    Tick,
    Ticks,
    Titled,
    TitledLines,
    UnreadableError,
)
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

# Of the entries of lists those that are lines of their own.
SEVERAL_LINES = ("options",)
# The kinds of which there are few enough records for a box to tick each.
TICKED = ("member", "research_area")
# The one field of the entries of a list of texts.
ONE_TEXT = Localized("text")
# The links of a paper that nobody types.
FOLLOWING = tuple(label for label, _page in PAGES.values())


class Rows(Control):
    """A list of entries, each with an input for every field; the empty ones at the end are for more."""

    shape: ClassVar[str] = "rows"

    @property
    def entries(self) -> list[list[Control]]:
        """The controls of each entry; their names begin with that of the list and the number of the entry."""
        return [
            [
                control_of(
                    self.kind,
                    replace(inner, name=f"{self.field.name}-{number}-{inner.name}"),
                    self.names,
                    zone=self.zone,
                )
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
        return {
            name: text
            for entry, table in zip(self.entries, self._tables(value), strict=False)
            for control, inner in zip(entry, self._inner, strict=True)
            for name, text in control.shown(table[inner.name]).items()
        }

    def read(self, data: Mapping[str, Any]) -> Any:
        """The entries that say anything. Raises UnreadableError, which names the input."""
        filled = [
            entry for entry in self.entries if any(_says(data[name]) for control in entry for name in control.inputs)
        ]
        return self._value(
            [
                {inner.name: control.read(data) for control, inner in zip(entry, self._inner, strict=True)}
                for entry in filled
            ]
        )

    def _tables(self, value: Any) -> Iterable[Mapping[str, Any]]:
        """The entries of a value, each with what its inputs show."""
        return value if isinstance(self.field, Tables) else [{ONE_TEXT.name: text} for text in value]

    def _value(self, tables: list[dict[str, Any]]) -> Any:
        """The value that has these entries. Raises UnreadableError."""
        return tables if isinstance(self.field, Tables) else [table[ONE_TEXT.name] for table in tables]


@dataclass(frozen=True)
class PaperLinks(Rows):
    """What else there is of a paper, and where; the pages of its DOI and of its arXiv number follow from these."""

    # All links until now.
    said: Any = None

    @property
    def _inner(self) -> tuple[Field[Any], ...]:
        return Choice("label", words=tuple(label for label in ORDER if label not in FOLLOWING)), WebAddress("url")

    def _tables(self, value: Any) -> Iterable[Mapping[str, Any]]:
        return [{"label": label.partition(" ")[0], "url": value[label]} for label in links_of_its_own(value)]

    def _value(self, tables: list[dict[str, Any]]) -> Any:
        links = {label: url for label, url in (self.said or {}).items() if label in FOLLOWING}
        for table in tables:
            label, number = table["label"], 1
            while label in links:
                number += 1
                label = f"{table['label']} {number}"
            links[label] = table["url"]
        return links


class Criteria(Rows):
    """By what is rated: each with its words and its scale."""

    @property
    def _inner(self) -> tuple[Field[Any], ...]:
        return criterion_fields()

    def _tables(self, value: Any) -> Iterable[Mapping[str, Any]]:
        return map(shown_criterion, value)

    def _value(self, tables: list[dict[str, Any]]) -> Any:
        taken = {each["name"] for each in tables}
        try:
            return self.field.read([criterion_of(each, taken) for each in tables], "")
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
    ((Authors,), AuthorLines),
    ((LinkTable,), PaperLinks),
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
    if getattr(field, "kind", "") == PUBLICATION.name:
        return (Titled if isinstance(field, Text) else TitledLines)(kind, field, names)
    is_long = field.name in PARAGRAPHS or field.name.rpartition("-")[2] in SEVERAL_LINES
    if is_long and not isinstance(field, Localized):
        return Paragraphs(kind, field, names)
    made = next((control for types, control in CONTROLS if isinstance(field, types)), Control)
    return made(kind, field, names, rows, zone)


def rows_of(field: Field[Any], value: Any) -> int:
    """How many entries a list shows: those that it has, or of which anything was sent, and an empty one; two of
    pictures, which come in pairs more often."""
    if not isinstance(field, (Tables, LocalizedTexts, Rubric, LinkTable)):
        return 0
    shown = links_of_its_own(value or {}) if isinstance(field, LinkTable) else value or ()
    name = re.compile(re.escape(field.name) + r"-(\d{1,3})-\w+")
    filled = [each for each, text in request.form.items() if text.strip()]
    filled += [each for each, file in request.files.items() if file.filename]
    sent = [int(found[1]) for found in map(name.fullmatch, filled) if found]
    return max(len(shown), *(number + 1 for number in sent), 0) + (2 if isinstance(field, Gallery) else 1)


def links_of_its_own(links: Mapping[str, str]) -> Sequence[str]:
    """The labels of those links of a paper that somebody types."""
    return [label for label in links if label not in FOLLOWING]


def _says(typed: Any) -> bool:
    """Whether anything was typed; what was sent as a file has a path by now."""
    return isinstance(typed, str) and bool(typed.strip())
