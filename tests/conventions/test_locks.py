"""Processes keep out of each other's way in one place."""

import re
from pathlib import Path

LOCKS = re.compile(r"\b(?:fcntl|flock|lockf|pg_(?:try_)?advisory\w*|multiprocessing)\b")


def test_no_other_place_locks_out_other_processes() -> None:
    sources = [*Path("s2group").rglob("*.py"), Path("app.py"), Path("config.py"), Path("gunicorn.conf.py")]
    found = [str(path) for path in sources if LOCKS.search(path.read_text())]
    assert found == ["s2group/core/locks.py"]
