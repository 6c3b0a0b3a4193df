"""What a machine can tell about an uploaded file before anybody opens it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from s2group.documents.sandbox import Sandbox

Fault = Literal["encrypted", "damaged"]
FAULTS: tuple[Fault, ...] = ("encrypted", "damaged")
# What the inspector says where no parser finds a page, and a viewer might.
UNREADABLE = "unreadable"
CHECKED = "checked"
NOT_MACHINE_CHECKED = "not_machine_checked"
# What can be found; the words for it are the faces' business.
FINDINGS = ("attachments", "form_submission", "javascript", "launch_action")
# An upload is answered within ten seconds, and storing it takes one of them.
sandbox = Sandbox(patience=2, seconds=7, most_bytes=4096)


@dataclass(frozen=True)
class Inspection:
    """What was seen. A file that could not be looked through is taken all the same, and marked so.

    `fault` is why nobody could see anything of the file: it asks for a password, or is a picture without pixels.
    """

    status: str = NOT_MACHINE_CHECKED
    fault: Fault | None = None
    pages: int | None = None
    findings: tuple[str, ...] = ()


def inspect(path: Path) -> Inspection:
    """Inspect a PDF, JPEG or PNG in a child process, within nine seconds. Raises OSError where it cannot be opened."""
    answer = sandbox.ask(path, "inspect")
    try:
        return _read(answer.output, is_whole=answer.complete)
    except (ValueError, TypeError):
        return Inspection()  # cut off within a line, or no longer the inspector that speaks


def _read(output: bytes, *, is_whole: bool) -> Inspection:
    known: dict[str, Any] = {}
    for line in output.splitlines():
        known.update(json.loads(line))
    pages, found = known.get("pages"), known.get("findings", ())
    return Inspection(
        status=CHECKED if is_whole and known.get("fault") != UNREADABLE else NOT_MACHINE_CHECKED,
        fault=next((fault for fault in FAULTS if fault == known.get("fault")), None),
        pages=None if pages is None else int(pages),
        findings=tuple(finding for finding in FINDINGS if finding in found),
    )
