"""Nothing but the store knows where its files lie."""

import re
from pathlib import Path

PLACES = re.compile(r"STORAGE_URL|S2_STORAGE_URL|FolderStore|\bstores\.folder\b|path_of")
ALLOWED = {"config.py", "s2group/documents/store.py", "s2group/documents/stores/folder.py"}


def test_nothing_else_knows_the_paths_of_stored_files() -> None:
    sources = [*Path("s2group").rglob("*.py"), Path("app.py"), Path("config.py"), Path("gunicorn.conf.py")]
    assert {str(path) for path in sources if PLACES.search(path.read_text())} == ALLOWED
