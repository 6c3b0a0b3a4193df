"""A store that is a folder: flushed in the right order, and nothing left over."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from s2group.documents.stores import DamagedFileError
from s2group.documents.stores.folder import FolderStore

DATA = b"some bytes"
HASH = sha256(DATA).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "files"


def put(root: Path, data: bytes = DATA) -> None:
    store = FolderStore(root, root.parent)
    with store.receive([data[:4], data[4:]], limit=10) as received:
        store.put(received)


def files_under(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def place(root: Path) -> Path:
    return root / HASH[:2] / HASH[2:]


def test_a_kept_file_lies_under_its_hash(root: Path) -> None:
    put(root)
    assert files_under(root) == [f"{HASH[:2]}/{HASH[2:]}"]


def test_what_a_killed_process_left_is_gone_a_day_later(root: Path) -> None:
    put(root)
    for name, age in (("old", 25 * 3600), ("running", 60)):
        path = root / "incoming" / name
        path.write_bytes(DATA)
        os.utime(path, (path.stat().st_atime - age, path.stat().st_mtime - age))
    put(root)
    assert files_under(root) == [f"{HASH[:2]}/{HASH[2:]}", "incoming/running"]


def test_the_order_of_flushes_survives_a_power_cut(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    fsync, rename = os.fsync, os.rename

    def short(path: Path) -> str:
        return "temporary" if path.parent.name == "incoming" else str(path.relative_to(root.parent.parent))

    def recording_fsync(descriptor: int) -> None:
        calls.append("sync " + short(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def recording_rename(source: Path, target: Path) -> None:
        calls.append(f"rename {short(Path(source))} to {short(target)}")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", recording_fsync)
    monkeypatch.setattr(os, "rename", recording_rename)
    put(root)
    folder, name = HASH[:2], HASH[2:]
    new_folders = ["sync .", "sync deep", "sync deep/files", "sync deep/files"]
    kept = ["sync temporary", f"rename temporary to deep/files/{folder}/{name}"]
    assert calls == [*new_folders, *kept, f"sync deep/files/{folder}", "sync deep/files", "sync deep"]

    calls.clear()
    put(root)
    again = [f"sync deep/files/{folder}/{name}", f"sync deep/files/{folder}"]
    assert calls == again


def test_a_disk_that_cannot_flush_is_heard_and_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, b"the first")

    def failing(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output error"):
        put(root)
    assert files_under(root) == [f"{sha256(b'the first').hexdigest()[:2]}/{sha256(b'the first').hexdigest()[2:]}"]


def test_a_kept_file_is_never_overwritten(root: Path) -> None:
    put(root)
    before = place(root).stat()
    put(root)
    after = place(root).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_damaged_copy_is_noticed(root: Path) -> None:
    put(root)
    place(root).write_bytes(b"shorter")
    with pytest.raises(DamagedFileError):
        put(root)
    assert files_under(root) == [f"{HASH[:2]}/{HASH[2:]}"]
