"""Stored files are read again, the ones that waited longest first, and what differs is told and remembered."""

import logging
import time
from datetime import UTC, datetime, timedelta
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.documents.services import take_upload
from s2group.documents.stores.folder import FolderStore
from s2group.documents.verification import Damage, VerificationReport, verify_stored
from s2group.extensions import db
from tests.support.pdf import make_pdf
from tests.support.queries import recorded_statements
from tests.support.stored import path_of

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
MINUTE, HOUR, PAUSE = timedelta(minutes=1), timedelta(hours=1), timedelta(days=3)
NOTHING_TO_DO = VerificationReport(0, ())


def upload(text: str) -> Document:
    return take_upload(stream=BytesIO(make_pdf(text)), original_name="cv.pdf", now=NOW)


def place_of(document: Document) -> Path:
    return path_of(document.sha256)


def looks() -> list[tuple[datetime | None, datetime | None]]:
    """When each document was found whole, and when damaged, in the order of their uploads."""
    db.session.expire_all()
    rows = db.session.scalars(select(Document).order_by(Document.id))
    return [(document.verified_at, document.damaged_at) for document in rows]


def test_a_file_just_stored_is_read_again_and_found_whole(app: Flask) -> None:
    upload("one")
    assert looks() == [(None, None)]
    assert verify_stored(limit=10, now=NOW) == VerificationReport(1, ())
    assert looks() == [(NOW, None)]


def test_nothing_new_costs_three_queries_and_no_write(app: Flask) -> None:
    upload("one")
    verify_stored(limit=10, now=NOW)
    with recorded_statements() as statements:
        assert verify_stored(limit=10, now=NOW + HOUR) == NOTHING_TO_DO
    assert [statement.split()[0] for statement in statements if not statement.startswith("BEGIN")] == ["SELECT"] * 3
    assert looks() == [(NOW, None)]


def test_new_files_come_first_then_those_that_waited_longest(app: Flask) -> None:
    for text in ("one", "two", "three"):
        upload(text)
    assert verify_stored(limit=2, now=NOW).verified == 2
    assert looks() == [(NOW, None), (NOW, None), (None, None)]
    assert verify_stored(limit=1, now=NOW + PAUSE).verified == 1
    assert looks() == [(NOW, None), (NOW, None), (NOW + PAUSE, None)]
    assert verify_stored(limit=1, now=NOW + PAUSE).verified == 1
    assert looks() == [(NOW + PAUSE, None), (NOW, None), (NOW + PAUSE, None)]


def test_a_sound_file_is_read_again_after_days(app: Flask) -> None:
    upload("one")
    verify_stored(limit=10, now=NOW)
    assert verify_stored(limit=10, now=NOW + PAUSE - MINUTE) == NOTHING_TO_DO
    assert verify_stored(limit=10, now=NOW + PAUSE) == VerificationReport(1, ())
    assert looks() == [(NOW + PAUSE, None)]


def test_damage_is_told_remembered_and_logged(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    whole, altered, missing, unreadable = (upload(text) for text in ("whole", "altered", "missing", "unreadable"))
    verify_stored(limit=10, now=NOW)
    content = place_of(altered).read_bytes()
    place_of(altered).write_bytes(content[:-1] + b"!")
    place_of(missing).unlink()
    place_of(unreadable).unlink()
    place_of(unreadable).mkdir()
    with caplog.at_level(logging.ERROR):
        report = verify_stored(limit=10, now=NOW + PAUSE)
    assert report == VerificationReport(
        1,
        (
            Damage(altered.sha256, "other bytes"),
            Damage(missing.sha256, "missing"),
            Damage(unreadable.sha256, "unreadable"),
        ),
    )
    assert looks() == [(NOW + PAUSE, None)] + [(NOW, NOW + PAUSE)] * 3
    assert verify_stored(limit=10, now=NOW + PAUSE + MINUTE) == NOTHING_TO_DO
    assert [record.getMessage() for record in caplog.records] == [
        f"stored file {altered.sha256} is damaged: other bytes",
        f"stored file {missing.sha256} is damaged: missing",
        f"stored file {unreadable.sha256} is damaged: unreadable",
    ]
    assert whole.sha256 not in caplog.text


def test_a_damaged_file_is_tried_every_hour_and_well_again_once_it_is_mended(app: Flask) -> None:
    document = upload("one")
    content = place_of(document).read_bytes()
    place_of(document).unlink()
    assert len(verify_stored(limit=10, now=NOW).damaged) == 1
    assert looks() == [(None, NOW)]
    place_of(document).write_bytes(content)
    assert verify_stored(limit=10, now=NOW + HOUR - MINUTE) == NOTHING_TO_DO
    assert verify_stored(limit=10, now=NOW + HOUR) == VerificationReport(1, ())
    assert looks() == [(NOW + HOUR, None)]


def test_damaged_files_do_not_hold_up_the_others(app: Flask) -> None:
    for number in range(3):
        place_of(upload(f"damaged {number}")).unlink()
    upload("whole")
    assert len(verify_stored(limit=3, now=NOW).damaged) == 3
    assert verify_stored(limit=3, now=NOW) == VerificationReport(1, ())


def test_a_file_that_is_removed_while_it_is_looked_for_is_no_damage(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    document = upload("one").sha256

    def removed_first(store: FolderStore, sha256: str) -> BufferedReader:
        with transaction() as session:
            session.execute(delete(Document))
        path_of(sha256).unlink()
        return path_of(sha256).open("rb")

    monkeypatch.setattr(FolderStore, "open", removed_first)
    assert verify_stored(limit=10, now=NOW) == NOTHING_TO_DO
    assert document not in caplog.text


def test_many_rows_without_work_are_looked_through_quickly(app: Flask) -> None:
    document = upload("one")
    rows = [
        {"token": f"token-{n}", "sha256": document.sha256, "size": 1, "original_name": "cv.pdf", "pages": 1,
         "inspection": "checked", "findings": [], "stored_at": NOW, "inspections": 1}
        for n in range(20_000)
    ]  # fmt: skip
    with transaction() as session:
        session.execute(Document.__table__.insert(), rows)  # type: ignore[attr-defined]
        session.execute(update(Document).values(verified_at=NOW))
    begun = time.monotonic()
    assert verify_stored(limit=10, now=NOW + HOUR) == NOTHING_TO_DO
    assert time.monotonic() - begun < 0.5
