"""The requirements of a route as a form: each by the inputs of its rule, in words of its own or made from the rule.

Without a script the whole list travels with each button, whether anything is saved or not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import request
from flask_babel import gettext
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice

from s2group.admissions.document_kinds import document_label
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.rules import DocumentPresent, Level, Requirement, Wording, read_requirements
from s2group.admissions.rules.entries import PLACEHOLDER, PLACEHOLDERS
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.rules.wordings import contradictions
from s2group.admissions.wording import LABELS, made_from_rule
from s2group.admissions.wording.phrases import number
from s2group.content.records.fields import Localized
from s2group.core.localized import LOCALES, LocalizedText
from s2group.editor.forms.controls import Control, UnreadableError
from s2group.editor.forms.lists import control_of, rows_of
from s2group.editor.forms.records import RecordForm
from s2group.editor.requirements import (
    COMPOSITES,
    KINDS,
    LEVELS,
    Named,
    Sketch,
    Table,
    fields_of,
    key_for,
    moved,
    out_of_range,
    rule_of,
    same_rule,
    sketched,
    values_of,
    with_another,
    without,
)

ENTRY = "entry"
# Words that stand in while the sentence of a rule is made.
ANY_WORDS = {"zh": "…", "en": "…"}
# More of them than anybody reads.
MOST = 60


@dataclass(frozen=True)
class Entry:
    """A requirement on the page: its inputs, and the sentence that its rule makes, where it makes one."""

    sketch: Sketch
    level: Control | None
    rule: Sequence[Control]
    wording: Control

    @property
    def controls(self) -> list[Control]:
        """All of them."""
        return [*([self.level] if self.level else []), *self.rule, self.wording]

    @property
    def kind(self) -> str:
        """What it is called."""
        return str(KINDS.get(self.sketch.kind, self.sketch.kind))

    @property
    def sent(self) -> str:
        """How a form sends along what it is."""
        parent = "" if self.sketch.parent is None else self.sketch.parent
        return f"{self.sketch.number}|{parent}|{self.sketch.kind}|{self.sketch.key}"

    @property
    def takes_parts(self) -> bool:
        """Whether it is made of others."""
        return self.sketch.rule in COMPOSITES


class RequirementsForm(RecordForm):
    """All requirements of a route; `made` are the sentences of their rules by the numbers of the entries."""

    # The fingerprint of the trial that the editor has seen.
    previewed = HiddenField(default="")
    again = RadioField(choices=(), default="waiting", validate_choice=False)
    entries: Sequence[Entry] = ()
    route_form: RouteForm
    made: dict[int, Wording]

    def tables(self, stored: Sequence[Table]) -> list[Table] | None:
        """The requirements that were typed, as a file has them; None where something is to correct."""
        self.made, self._taken, self._wrong = {}, {entry.sketch.key for entry in self.entries}, False
        self._stored = {table["key"]: table for _, table in sketched(stored)}
        tables = [table for entry in self._within(None) if (table := self._table(entry)) is not None]
        return None if self._wrong else tables

    def _within(self, parent: int | None) -> list[Entry]:
        return [entry for entry in self.entries if entry.sketch.parent == parent]

    def _table(self, entry: Entry) -> Table | None:
        """The table of an entry with its words; None where that is to correct."""
        parts = [self._table(part) for part in self._within(entry.sketch.number)]
        values = self._values(entry)
        if values is None or None in parts:
            return None
        rule = rule_of(entry.sketch, values, parts)  # type: ignore[arg-type]
        key = key_for(entry.sketch, rule, self._taken)
        self._taken.add(key)
        table = {"key": key, **({"level": values["level"]} if entry.level else {}), **rule}
        requirement = self._read(entry, table)
        if requirement is None:
            return None
        made = made_from_rule(requirement, self.route_form)
        if made:
            self.made[entry.sketch.number] = made
        table |= {"wording": self._words(entry, values["wording"], made)}
        self._look_at_words(entry, table)
        former = self._stored.get(key)
        return former if former and same_rule(former, table) else table

    def _values(self, entry: Entry) -> dict[str, Any] | None:
        """What was typed for an entry, by the names of its fields; None where that cannot be read."""
        values, data, start = {}, self.data, f"r{entry.sketch.number}-"
        for control in entry.controls:
            try:
                values[control.field.name.removeprefix(start)] = control.read(data)
            except UnreadableError as error:
                self._say(error.at, str(error))
        if len(values) < len(entry.controls):
            return None
        found = list(out_of_range(entry.sketch, values))
        for name, words in found:
            self._say(f"{start}{name}" if f"{start}{name}" in self else f"{start}minimum", words)
        return None if found else values

    def _read(self, entry: Entry, table: Table) -> Requirement | None:
        """The requirement, whatever its words. Says what it lacks."""
        whole = {"level": Level.PREFERRED, **table, "wording": ANY_WORDS}
        if entry.takes_parts and len(table["parts"]) < 2:
            self._say(self._first(entry), gettext("Add at least two parts"))
            return None
        try:
            (requirement,) = read_requirements([whole])
        except ValueError as error:
            self._say(self._first(entry), str(error))
            return None
        looks_at = requirement.document if isinstance(requirement, DocumentPresent) else requirement.field
        if looks_at and looks_at not in {*self.route_form.fields, *self.route_form.documents}:
            what = LABELS.get(looks_at, looks_at)
            words = gettext("The route does not ask this: %(what)s. Let it ask that first", what=what)
            self._say(self._first(entry), words)
        return requirement

    def _words(self, entry: Entry, own: LocalizedText, made: Wording | None) -> dict[str, str]:
        """Those of its own, else those of the rule."""
        words: dict[str, str] = {locale: own[locale] or (asdict(made)[locale] if made else "") for locale in LOCALES}
        for locale in LOCALES:
            if not words[locale]:
                self._say_of_words(entry, locale, gettext("Write what applicants read, in both languages"))
        return words

    def _look_at_words(self, entry: Entry, table: Table) -> None:
        """Say where words name a number that the rule does not have."""
        known = {name for name, field in PLACEHOLDERS.items() if field in table}
        unknown = [
            (locale, name)
            for locale in LOCALES
            for name in PLACEHOLDER.findall(table["wording"][locale])
            if name not in known
        ]
        for locale, name in unknown:
            self._say_of_words(entry, locale, gettext("{%(name)s} means nothing here: write the number", name=name))
        if unknown or not all(table["wording"].values()):
            return
        (requirement,) = read_requirements([{"level": Level.PREFERRED, **table}])
        for found in contradictions([requirement]):
            if found.key == table["key"]:
                words = gettext(
                    "This says %(said)s, and the rule %(rule)s: write %(placeholder)s, or correct one of the two",
                    said=number(found.said), rule=number(found.rule), placeholder=found.placeholder,
                )  # fmt: skip
                self._say_of_words(entry, found.language, words)

    def _first(self, entry: Entry) -> str:
        return next(iter(entry.controls[0].inputs))

    def _say_of_words(self, entry: Entry, locale: str, words: str) -> None:
        self._say(f"{entry.wording.field.name}_{locale}", words)

    def _say(self, name: str, words: str) -> None:
        self._wrong = True
        self[name].errors = [*self[name].errors, words]

    def depth(self, entry: Entry) -> int:
        """0 for a requirement, 1 for a part of one."""
        parents = {each.sketch.number: each.sketch.parent for each in self.entries}
        depth, parent = 0, entry.sketch.parent
        while parent is not None and depth < len(parents):
            depth, parent = depth + 1, parents.get(parent)
        return depth


def requirements_form(
    route: AdmissionRoute, stored: Sequence[Table], *, seen: int, sketches: Sequence[Sketch] | None = None
) -> RequirementsForm:
    """The form of a route's requirements: as `stored`, or with these `sketches` as they were sent."""
    found = list(sketched(stored))
    documents = {kind: document_label(kind, route) for kind in read_form(route.form).documents}
    tables = {sketch.number: table for sketch, table in found}
    entries = [
        _entry(sketch, tables.get(sketch.number, {}), documents)
        for sketch in (sketches if sketches is not None else [sketch for sketch, _ in found])
    ]
    inputs = {name: made for entry in entries for control in entry.controls for name, made in control.inputs.items()}
    shown: dict[str, Any] = {"seen": str(seen)}
    if sketches is None:
        for entry in entries:
            shown |= _shown(entry, tables[entry.sketch.number], read_form(route.form))
    form: RequirementsForm = type("FormOfRoute", (RequirementsForm,), inputs)(data=shown)
    form.entries, form.route_form, form.made = entries, read_form(route.form), {}
    form.again.choices = [
        SelectChoice(value="waiting", label=gettext("Judge again whoever is not invited to an interview yet")),
        SelectChoice(value="nobody", label=gettext("For new applications only")),
    ]
    return form


