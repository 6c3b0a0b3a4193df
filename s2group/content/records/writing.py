"""Content files as text: what the readers of `files` read again as the same."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from s2group.content.records.fields import Field
from s2group.core.text import UNSEEN

BARE = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def toml_text(tables: Mapping[str, Any]) -> str:
    """A TOML file: plain values first, then tables, then lists of tables, a blank line before each."""
    return "\n".join(_lines(tables, ())).lstrip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterable[str]:
    for name, value in table.items():
        if not _is_table(value) and not _are_tables(value):
            yield from _setting(name, value)
    for name, value in table.items():
        at = (*path, name)
        if _are_tables(value):
            for each in value:
                yield from ("", f"[[{_dotted(at)}]]", *_lines(each, at))
        elif _is_table(value):
            yield from ("", f"[{_dotted(at)}]", *_lines(value, at))


def _setting(name: str, value: Any) -> Iterable[str]:
    if isinstance(value, Mapping) and any("\n" in words for words in value.values()):
        return [f"{_key(name)}.{_key(locale)} = {_value(words)}" for locale, words in value.items()]
    return [f"{_key(name)} = {_value(value)}"]


def _is_table(value: Any) -> bool:
    """Whether it gets a heading of its own; a text in both languages stands in a line."""
    return isinstance(value, Mapping) and not set(value) <= {"zh", "en"}


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    escaped = "".join(ESCAPES.get(letter, letter) for letter in value)
    # What a reader takes off as a sign that nobody sees is there on purpose.
    visible = CONTROL.sub(_code, UNSEEN.sub(lambda found: "".join(map(_code_of, found[0])), escaped))
    return f'"""\n{visible}\n"""' if "\n" in value else f'"{visible}"'


def _code(found: re.Match[str]) -> str:
    return _code_of(found[0])


def _code_of(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def _dotted(path: Iterable[str]) -> str:
    return ".".join(map(_key, path))


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def csv_table(fields: Iterable[Field[Any]], rows: Sequence[Mapping[str, Any]], optional: Collection[str]) -> str:
    """A table of records with a first line that names the columns; `optional` ones are left out where all are empty."""
    cells = [
        {column: cell for field in fields for column, cell in zip(field.columns, _cells(field, row), strict=True)}
        for row in rows
    ]
    columns = [column for field in fields for column in field.columns]
    used = [column for column in columns if column not in optional or any(row[column] for row in cells)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, used, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    return out.getvalue()


def _cells(field: Field[Any], row: Mapping[str, Any]) -> tuple[str, ...]:
    return field.to_cells(row[field.name])
