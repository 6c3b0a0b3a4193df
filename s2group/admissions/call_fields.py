"""The fields of calls and routes that no other kind of record has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext

from s2group.admissions.catalogue import ALWAYS_ASKED, ALWAYS_SENT, DOCUMENTS
from s2group.admissions.models import RequirementSet
from s2group.admissions.rules import DocumentPresent, Requirement, read_requirements
from s2group.admissions.rules.composites import with_parts
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.rules.rubrics import USUAL, read_rubric
from s2group.admissions.rules.wordings import contradictions
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import (
    Field,
    Known,
    Localized,
    Moment,
    Number,
    Tables,
    read_fields,
    read_tables,
)
from s2group.mail.headers import UnfitForHeaderError, address

# The tables of a form that hold moments, which JSON keeps as texts.
MOMENTS = ("required_from", "frozen_from")
# The documents that a route chooses among.
EXTRA = [kind for kind in DOCUMENTS if kind not in ALWAYS_SENT]


@dataclass(frozen=True)
class Amount(Number):
    """A whole number `within` a range, which must be there."""

    def read(self, value: Any, place: str) -> int:
        """The number. Raises ContentError."""
        number = super().read(value, place)
        if number is None:
            raise self.error(place, lazy_gettext("%(name)s is empty", name=self.name), self.remedy)
        return number


@dataclass(frozen=True)
class MailAddresses(Field[list[str]]):
    """Addresses that mail goes to; at least one where the field may not be left out."""

    def read(self, value: Any, place: str) -> list[str]:
        """The addresses. Raises ContentError."""
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a list of addresses", name=self.name),
                lazy_gettext('Write %(name)s = ["name@example.org"]', name=self.name),
            )
        if not value and not self.is_optional:
            raise self.error(
                place, lazy_gettext("%(name)s names nobody", name=self.name), lazy_gettext("Name at least one address")
            )
        return [self._address(each, place) for each in value]

    def _address(self, text: str, place: str) -> str:
        try:
            return address(text)
        except UnfitForHeaderError as error:
            raise self.error(
                place,
                lazy_gettext("%(name)s holds %(value)r, %(problem)s", name=self.name, value=text, problem=error),
                lazy_gettext("Write it as name@example.org"),
            ) from error

    def of(self, row: Any) -> list[str]:
        """A copy: nobody changes the row by it."""
        return list(getattr(row, self.attribute))


@dataclass(frozen=True)
class DatesToKnow(Tables):
    """Lines of a timeline, each a text in two languages with a moment or without one yet.

    Files have the moment and the languages side by side.
    """

    fields: tuple[Field[Any], ...] = (Moment("at", None), Localized("text"))

    def read(self, value: Any, place: str) -> list[dict[str, Any]]:
        """The lines. Raises ContentError."""
        return [self._line(table, at) for at, table in read_tables(value, self.name, place)]

    def _line(self, table: dict[str, Any], place: str) -> dict[str, Any]:
        at = table.pop("at", None)
        return read_fields(self.fields, {"at": at, "text": table.get("text", table)}, place)

    def write(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """As a file has them."""
        return [{**({"at": line["at"]} if line["at"] else {}), **Localized("text").write(line["text"])}
                for line in value]  # fmt: skip


@dataclass(frozen=True)
class Form(Field[dict[str, Any]]):
    """What a route asks, as `admissions.rules.route_form` reads it; kept as JSON."""

    def read(self, value: Any, place: str) -> dict[str, Any]:
        """The table in its usual order, its moments as texts. Raises ContentError."""
        try:
            return in_usual_order(as_kept(value, lines=False))
        except ValueError as error:
            raise ContentError(place, str(error), lazy_gettext("Correct it there"), field=self.name) from error

    def of(self, row: Any) -> dict[str, Any]:
        """The table in its usual order."""
        return in_usual_order(getattr(row, self.attribute))

    def write(self, value: dict[str, Any]) -> dict[str, Any]:
        """Its moments as files write them."""
        return value | {
            name: {field: datetime.fromisoformat(at) for field, at in value[name].items()}
            for name in MOMENTS
            if name in value
        }

    def as_json(self, value: dict[str, Any]) -> dict[str, Any]:
        """As the row keeps it."""
        return value


def in_usual_order(form: Any) -> dict[str, Any]:
    """What a form says, questions and documents in the order of the catalogue, without what says nothing.

    Raises ValueError.
    """
    read = read_form(form)
    said = {
        "required": [name for name in read.required if name not in ALWAYS_ASKED],
        "optional": list(read.optional),
        "required_documents": [kind for kind, needed in read.documents.items() if needed and kind in EXTRA],
        "optional_documents": [kind for kind, needed in read.documents.items() if not needed and kind in EXTRA],
        "required_from": {name: at.astimezone(UTC).isoformat() for name, at in read.required_from.items()},
        "frozen_from": {name: at.astimezone(UTC).isoformat() for name, at in read.frozen_from.items()},
        "questions": [
            {name: value for name, value in question.items() if value not in ({}, [], False)}
            for question in form.get("questions", [])
        ],
        "referees": read.referees,
    }
    return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Requirements(Field[list[dict[str, Any]]]):
    """What a route asks for, as `admissions.rules` reads it. A row keeps its versions; what is put is a new one."""

    def read(self, value: Any, place: str) -> list[dict[str, Any]]:
        """The tables, by today's names. Raises ContentError where they make no sense or contradict their words."""
        tables = as_kept(value)
        try:
            wrong = list(contradictions(read_requirements(tables)))
        except ValueError as error:
            raise ContentError(place, str(error), lazy_gettext("Correct it there"), field=self.name) from error
        if wrong:
            raise ContentError(
                place, "; ".join(map(str, wrong)), lazy_gettext("Words and rule must say the same"), field=self.name
            )
        return tables  # type: ignore[no-any-return]

    def of(self, row: Any) -> list[dict[str, Any]]:
        """The newest version, by today's names."""
        return as_kept(row.requirement_sets[0].requirements)  # type: ignore[no-any-return]

    def put(self, row: Any, value: list[dict[str, Any]], known: Known, place: str) -> None:
        """Add a version where the newest one says something else; `dated` says of when it is."""
        versions = row.requirement_sets
        if not versions or self.of(row) != value:
            number = versions[0].version + 1 if versions else 1
            versions.insert(0, RequirementSet(version=number, requirements=value))