def _entry(sketch: Sketch, table: Table, documents: Mapping[str, str]) -> Entry:
    start = f"r{sketch.number}-"
    tests = [text for name, text in request.form.items() if name.startswith(start) and name.endswith("test")]
    if sketch.rule == "score" and table:
        values = values_of(sketch, table)
        tests += [values["test"], *(each["test"] for each in values["alternatives"])]
    level = None if sketch.parent else Named("level", Level.PREFERRED, words=tuple(LEVELS), names=LEVELS)
    rule = []
    for field in fields_of(sketch, documents, tests):
        named = replace(field, name=start + field.name)
        value = values_of(sketch, table).get(field.name) if table else None
        rule.append(control_of("requirement", named, rows=rows_of(named, value)))
    return Entry(
        sketch,
        control_of("requirement", replace(level, name=f"{start}level")) if level else None,
        rule,
        control_of("requirement", Localized(f"{start}wording", LocalizedText())),
    )


def _shown(entry: Entry, table: Table, form: RouteForm) -> dict[str, Any]:
    """What the inputs of an entry show of its table; words that its rule makes are left out."""
    values, start = values_of(entry.sketch, table), f"r{entry.sketch.number}-"
    (requirement,) = read_requirements([{"level": Level.PREFERRED, **table}])
    made = made_from_rule(requirement, form)
    is_made = made is not None and asdict(made) == table["wording"]
    values["wording"] = LocalizedText() if is_made else LocalizedText.of(table["wording"])
    shown: dict[str, Any] = {}
    for control in entry.controls:
        name = control.field.name.removeprefix(start)
        if name in values:
            shown |= control.shown(values[name])
    return shown


