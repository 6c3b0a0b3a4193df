"""Where the files of a test's portal lie: its store is a folder."""

from pathlib import Path

from flask import current_app


def path_of(sha256: str) -> Path:
    """Where the stored file with this hash lies, or would lie."""
    return Path(current_app.config["STORAGE_URL"], sha256[:2], sha256[2:])
