"""The documentation shows the rooms as they are."""

import importlib
import os

from tests.support import rooms


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
