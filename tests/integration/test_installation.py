"""What `make` installs is what the lock says, on any machine and on any later day."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.package_index import NEWER, PackageIndex
from tests.support.server import ROOT

LOCKS = ("requirements-build.txt", "requirements-dev.txt")
# What its makers release as source only.
SOURCES = {"flask-principal"}
INSTALLED = """
import importlib.metadata, json
print(json.dumps({each.name: each.version for each in importlib.metadata.distributions()}))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Makefile and locks of the portal, with the hashes of an index where every package has a newer release."""
    folder, index = tmp_path / "checkout", PackageIndex(tmp_path / "index")
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    for lock in LOCKS:
        (folder / lock).write_text("".join(_released(index, each) for each in _locked(lock)))
    return folder


def _locked(lock: str) -> Iterator[Requirement]:
    for line in re.findall(r"^([a-z0-9].*) \\$", (ROOT / lock).read_text(), re.MULTILINE):
        yield Requirement(line)


def _version(locked: Requirement) -> str:
    return str(locked.specifier).removeprefix("==")


def _released(index: PackageIndex, locked: Requirement) -> str:
    digest = index.add(locked.name, _version(locked), as_source=locked.name in SOURCES)
    index.add(locked.name, NEWER)
    return f"{locked} --hash={digest}\n"


def test_newer_releases_and_a_folder_that_is_missing_change_nothing(checkout: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_INDEX_URL": (checkout.parent / "index").as_uri(),
        "PIP_EXTRA_INDEX_URL": (checkout.parent / "missing").as_uri(),
    }
    made = subprocess.run(
        ("make", "--silent", ".venv/dev.stamp"), cwd=checkout, env=environ, capture_output=True, text=True
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "Installing the packages of requirements-dev.txt\nNo broken requirements found.\n"
    found = json.loads(subprocess.check_output((checkout / ".venv/bin/python", "-c", INSTALLED)))
    del found["pip"]
    assert {canonicalize_name(name): version for name, version in found.items()} == {
        each.name: _version(each)
        for lock in LOCKS
        for each in _locked(lock)
        if each.marker is None or each.marker.evaluate()
    }
