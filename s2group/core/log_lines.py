"""What a line of the log looks like: JSON for machines, text for people, and in neither anything about a person.

Standard library only: gunicorn.conf.py runs this file by its path, because gunicorn's parent process must not import
the portal. Workers forked after a SIGHUP would go on with the code that it had imported.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

MASK = "***"
# Whoever has the reference of an application can read its receipt, and a one-time link works for whoever has it.
REFERENCE = re.compile(r"\b[0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){3}\b", re.IGNORECASE)
TOKEN = re.compile(r"(?<=/)[\w-]{32,}(?=[/\s\"']|$)")
QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']*")
# The mails' own ids look like addresses, and tell one mail from another.
ADDRESS = re.compile(r"(?![0-9a-f]{32}@)(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")


def mask(text: str) -> str:
    """`text` without query strings, references, one-time tokens and e-mail addresses."""
    text = QUERY.sub(r"\1", text)
    for pattern in (REFERENCE, TOKEN, ADDRESS):
        text = pattern.sub(MASK, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, request_id, message, fields.

    `request_id` and `fields` come with the record (`extra=`). An error is told by its type and by where it happened.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        fields = {**getattr(record, "fields", {}), **_error(record)}
        line = {
            "time": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": getattr(record, "request_id", None),
            "message": mask(record.getMessage()),
            "fields": {name: mask(value) if isinstance(value, str) else value for name, value in fields.items()},
        }
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same for people: time, process, level, logger, message, and the request's id where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        about = f"[{_time(record):%Y-%m-%d %H:%M:%S %z}] [{record.process}] [{record.levelname}] {record.name}"
        request_id = getattr(record, "request_id", None)
        error = _error(record)
        parts = [f"{about}: {mask(record.getMessage())}" + (f" [{request_id}]" if request_id else "")]
        return "\n".join(parts + ([error["error"], error["frames"]] if error else []))


def formatter(kind: str) -> logging.Formatter:
    """The formatter of that kind: `json` or `text`."""
    return JsonLines() if kind == "json" else TextLines()


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _error(record: logging.LogRecord) -> dict[str, Any]:
    """Which error it was and where, but not its own words: a database error quotes the row."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    words = f" [{error.errno}] {error.strerror}" if isinstance(error, OSError) and error.errno else ""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return {"error": type(error).__name__ + words, "frames": frames}
