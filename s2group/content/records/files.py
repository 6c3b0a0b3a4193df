"""Reading the content files: what a person typed by hand, checked, with a place for every complaint."""

import csv
import io
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.records.errors import ContentError
from s2group.content.records.fields import Field
from s2group.core.text import visible

# A moment in TOML as people write it: perhaps at 24:00, as notices in China say midnight, perhaps without seconds.
MOMENT = re.compile(r"(=\s*)(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?=[Zz+\-\s,}#]|$)", re.MULTILINE)


def read_text(path: Path, place: str) -> str:
    """The text of a file, without signs that nobody sees, such as the mark that Windows puts before the first letter.

    Raises ContentError where it is missing, cannot be read or is not UTF-8.
    """
    try:
        return visible(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentError(
            place,
            lazy_gettext("the file is missing"),
            lazy_gettext("Add it; content/README.md says what belongs in it"),
        ) from error
    except OSError as error:
        raise ContentError(
            place,
            lazy_gettext("the file cannot be read: %(strerror)s", strerror=error.strerror),
            lazy_gettext("Mend it, or take it out"),
        ) from error
    except UnicodeDecodeError as error:
        raise ContentError(
            place, lazy_gettext("the file is not UTF-8 text"), lazy_gettext("Save it again as UTF-8")
        ) from error


def toml_table(path: Path, place: str) -> dict[str, Any]:
    """What a TOML file says. Raises ContentError where it is missing or not valid."""
    try:
        return toml_values(read_text(path, place))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(
            place, lazy_gettext("not valid TOML: %(problem)s", problem=error), lazy_gettext("Correct that line")
        ) from error


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


def read_csv(
    path: Path, place: str, fields: Collection[Field[Any]], columns: Collection[str], optional: Collection[str] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a CSV file, each with its place, by the names of the fields; what is empty may be left out.

    Raises ContentError where the first line does not name all of `columns` and at most the `optional` ones besides,
    in whatever order.
    """
    rows = csv.DictReader(io.StringIO(read_text(path, place), newline=""), restkey="", strict=True)
    # Without this check a spoilt first line would read as a table of nobody.
    if sorted(rows.fieldnames or ()) != sorted({*columns, *set(optional).intersection(rows.fieldnames or ())}):
        remedy = lazy_gettext("Write: %(columns)s", columns=",".join(columns))
        if optional:
            remedy = lazy_gettext("%(write)s; you may add: %(columns)s", write=remedy, columns=",".join(optional))
        raise ContentError(f"{place}, line 1", lazy_gettext("the columns are not the known ones"), remedy)
    try:
        for row in rows:
            if any("".join(value or ()).strip() for value in row.values()):  # spreadsheets keep empty rows at the end
                at = f"{place}, line {rows.line_num}"
                yield at, _row(fields, row, at)
    except csv.Error as error:
        raise ContentError(
            f"{place}, line {rows.line_num}",
            lazy_gettext("not valid CSV: %(problem)s", problem=error),
            lazy_gettext("Correct that line"),
        ) from error


def _row(fields: Collection[Field[Any]], row: Mapping[str, Any], place: str) -> dict[str, Any]:
    if "" in row or None in row.values():
        raise ContentError(
            place,
            lazy_gettext("the row has more or fewer fields than the first line"),
            lazy_gettext("Count the commas"),
        )
    cells = [(field, tuple(row.get(column, "") for column in field.columns)) for field in fields]
    said = [(field, found) for field, found in cells if not field.is_optional or any(map(str.strip, found))]
    return {field.name: field.from_cells(*found) for field, found in said}
