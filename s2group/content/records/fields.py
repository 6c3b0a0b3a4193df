"""The fields that a kind of record is declared with: each reads what a file or a form says, and writes it again."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext

from s2group.content.records.errors import ContentError
from s2group.content.records.rules import LONGEST_ADDRESS, SLUG, SLUG_LENGTH, is_web_address, typed_date
from s2group.core.localized import LOCALES, Locale, LocalizedText
from s2group.core.text import EMAIL, MONTH

T = TypeVar("T")
# All that a record may speak of: for each kind its rows by their keys.
Known = Mapping[str, Mapping[str, Any]]
MISSING: Any = object()


@dataclass(frozen=True)
class Field(Generic[T]):
    """One field of a record.

    `name` is what files call it; `column` the attribute of the model where that is called otherwise. A record that
    leaves the field out has the `default`; without one it must not.
    """

    name: str
    default: Any = MISSING
    column: str = ""

    @property
    def attribute(self) -> str:
        """Where the model keeps it."""
        return self.column or self.name

    @property
    def is_optional(self) -> bool:
        """Whether a record may leave it out, or empty."""
        return self.default is not MISSING

    def take(self, values: dict[str, Any], place: str) -> T:
        """Take the field out of `values` and read it. Raises ContentError."""
        if self.name in values:
            return self.read(values.pop(self.name), place)
        if not self.is_optional:
            raise self.error(place, lazy_gettext("%(name)s is missing", name=self.name), lazy_gettext("Add it"))
        return self.default  # type: ignore[no-any-return]

    def read(self, value: Any, place: str) -> T:
        """What was written, as the record keeps it. Raises ContentError, which says `place` and what to do."""
        raise NotImplementedError

    def write(self, value: T) -> Any:
        """The value as files write it; `read` gives it back."""
        return value

    def as_json(self, value: T) -> Any:
        """The value as JSON can keep it; `read` gives it back."""
        return self.write(value)

    def of(self, row: Any) -> T:
        """The value that a row has."""
        return getattr(row, self.attribute)  # type: ignore[no-any-return]

    def put(self, row: Any, value: T, known: Known, place: str) -> None:
        """Give a row the value. Raises ContentError where it names what is not `known`."""
        setattr(row, self.attribute, value)

    def gaps(self, value: T) -> list[Locale]:
        """The languages in which it is missing though the other one has it."""
        return []

    @property
    def is_translated(self) -> bool:
        """Whether it says anything in two languages."""
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a table that hold it."""
        return (self.name,)

    def from_cells(self, *cells: str) -> Any:
        """What the cells of its columns mean, for `read`."""
        return cells[0]

    def to_cells(self, value: T) -> tuple[str, ...]:
        """The value as the cells of its columns."""
        return ("" if value is None else str(self.write(value)),)

    def error(self, place: str, problem: str, remedy: str) -> ContentError:
        """A complaint about this field."""
        return ContentError(place, problem, remedy, field=self.name)


@dataclass(frozen=True)
class Text(Field[str]):
    """One text, without spaces around it. `shape` is what it must look like, and `remedy` says so.

    Where it is the key of another record, `kind` is that one's.
    """

    kind: str = ""
    longest: int | None = None
    shape: re.Pattern[str] | None = None
    remedy: str = ""

    def read(self, value: Any, place: str) -> str:
        """The text. Raises ContentError."""
        if not isinstance(value, str):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a text", name=self.name),
                lazy_gettext("Write it between quotation marks"),
            )
        text = value.strip()
        if not text and not self.is_optional:
            raise self.error(place, lazy_gettext("%(name)s is empty", name=self.name), lazy_gettext("Fill it in"))
        if self.longest is not None and len(text) > self.longest:
            raise self.error(
                place,
                lazy_gettext("%(name)s has %(count)s characters", name=self.name, count=len(text)),
                lazy_gettext("Use at most %(count)s characters", count=self.longest),
            )
        if text and self.shape and not self.shape.fullmatch(text):
            raise self.error(place, lazy_gettext("%(name)s is %(value)r", name=self.name, value=text), self.remedy)
        return text


def Slug(name: str, default: Any = MISSING, *, column: str = "", longest: int = SLUG_LENGTH) -> Text:  # noqa: N802
    """A text that can stand in an address."""
    remedy = lazy_gettext("Use small Latin letters, digits and -, at most %(count)s", count=longest)
    shape = re.compile(rf"(?=.{{1,{longest}}}\Z){SLUG.pattern}")
    return Text(name, default, column=column, shape=shape, remedy=remedy)


