"""Nothing but the store knows where its files lie, and nothing but the inspector looks into them."""

import re
from pathlib import Path

PARSERS = re.compile(r"Image\.open|\b(?:pypdf|pypdfium2|pikepdf)\b")
PLACES = re.compile(r"STORAGE_URL|S2_STORAGE_URL|FolderStore|\bstores\.folder\b|path_of")
ALLOWED = {"config.py", "s2group/documents/store.py", "s2group/documents/stores/folder.py"}


def test_nothing_else_knows_the_paths_of_stored_files() -> None:
    sources = [*Path("s2group").rglob("*.py"), Path("app.py"), Path("config.py"), Path("gunicorn.conf.py")]
    assert {str(path) for path in sources if PLACES.search(path.read_text())} == ALLOWED


def test_nothing_outside_the_child_process_parses_a_file() -> None:
    parsing = {path.parent for path in Path("s2group").rglob("*.py") if PARSERS.search(path.read_text())}
    assert parsing == {Path("s2group/documents/inspector")}
