"""What a machine can tell about an uploaded file before anybody opens it."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from s2group.documents.sandbox import Answer, Sandbox
from s2group.documents.seats import seat

Fault = Literal["encrypted", "damaged", "unreadable"]
FAULTS: tuple[Fault, ...] = ("encrypted", "damaged", "unreadable")
CHECKED = "checked"
NOT_MACHINE_CHECKED = "not_machine_checked"
# What can be found; the words for it are the faces' business.
FINDINGS = ("attachments", "form_submission", "javascript", "launch_action")
MOST_BYTES = 4096
# Somebody waits for the first look; the second one is the worker's.
brief, thorough = Sandbox(seconds=1, most_bytes=MOST_BYTES), Sandbox(seconds=7, most_bytes=MOST_BYTES)


@dataclass(frozen=True)
class Inspection:
    """What was seen. A file that could not be looked through is taken all the same, and marked so.

    `fault` is why nothing could be seen of the file. Beyond doubt are "encrypted", it asks for a password, and
    "damaged", no viewer would show anything; "unreadable" is what no parser here opens. `is_waiting` is whether there
    was no time to look.
    """

    status: str = NOT_MACHINE_CHECKED
    fault: Fault | None = None
    pages: int | None = None
    findings: tuple[str, ...] = ()
    is_waiting: bool = False


def glance(path: Path) -> Inspection:
    """Inspect a file for somebody who waits: within a second, or not yet where others wait already.

    Raises OSError where it cannot be opened.
    """
    with seat() as is_free:
        answer = brief.ask(path, "inspect") if is_free else Answer(late=True)
    return Inspection(is_waiting=True) if answer.late else _read(answer)


def inspect(path: Path) -> Inspection:
    """Inspect a PDF, JPEG or PNG in a child process, within seven seconds. Raises OSError where it cannot be opened."""
    return _read(thorough.ask(path, "inspect"))


def missing_protections() -> list[str]:
    """What the kernel lacks to confine the inspector: `landlock`, `seccomp`; nothing where it cannot be told."""
    answer = thorough.ask(Path(os.devnull), "missing")
    return list(json.loads(answer.output)) if answer.complete else []


def _read(answer: Answer) -> Inspection:
    try:
        seen = _parse(answer.output, CHECKED if answer.complete else NOT_MACHINE_CHECKED)
    except (ValueError, TypeError):  # cut off within a line, or no longer the inspector that speaks
        seen = Inspection()
    if seen.fault == "unreadable" or not (seen.fault or seen.pages):
        return replace(seen, status=NOT_MACHINE_CHECKED, fault="unreadable")
    return seen


def _parse(output: bytes, status: str) -> Inspection:
    known: dict[str, Any] = {}
    for line in output.splitlines():
        known.update(json.loads(line))
    pages, found = known.get("pages"), known.get("findings", ())
    return Inspection(
        status=status,
        fault=next((fault for fault in FAULTS if fault == known.get("fault")), None),
        pages=None if pages is None else int(pages),
        findings=tuple(finding for finding in FINDINGS if finding in found),
    )