@dataclass(frozen=True)
class Month(Text):
    """A month such as 2025-01, or nothing."""

    default: Any = ""
    shape: re.Pattern[str] | None = MONTH
    remedy: str = lazy_gettext("Write a month such as 2025-01, or nothing")

    def from_cells(self, *cells: str) -> str:
        """The month, also as a spreadsheet wrote it."""
        return typed_date(cells[0])


@dataclass(frozen=True)
class WebAddress(Text):
    """The whole address of a web page."""

    longest: int | None = LONGEST_ADDRESS

    def read(self, value: Any, place: str) -> str:
        """The address. Raises ContentError."""
        address = super().read(value, place)
        if not is_web_address(address) and not (self.is_optional and not address):
            raise self.error(
                place,
                lazy_gettext("%(name)s %(value)r is not a web address", name=self.name, value=address),
                lazy_gettext("Write all of it, from https:// on"),
            )
        return address


@dataclass(frozen=True)
class Choice(Text):
    """One of a few words; the empty one may be among them."""

    words: tuple[str, ...] = ()

    def read(self, value: Any, place: str) -> str:
        """The word. Raises ContentError."""
        if value not in self.words:
            if not isinstance(value, str) or not value:
                return super().read(value, place)
            words = ", ".join(filter(None, self.words))
            remedy = (
                lazy_gettext("Write one of: %(words)s, or nothing", words=words)
                if "" in self.words
                else lazy_gettext("Write one of: %(words)s", words=words)
            )
            raise self.error(place, lazy_gettext("%(name)s is %(value)r", name=self.name, value=value), remedy)
        return str(value)


@dataclass(frozen=True)
class Localized(Field[LocalizedText]):
    """A text in both languages. Unless it may be left out, one of them must be there."""

    def read(self, value: Any, place: str) -> LocalizedText:
        """The text. Raises ContentError."""
        if isinstance(value, LocalizedText):
            return value
        if not isinstance(value, Mapping) or not all(isinstance(words, str) for words in value.values()):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a text in two languages", name=self.name),
                lazy_gettext('Write %(name)s = { zh = "…", en = "…" }', name=self.name),
            )
        try:
            text = LocalizedText.of(value)
        except ValueError as error:
            unknown = ", ".join(language for language in value if language not in LOCALES)
            problem = lazy_gettext("%(name)s has an unknown language: %(languages)s", name=self.name, languages=unknown)
            raise self.error(place, problem, lazy_gettext("Use zh and en")) from error
        if not text and not self.is_optional:
            remedy = lazy_gettext("Fill in Chinese (zh), English (en) or both")
            raise self.error(place, lazy_gettext("%(name)s is empty", name=self.name), remedy)
        return text

    def write(self, value: LocalizedText) -> dict[str, str]:
        """Only the languages that it has."""
        return {locale: words for locale, words in asdict(value).items() if words}

    def as_json(self, value: LocalizedText) -> dict[str, str]:
        """Both languages."""
        return asdict(value)

    def gaps(self, value: LocalizedText) -> list[Locale]:
        """The languages in which it is missing."""
        return value.untranslated

    @property
    def is_translated(self) -> bool:
        """It does."""
        return True

    @property
    def columns(self) -> tuple[str, ...]:
        """One for each language."""
        return tuple(f"{self.name}_{locale}" for locale in LOCALES)

    def from_cells(self, *cells: str) -> dict[str, str]:
        """Both languages."""
        return dict(zip(LOCALES, cells, strict=True))

    def to_cells(self, value: LocalizedText) -> tuple[str, ...]:
        """Both languages."""
        return tuple(value[locale] for locale in LOCALES)


NO_TEXT = LocalizedText()


@dataclass(frozen=True)
class LocalizedTexts(Field[list[LocalizedText]]):
    """A list of texts in both languages."""

    def read(self, value: Any, place: str) -> list[LocalizedText]:
        """The texts. Raises ContentError."""
        if not isinstance(value, list):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a list of tables", name=self.name),
                lazy_gettext("Begin each one with [[%(name)s]]", name=self.name),
            )
        return [Localized(self.name).read(text, place) for text in value]

    def write(self, value: list[LocalizedText]) -> list[dict[str, str]]:
        """Each in the languages that it has."""
        return [Localized(self.name).write(text) for text in value]

    def of(self, row: Any) -> list[LocalizedText]:
        """A copy: nobody changes the row by it."""
        return list(getattr(row, self.attribute))

    def gaps(self, value: list[LocalizedText]) -> list[Locale]:
        """The languages in which any of them is missing."""
        return [locale for locale in LOCALES if any(locale in text.untranslated for text in value)]

    @property
    def is_translated(self) -> bool:
        """It does."""
        return True


