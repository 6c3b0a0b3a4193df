"""What makes a file outlive a power cut."""

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Flush a file's bytes, or a folder's entries, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
