"""The store: whole files under their own hash, flushed in the right order, and nothing left over."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from s2group.documents import store

DATA = b"some bytes"
HASH = sha256(DATA).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    app = Flask(__name__)
    app.config["STORAGE_DIR"] = tmp_path / "deep" / "files"
    with app.app_context():
        yield app.config["STORAGE_DIR"]


def put(data: bytes) -> store.Incoming:
    with store.receive([data[:4], data[4:]], limit=10) as incoming:
        incoming.keep()
    return incoming


def files_under(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_kept_file_lies_under_its_hash(root: Path) -> None:
    incoming = put(DATA)
    assert (incoming.sha256, incoming.size) == (HASH, 10)
    assert files_under(root) == [f"{HASH[:2]}/{HASH[2:]}"]
    assert store.read_bytes(HASH) == DATA


def test_a_file_that_is_not_kept_leaves_nothing(root: Path) -> None:
    with store.receive([DATA], limit=10) as incoming:
        assert incoming.path.read_bytes() == DATA
    assert files_under(root) == []


def test_what_a_killed_process_left_is_gone_a_day_later(root: Path) -> None:
    put(DATA)
    for name, age in (("old", 25 * 3600), ("running", 60)):
        path = root / "incoming" / name
        path.write_bytes(DATA)
        os.utime(path, (path.stat().st_atime - age, path.stat().st_mtime - age))
    put(DATA)
    assert files_under(root) == [f"{HASH[:2]}/{HASH[2:]}", "incoming/running"]


def test_one_byte_too_many_is_refused_before_the_rest_is_read(root: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"12345"
        yield b"678901"
        pytest.fail("read on after the limit")

    with pytest.raises(store.TooBigError), store.receive(chunks(), limit=10):
        pytest.fail("accepted")
    assert files_under(root) == []


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
    put(DATA)
    folder, name = HASH[:2], HASH[2:]
    new_folders = ["sync .", "sync deep", "sync deep/files", "sync deep/files"]
    kept = ["sync temporary", f"rename temporary to deep/files/{folder}/{name}"]
    assert calls == [*new_folders, *kept, f"sync deep/files/{folder}", "sync deep/files", "sync deep"]

    calls.clear()
    put(DATA)
    again = [f"sync deep/files/{folder}/{name}", f"sync deep/files/{folder}"]
    assert calls == again


def test_a_disk_that_cannot_flush_is_heard_and_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(b"the first")

    def failing(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output error"):
        put(DATA)
    assert files_under(root) == [f"{sha256(b'the first').hexdigest()[:2]}/{sha256(b'the first').hexdigest()[2:]}"]


def test_a_kept_file_is_never_overwritten(root: Path) -> None:
    put(DATA)
    before = store.path_of(HASH).stat()
    put(DATA)
    after = store.path_of(HASH).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_damaged_copy_is_noticed(root: Path) -> None:
    put(DATA)
    store.path_of(HASH).write_bytes(b"other byte")
    with pytest.raises(store.DamagedFileError):
        store.read_bytes(HASH)
    store.path_of(HASH).write_bytes(b"shorter")
    with pytest.raises(store.DamagedFileError):
        put(DATA)
    assert files_under(root) == [f"{HASH[:2]}/{HASH[2:]}"]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", HASH.upper(), HASH + "\n", "a" * 63])
def test_only_a_hash_names_a_file(root: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path_of(name)