@dataclass(frozen=True)
class Number(Field[int | None]):
    """A whole number `within` a range, or nothing; `remedy` says how to write it."""

    within: range = range(-999_999, 1_000_000)
    remedy: str = lazy_gettext("Write a whole number")

    def read(self, value: Any, place: str) -> int | None:
        """The number. Raises ContentError."""
        if value is None or value == "":
            return None
        if type(value) is not int or value not in self.within:
            raise self.error(place, lazy_gettext("%(name)s is %(value)r", name=self.name, value=value), self.remedy)
        return value

    def from_cells(self, *cells: str) -> Any:
        """The number; what is none stays as it is written, for the complaint."""
        text = cells[0].strip()
        number = int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else None
        # A range looks at each of its numbers for what is none.
        return number if number is not None and number in self.within else text


@dataclass(frozen=True)
class Flag(Field[bool]):
    """True or false."""

    def read(self, value: Any, place: str) -> bool:
        """Which of them. Raises ContentError."""
        if not isinstance(value, bool):
            raise self.error(
                place,
                lazy_gettext("%(name)s is %(value)r", name=self.name, value=value),
                lazy_gettext("Write true or false, without quotation marks"),
            )
        return value


@dataclass(frozen=True)
class Day(Field[date]):
    """A day of the calendar."""

    def read(self, value: Any, place: str) -> date:
        """The day. Raises ContentError."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.error(
                place,
                lazy_gettext("%(name)s is %(value)r", name=self.name, value=value),
                lazy_gettext("Write it as 2026-07-02, without quotation marks"),
            ) from error

    def as_json(self, value: date) -> str:
        """As ISO writes it."""
        return value.isoformat()


@dataclass(frozen=True)
class Moment(Field[datetime | None]):
    """A moment with its time zone, or nothing; kept in UTC."""

    def read(self, value: Any, place: str) -> datetime | None:
        """The moment. Raises ContentError."""
        try:
            at = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            at = value
        if at is None:
            if not self.is_optional:
                raise self.error(place, lazy_gettext("%(name)s is empty", name=self.name), lazy_gettext("Fill it in"))
            return None
        if not isinstance(at, datetime) or at.tzinfo is None:
            raise self.error(
                place,
                lazy_gettext("%(name)s is %(value)r", name=self.name, value=at),
                lazy_gettext("Write it as 2026-07-02T09:00:00+08:00, without quotation marks"),
            )
        try:
            return at.astimezone(UTC)
        except OverflowError as error:
            raise self.error(
                place,
                lazy_gettext("%(name)s is %(value)s, beyond the calendar", name=self.name, value=at),
                lazy_gettext("Correct the year"),
            ) from error

    def as_json(self, value: datetime | None) -> str | None:
        """As ISO writes it."""
        return value.isoformat() if value else None


@dataclass(frozen=True)
class Texts(Field[list[str]]):
    """A list of texts. Where they are keys of other records, `kind` is that of these."""

    kind: str = ""

    def read(self, value: Any, place: str) -> list[str]:
        """The texts. Raises ContentError."""
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a list of texts", name=self.name),
                lazy_gettext('Write %(name)s = ["…", "…"]', name=self.name),
            )
        return [text.strip() for text in value]

    def of(self, row: Any) -> list[str]:
        """A copy: nobody changes the row by it."""
        return list(getattr(row, self.attribute))


@dataclass(frozen=True)
class Emails(Field[list[str]]):
    """A list of mail addresses."""

    def read(self, value: Any, place: str) -> list[str]:
        """The addresses. Raises ContentError."""
        if not isinstance(value, list):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a list of addresses", name=self.name),
                lazy_gettext('Write %(name)s = ["…", "…"]', name=self.name),
            )
        for email in value:
            if not isinstance(email, str) or not EMAIL.fullmatch(email):
                raise self.error(
                    place,
                    lazy_gettext("%(name)s holds %(value)r", name=self.name, value=email),
                    lazy_gettext("Write whole addresses, such as group@example.org"),
                )
        return list(value)


@dataclass(frozen=True)
class References(Field[tuple[str, ...]]):
    """Other records, by their keys; their order is that of the keys, for a row keeps none."""

    kind: str = ""

    def read(self, value: Any, place: str) -> tuple[str, ...]:
        """The keys, each once. Raises ContentError."""
        if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(key, str) for key in value):
            raise self.error(
                place,
                lazy_gettext("%(name)s is not a list of names", name=self.name),
                lazy_gettext('Write %(name)s = ["…", "…"]', name=self.name),
            )
        return tuple(sorted(set(value)))

    def write(self, value: tuple[str, ...]) -> list[str]:
        """A list."""
        return list(value)

    def of(self, row: Any) -> tuple[str, ...]:
        """The keys of what the row is tied to."""
        return tuple(sorted(getattr(found, KEYS[self.kind]) for found in getattr(row, self.attribute)))

    def put(self, row: Any, value: tuple[str, ...], known: Known, place: str) -> None:
        """Tie the row to them. Raises ContentError where one is not known."""
        rows = known[self.kind]
        for key in value:
            if key not in rows:
                raise self.error(
                    place,
                    lazy_gettext("%(name)s names %(key)r, which is not known", name=self.name, key=key),
                    lazy_gettext("Correct %(key)s, or take it out", key=key),
                )
        found = sorted(dict.fromkeys(rows[key] for key in value), key=_as_listed)
        if set(found) != set(getattr(row, self.attribute)):
            setattr(row, self.attribute, found)

    def from_cells(self, *cells: str) -> list[str]:
        """Names with ; between them."""
        return [name for name in (name.strip() for name in cells[0].split(";")) if name]

    def to_cells(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Names with ; between them."""
        return (";".join(value),)