def sent_sketches() -> list[Sketch]:
    """The entries of the form as it was sent; nonsense is left out."""
    return [sketch for text in request.form.getlist(ENTRY)[:MOST] if (sketch := _sent(text)) is not None]


def _sent(text: str) -> Sketch | None:
    number_, parent, kind, key = (*text.split("|", 3), "", "", "")[:4]
    if not number_.isdecimal() or kind not in KINDS or (parent and not parent.isdecimal()):
        return None
    return Sketch(int(number_[:4]), kind, key, int(parent[:4]) if parent else None)


def rearranged(sketches: Sequence[Sketch], button: str) -> list[Sketch] | None:
    """The entries after a button of theirs was pressed; None where it is another button."""
    verb, _, which = button.partition(":")
    chosen = int(which[:4]) if which.isdecimal() else 0
    match verb:
        case "up" | "down":
            return moved(sketches, chosen, -1 if verb == "up" else 1)
        case "remove":
            return without(sketches, chosen)
        case "add":
            kind = request.form.get(f"add-{chosen}" if chosen else "add", "")
            return with_another(sketches, kind, chosen or None) if kind in KINDS else list(sketches)
    return None


def parts_on_offer() -> Iterator[tuple[str, str]]:
    """What a part of a requirement can be."""
    return ((kind, str(words)) for kind, words in KINDS.items() if kind not in COMPOSITES)
