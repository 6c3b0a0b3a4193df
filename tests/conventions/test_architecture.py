"""The documentation shows the rooms as they are."""

import importlib
import os
import tomllib
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


def test_every_folder_of_layers_is_held_to_their_order() -> None:
    """A folder that is left out of the contract in pyproject.toml is read by nobody."""
    contracts = tomllib.loads((rooms.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    within = next(contract for contract in contracts if contract["name"].startswith("Within a package"))
    layers = {name.strip("() ") for line in within["layers"] for name in line.split("|")}
    folders = [path for path in (rooms.ROOT / "s2group").rglob("*") if path.is_dir() and path.name != "__pycache__"]
    listed = within["containers"]
    assert sorted(listed) == listed and len(set(listed)) == len(listed)
    assert {_module(folder) for folder in folders if len(_layers(folder) & layers) > 1} - set(listed) == set()


def _module(folder: Path) -> str:
    return ".".join(folder.relative_to(rooms.ROOT).parts)


def _layers(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}


@pytest.mark.parametrize("kind", ["unit", "integration", "browser"])
def test_tests_lie_in_the_folder_of_their_room(kind: str) -> None:
    folders = {path.parent.relative_to(TESTS / kind) for path in (TESTS / kind).rglob("test_*.py")}
    assert [folder for folder in sorted(folders) if not (rooms.ROOT / "s2group" / folder).is_dir()] == []


def test_the_tests_that_run_on_postgresql_exist() -> None:
    """One that was renamed and not listed anew would be left to the long form, and nobody told."""
    assert DIFFERENT - {path.stem for path in TESTS.rglob("test_*.py")} == set()