def _as_listed(row: Any) -> tuple[int, int]:
    """How the relationships order what they hold: papers by year, the newest first, everything by position."""
    return -getattr(row, "year", 0), row.position


# What other records call a record of each kind that they may name.
KEYS = {"member": "slug", "publication": "key", "research_area": "key"}


@dataclass(frozen=True)
class Tables(Field[list[dict[str, Any]]]):
    """A list of tables of the same fields, such as the links of a group."""

    fields: tuple[Field[Any], ...] = ()

    def read(self, value: Any, place: str) -> list[dict[str, Any]]:
        """The tables, each by its fields. Raises ContentError."""
        tables = read_tables(value, self.name, place)
        return [read_fields(self.fields, table, at) for at, table in tables]

    def write(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each with the fields that it has."""
        return [write_fields(self.fields, table) for table in value]

    def as_json(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each with all of its fields."""
        return [{field.name: field.as_json(table[field.name]) for field in self.fields} for table in value]

    def of(self, row: Any) -> list[dict[str, Any]]:
        """What the row keeps as JSON."""
        return self.read(getattr(row, self.attribute), "")

    def put(self, row: Any, value: list[dict[str, Any]], known: Known, place: str) -> None:
        """Keep it as JSON."""
        setattr(row, self.attribute, self.as_json(value))

    def gaps(self, value: list[dict[str, Any]]) -> list[Locale]:
        """The languages in which any of the tables lacks a text."""
        found = {gap for table in value for field in self.fields for gap in field.gaps(table[field.name])}
        return [locale for locale in LOCALES if locale in found]

    @property
    def is_translated(self) -> bool:
        """Whether its tables do."""
        return any(field.is_translated for field in self.fields)


def read_tables(value: Any, name: str, place: str) -> list[tuple[str, dict[str, Any]]]:
    """The `[[name]]` tables of a file, each with a place that says its number. Raises ContentError."""
    if not isinstance(value, list) or not all(isinstance(table, Mapping) for table in value):
        raise ContentError(
            place,
            lazy_gettext("%(name)s is not a list of tables", name=name),
            lazy_gettext("Begin each one with [[%(name)s]]", name=name),
        )
    return [(f"{place}, {name} no. {number}", dict(table)) for number, table in enumerate(value, start=1)]


def read_fields(fields: Collection[Field[Any]], values: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Every field of a record, read. Raises ContentError at the first mistake, be it a field that nobody knows."""
    rest = dict(values)
    read = {field.name: field.take(rest, place) for field in fields}
    if rest:
        unknown = ", ".join(map(str, rest))
        raise ContentError(
            place,
            lazy_gettext("unknown field %(name)s", name=unknown),
            lazy_gettext("Correct the name or take the field out"),
        )
    return read


def write_fields(fields: Collection[Field[Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    """A record as files write it, without what it leaves out."""
    said = {field.name: values[field.name] for field in fields if values[field.name] != field.default}
    return {field.name: field.write(said[field.name]) for field in fields if field.name in said}
