"""What the doctor finds."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is, and what to do where it is not well."""

    level: Level
    what: str
    said: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.level:7}  {self.what}: {self.said}" + (f" — {self.todo}" if self.todo else "")


def ok(what: str, said: str) -> Finding:
    """Nothing to do."""
    return Finding("ok", what, said)


def warning(what: str, said: str, todo: str) -> Finding:
    """The portal works, but something is missing or will soon fail."""
    return Finding("warning", what, said, todo)


def fault(what: str, said: str, todo: str) -> Finding:
    """Something does not work, or loses data."""
    return Finding("fault", what, said, todo)
