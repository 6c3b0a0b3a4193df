"""File systems that are small, full, or only to be read. Mounting them takes root."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.guard import Guard


def need_root() -> None:
    """Skip the test where nothing may be mounted; under CI nothing may be skipped."""
    if os.geteuid() != 0:
        assert not os.environ.get("CI"), "mounting takes root, and under CI nothing may be skipped"
        pytest.skip("mounting takes root")


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[None]:
    """Make `folder` a file system of its own, of that size and empty, in memory."""
    need_root()
    folder.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder)
    with closing(Guard("umount", "--lazy", folder)):
        yield


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody, not even root, write into `folder`."""
    need_root()
    _run("mount", "--bind", folder, folder)
    with closing(Guard("umount", "--lazy", folder)):
        _run("mount", "-o", "remount,bind,ro", folder)
        yield


class Ballast:
    """A file that takes up what is left of a disk, and is gone when its `with` ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ballast"

    def __enter__(self) -> "Ballast":
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)

    def fill(self) -> None:
        """Fill the disk to the brim, up to its last byte."""
        with self.path.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while file.write(b"." * size) == size:
                        pass


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)
