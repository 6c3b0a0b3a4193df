"""What makes a file outlive a power cut, and what writes one at a stroke."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def flush(path: Path) -> None:
    """Flush a file's bytes, or a folder's entries, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever reads half of it; it need not outlive a power cut. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(target: Path, *, in_place_of_former: bool = False) -> Iterator[Path]:
    """A folder beside `target` to be filled, which takes its place whole and flushed; gone where something failed.

    Raises OSError where the disk refuses, or where `target` holds something by then, unless that is a former one.
    """
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield made
        for path in (*made.rglob("*"), made):
            flush(path)
        if in_place_of_former and target.exists():
            _exchange(made, target)
        else:
            made.rename(target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    flush(target.parent)


def _exchange(made: Path, target: Path) -> None:
    former = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    target.rename(former)
    try:
        made.rename(target)
    except OSError:
        former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)
