"""No file that a viewer opens is refused, none that nobody opens is taken without a word, and locked ones are told."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from s2group.core import clock
from s2group.documents.inspection import Inspection, inspect
from s2group.documents.rules import HEADER_WINDOW, PDF_OR_PICTURE, media_type
from s2group.documents.services import UnacceptableDocument, take_upload
from tests.support.odd_files import dead, locked, viewable
from tests.support.receipts import in_form

# What some viewers open and no parser here: their owners are asked, and may send them.
ASKED_ABOUT = {"no table, no trailer", "a table cut off", "JPEG, its last scan broken"}
# Every so many of each kind.
EVERY = in_form(short=4, long=1)


def seen(path: Path, data: bytes) -> Inspection | None:
    """What is seen of a file; None where it is of no kind that is taken."""
    path.write_bytes(data)
    return inspect(path) if media_type(data[:HEADER_WINDOW]) else None


def test_of_files_that_a_viewer_opens_none_is_refused(tmp_path: Path) -> None:
    files = list(viewable())
    assert len(files) >= 60
    chosen = files[::EVERY] + [each for each in files if each[0] in ASKED_ABOUT]
    faults = {
        name: look.fault if look else "wrong type" for name, data in chosen for look in [seen(tmp_path / "f", data)]
    }
    assert {name: fault for name, fault in faults.items() if fault} == dict.fromkeys(ASKED_ABOUT, "unreadable")


def outcome(data: bytes) -> str | None:
    """Why a file is refused or asked about; None where it is taken without a word."""
    try:
        taken = take_upload(stream=BytesIO(data), original_name="cv.pdf", accepted=PDF_OR_PICTURE, now=clock.now())
    except UnacceptableDocument as refused:
        return refused.reason
    return "still waiting" if taken.is_waiting else taken.fault


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_of_files_that_nobody_opens_none_is_taken_without_a_word(app: Flask) -> None:
    files = list(dead())
    assert len(files) >= 45
    outcomes = {name: outcome(data) for name, data in files[::EVERY]}
    assert {name for name, reason in outcomes.items() if reason is None} == set()
    assert set(outcomes.values()) <= {"wrong_type", "damaged", "unreadable", "still waiting"}


def test_a_file_that_asks_for_a_password_is_told_so(tmp_path: Path) -> None:
    files = list(locked())
    assert len(files) >= 20
    looks = {name: seen(tmp_path / "f", data) for name, data in files[::EVERY]}
    assert {name for name, look in looks.items() if look is None or look.fault != "encrypted"} == set()
