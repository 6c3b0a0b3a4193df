"""Reading the content files: what a person typed by hand, checked, with a place for every complaint."""

import csv
import io
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from s2group.content.records.errors import ContentError
from s2group.content.records.fields import MISSING
from s2group.content.records.rules import LONGEST_ADDRESS, is_web_address
from s2group.core.localized import LOCALES, LocalizedText
from s2group.core.text import visible

# A moment in TOML as people write it: perhaps at 24:00, as notices in China say midnight, perhaps without seconds.
MOMENT = re.compile(r"(=\s*)(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?=[Zz+\-\s,}#]|$)", re.MULTILINE)


class Record:
    """One record of a file. Its fields are taken out one by one; what is left at the end is a slip of the pen."""

    def __init__(self, place: str, values: Mapping[str, Any]) -> None:
        self.place = place
        self.values = dict(values)

    def take(self, name: str, default: Any = MISSING) -> Any:
        """The raw value of a field. Raises ContentError where it is missing and has no default."""
        value = self.values.pop(name, default)
        if value is MISSING:
            raise self.error(f"{name} is missing", "Add it")
        return value

    def text(self, name: str, default: Any = MISSING, *, longest: int | None = None) -> str:
        """A field that is one text, without spaces around it. Without a default it must not be empty."""
        value = self.take(name, default)
        if not isinstance(value, str):
            raise self.error(f"{name} is not a text", "Write it between quotation marks")
        if not value.strip() and default is MISSING:
            raise self.error(f"{name} is empty", "Fill it in")
        text = value.strip()
        if longest is not None and len(text) > longest:
            raise self.error(f"{name} has {len(text)} characters", f"Use at most {longest}")
        return text

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """A field that is one of a few words; the empty one may be among them."""
        value = self.text(name, "")
        if value not in allowed:
            words = ", ".join(word or "nothing" for word in allowed)
            raise self.error(f"{name} is {value!r}", f"Write one of: {words}")
        return value

    def localized(self, name: str, default: Any = MISSING) -> LocalizedText:
        """A field in two languages. Without a default one of them must be there."""
        return self.in_two_languages(name, self.take(name, default), optional=default is not MISSING)

    def localized_list(self, name: str) -> list[LocalizedText]:
        """A list of texts in two languages; empty where the field is missing."""
        return [self.in_two_languages(name, value, optional=False) for value in self.take(name, [])]

    def in_two_languages(self, name: str, value: Any, *, optional: bool) -> LocalizedText:
        """Read `{zh, en}`. Raises ContentError where it is something else, or empty though not optional."""
        if not isinstance(value, Mapping) or not all(isinstance(words, str) for words in value.values()):
            raise self.error(f"{name} is not a text in two languages", f'Write {name} = {{ zh = "…", en = "…" }}')
        try:
            text = LocalizedText.of(value)
        except ValueError as error:
            raise self.error(f"{name} has an {error.args[0]}", "Use zh and en") from error
        if not text and not optional:
            raise self.error(f"{name} is empty", "Fill in zh, en or both")
        return text

    def web_address(self, name: str) -> str:
        """A field that is the whole address of a web page."""
        address = self.text(name, longest=LONGEST_ADDRESS)
        if not is_web_address(address):
            raise self.error(f"{name} {address!r} is not a web address", "Write all of it, from https:// on")
        return address

    def end(self) -> None:
        """Complain of fields that nobody asked for: most often a misspelt name."""
        if self.values:
            unknown = ", ".join(map(str, self.values))
            raise self.error(f"unknown field {unknown}", "Correct the name or take the field out")

    def error(self, problem: str, remedy: str) -> ContentError:
        """A complaint about this record."""
        return ContentError(self.place, problem, remedy)


def read_text(path: Path, place: str) -> str:
    """The text of a file, without signs that nobody sees, such as the mark that Windows puts before the first letter.

    Raises ContentError where it is missing or not UTF-8.
    """
    try:
        return visible(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentError(place, "the file is missing", "Add it; content/README.md says what belongs in it") from error
    except UnicodeDecodeError as error:
        raise ContentError(place, "the file is not UTF-8 text", "Save it again as UTF-8") from error


def read_toml(path: Path, place: str) -> Record:
    """A TOML file as one record."""
    return Record(place, toml_table(path, place))


def toml_table(path: Path, place: str) -> dict[str, Any]:
    """What a TOML file says. Raises ContentError where it is missing or not valid."""
    try:
        return toml_values(read_text(path, place))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(place, f"not valid TOML: {error}", "Correct that line") from error


def toml_values(text: str) -> dict[str, Any]:
    """What a TOML file says; a moment at 24:00 is the beginning of the next day. Raises TOMLDecodeError."""
    return tomllib.loads(MOMENT.sub(_as_toml, text))


def _as_toml(moment: re.Match[str]) -> str:
    before, day, clock, seconds = moment[1], moment[2], moment[3], moment[4] or ":00"
    if clock == "24:00" and float(seconds[1:]) == 0:
        try:
            day, clock = (date.fromisoformat(day) + timedelta(days=1)).isoformat(), "00:00"
        except (ValueError, OverflowError):
            return moment[0]
    return f"{before}{day}T{clock}{seconds}"


def tables(record: Record, name: str) -> Iterator[Record]:
    """The `[[name]]` tables of a TOML file, each a record that knows its number."""
    found = record.take(name, [])
    if not isinstance(found, list) or not all(isinstance(values, dict) for values in found):
        raise record.error(f"{name} is not a list of tables", f"Begin each one with [[{name}]]")
    for number, values in enumerate(found, start=1):
        yield Record(f"{record.place}, {name} no. {number}", values)


def read_csv(path: Path, place: str, columns: Collection[str], optional: Collection[str] = ()) -> Iterator[Record]:
    """The rows of a CSV file; columns such as `name_zh` and `name_en` become one field in two languages.

    Raises ContentError where the first line does not name all of `columns` and at most the `optional` ones besides,
    in whatever order.
    """
    rows = csv.DictReader(io.StringIO(read_text(path, place), newline=""), restkey="", strict=True)
    # Without this check a spoilt first line would read as a table of nobody.
    if sorted(rows.fieldnames or ()) != sorted({*columns, *set(optional).intersection(rows.fieldnames or ())}):
        also = f"; you may add: {','.join(optional)}" if optional else ""
        remedy = f"Write: {','.join(columns)}{also}"
        raise ContentError(f"{place}, line 1", "the columns are not the known ones", remedy)
    try:
        for row in rows:
            if any("".join(value or ()).strip() for value in row.values()):  # spreadsheets keep empty rows at the end
                yield _row_record(f"{place}, line {rows.line_num}", row)
    except csv.Error as error:
        raise ContentError(f"{place}, line {rows.line_num}", f"not valid CSV: {error}", "Correct that line") from error


def _row_record(place: str, row: Mapping[str, Any]) -> Record:
    if "" in row or None in row.values():
        raise ContentError(place, "the row has more or fewer fields than the first line", "Count the commas")
    values: dict[str, Any] = {}
    for column, value in row.items():
        name, _, locale = column.rpartition("_")
        if locale in LOCALES:
            values.setdefault(name, {})[locale] = value
        else:
            values[column] = value
    return Record(place, values)