def dated(route: Any, now: datetime) -> None:
    """Give a version of the requirements that was just added its moment."""
    for version in route.requirement_sets:
        version.created_at = version.created_at or now


@dataclass(frozen=True)
class Rubric(Field[list[dict[str, Any]]]):
    """By what the applications of a route are rated, as `admissions.rules.rubrics` reads it; kept as JSON."""

    def read(self, value: Any, place: str) -> list[dict[str, Any]]:
        """The tables. Raises ContentError where they make no rubric."""
        tables = as_kept(value, lines=False)
        try:
            read_rubric(tables)
            tables = [_without_usual(table) for table in tables]
        except ValueError as error:
            raise ContentError(place, str(error), lazy_gettext("Correct it there"), field=self.name) from error
        return tables

    def of(self, row: Any) -> list[dict[str, Any]]:
        """The tables without what is usual; nobody changes the row by them."""
        return [_without_usual(table) for table in getattr(row, self.attribute)]


def _without_usual(criterion: Mapping[str, Any]) -> dict[str, Any]:
    usual = {**USUAL, "required": True}
    return {name: value for name, value in criterion.items() if name not in usual or value != usual[name]}


def expect_asked(requirements: Iterable[Requirement], form: RouteForm, place: str) -> None:
    """Raise ContentError where a requirement looks at an answer or a document that nobody can give."""
    asked = {*form.fields, *form.documents}
    for part in (part for requirement in requirements for part in with_parts(requirement)):
        looks_at = part.document if isinstance(part, DocumentPresent) else part.field
        if looks_at and looks_at not in asked:
            problem = lazy_gettext(
                "requirement '%(key)s': the form does not ask '%(looks_at)s'", key=part.key, looks_at=looks_at
            )
            remedy = lazy_gettext("A requirement looks at what is not asked: ask it, or take the requirement out")
            raise ContentError(place, problem, remedy, field="form")


def as_kept(value: Any, *, lines: bool = True) -> Any:
    """A table or list as JSON keeps it: moments as ISO texts, no spaces around texts.

    With `lines`, what was `line` is called `minimum`: files written for earlier versions are still read.
    """
    if isinstance(value, list):
        return [as_kept(each, lines=lines) for each in value]
    if isinstance(value, Mapping):
        names = {"line": "minimum"} if lines else {}
        return {names.get(name, name): as_kept(each, lines=lines) for name, each in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value
