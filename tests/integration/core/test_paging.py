"""Counts that stop where nobody reads on."""

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.core import paging
from s2group.core.database import transaction
from s2group.core.paging import count_in_words, counts_by
from s2group.documents.models import Document
from tests.support.applying import MORNING


def document(number: int, inspection: str) -> Document:
    return Document(token=str(number), sha256="0" * 64, size=1, original_name="cv.pdf", inspection=inspection,
                    findings=[], stored_at=MORNING)  # fmt: skip


def test_counting_stops_one_after_the_most(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    with transaction() as session:
        session.add_all(document(number, "checked") for number in range(6))
        session.add_all(document(number, "not_machine_checked") for number in range(6, 9))
    counts = counts_by(select(Document), Document.inspection, ["checked", "not_machine_checked", "other"])
    assert counts == {"checked": 4, "not_machine_checked": 3, "other": 0}
    some = counts_by(select(Document).where(Document.token == "7"), Document.inspection, ["not_machine_checked"])
    assert some == {"not_machine_checked": 1}
    assert [count_in_words(count) for count in (0, 3, 4, 8)] == ["0", "3", "3+", "3+"]
