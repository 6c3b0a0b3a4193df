"""Pictures that public pages show: measured, and drawn in the widths of the pages, in the child process."""

import json
from pathlib import Path

from s2group.documents.sandbox import Answer, Sandbox

TRIES = 3
# Somebody may be waiting for the first; the others wait for nobody.
brief = Sandbox(seconds=3, most_bytes=8 * 1024 * 1024)
thorough = Sandbox(seconds=7, most_bytes=8 * 1024 * 1024)


class NotInTimeError(TimeoutError):
    """The machine was too busy to look at the picture."""


def measured(path: Path) -> tuple[int, int] | None:
    """Width and height in pixels of a JPEG, PNG or WebP as it is shown upright; None where it cannot be read whole.

    One of more than 120 megapixels is not read further. Raises NotInTimeError after three tries, OSError where the file
    cannot be opened.
    """
    answer = _patiently(path, "measure")
    if not answer.complete:
        return None
    width, height = json.loads(answer.output)
    return int(width), int(height)


def in_width(path: Path, width: int, *, somebody_waits: bool) -> bytes | None:
    """A picture as WebP, upright, at most `width` pixels wide and never enlarged; None where it cannot be drawn.

    Raises NotInTimeError, after three seconds where `somebody_waits`; OSError where the file cannot be opened.
    """
    if not somebody_waits:
        answer = _patiently(path, "in-width", str(width))
    elif (answer := brief.ask(path, "in-width", str(width))).late:
        raise NotInTimeError
    return answer.output if answer.complete else None


def _patiently(path: Path, *do: str) -> Answer:
    for _ in range(TRIES):
        if not (answer := thorough.ask(path, *do)).late:
            return answer
    raise NotInTimeError
