"""The state of an application changes in one place."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

KEEPER = Path("s2group/admissions/services/states.py")
THEIRS = {"state_at", "shown_state", "withdrawn_from", "withdrawn_shown"}
BULK = re.compile(r"update\(Application\)\s*(?:\.where\(.*\)\s*)?\.values\(\W*state\b")
# Mails have a state as well; in these packages whatever has one may be an application.
PACKAGES = (
    "admissions",
    "apply",
    "backup",
    "cli",
    "custody",
    "jobs",
    "privacy",
    "demo",
    "evaluation",
    "review",
    "editor",
    "site",
)
SOURCES = sorted(path for package in PACKAGES for path in Path("s2group", package).rglob("*.py") if path != KEEPER)


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        yield node.target


def _changes(source: str) -> list[str]:
    """Assignments to the state of something, and bulk updates or setattr of it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        found += [
            target.attr
            for target in _targets(node)
            if isinstance(target, ast.Attribute) and target.attr in THEIRS | {"state"}
        ]
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".values", "setattr")):
            found += [keyword.arg for keyword in node.keywords if keyword.arg in THEIRS | {"state"}]
            found += [word.value for word in node.args if isinstance(word, ast.Constant) and word.value == "state"]
    return found


def test_nothing_else_changes_the_state_of_an_application() -> None:
    assert {path: found for path in SOURCES if (found := _changes(path.read_text()))} == {}


def test_no_test_goes_past_that_place() -> None:
    sources = {path: path.read_text() for path in Path("tests").rglob("*.py") if path.name != Path(__file__).name}
    told = THEIRS - {"state_at"}  # to have something sent earlier is no move
    assert {path: found for path, source in sources.items() if (found := told & set(_changes(source)))} == {}
    assert [path for path, source in sources.items() if BULK.search(source)] == []


@pytest.mark.parametrize(
    "source",
    [
        "application.state = 'offer'",
        "application.state, application.name = 'offer', 'x'",
        "a = application.shown_state = 'offer'",
        "session.execute(update(Application).values(state='offer'))",
        "setattr(application, 'state', 'offer')",
    ],
)
def test_the_test_would_notice(source: str) -> None:
    assert len(_changes(source)) == 1


def test_the_one_place_does() -> None:
    assert set(_changes(KEEPER.read_text())) == THEIRS | {"state"}
