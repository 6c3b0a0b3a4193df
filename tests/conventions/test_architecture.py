"""The documentation shows the rooms as they are."""

import importlib
import os
from pathlib import Path

import pytest

from tests.conftest import DIFFERENT
from tests.support import rooms

TESTS = Path(__file__).parent.parent


def test_the_drawing_of_the_rooms_is_that_of_the_code() -> None:
    """`DRAW=1 .venv/bin/pytest tests/conventions/test_architecture.py` draws it anew."""
    if os.environ.get("DRAW"):
        rooms.redraw()
    assert rooms.drawn() == rooms.drawing()


def test_every_room_can_be_imported_under_its_own_name() -> None:
    """`create_app` imports pages under names that shadow no package."""
    for name in ("accounts", "admissions", "apply", "content", "editor", "evaluation", "mail", "review", "site"):
        package = importlib.import_module(f"s2group.{name}")
        assert getattr(importlib.import_module("s2group"), name) is package


@pytest.mark.parametrize("kind", ["unit", "integration", "browser"])
def test_tests_lie_in_the_folder_of_their_room(kind: str) -> None:
    folders = {path.parent.relative_to(TESTS / kind) for path in (TESTS / kind).rglob("test_*.py")}
    assert [folder for folder in sorted(folders) if not (rooms.ROOT / "s2group" / folder).is_dir()] == []


def test_the_tests_that_run_on_postgresql_exist() -> None:
    """One that was renamed and not listed anew would be left to the long form, and nobody told."""
    assert DIFFERENT - {path.stem for path in TESTS.rglob("test_*.py")} == set()
