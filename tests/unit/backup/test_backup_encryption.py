"""An encrypted stream opens with its key, whole and unchanged, or not at all; Debian's own age opens it, too."""

import io
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from s2group.backup.encryption import MAGIC, DecryptionError, decrypting, encrypting, is_key, new_key

NOW = datetime(2026, 11, 30, tzinfo=UTC)
KEY, PUBLIC = new_key(NOW)
# What age encrypts at a time.
CHUNK = 64 * 1024


def encrypted(data: bytes, key: str = KEY) -> bytes:
    sink = io.BytesIO()
    with encrypting(sink, key) as stream:
        stream.write(data)
    return sink.getvalue()


def decrypted(data: bytes, key: str = KEY) -> bytes:
    with decrypting(io.BytesIO(data), key) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 50 * CHUNK])
def test_what_was_encrypted_comes_back(size: int) -> None:
    data = os.urandom(size)
    assert decrypted(encrypted(data)) == data


def test_a_key_file_is_one_that_age_writes() -> None:
    created, public, secret = KEY.splitlines()
    assert (created, public) == ("# created: 2026-11-30T00:00:00+00:00", f"# public key: {PUBLIC}")
    assert secret.startswith("AGE-SECRET-KEY-1")
    assert (is_key(KEY), is_key(created)) == (True, False)


@pytest.mark.skipif(not os.environ.get("CI") and shutil.which("age") is None, reason="age is not installed")
def test_it_opens_without_the_portal(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "archive").write_bytes(encrypted(b"nothing of ours is needed"))
    found = subprocess.run(["age", "--decrypt", "-i", tmp_path / "key", tmp_path / "archive"], capture_output=True)
    assert (found.stdout, found.returncode) == (b"nothing of ours is needed", 0)


@pytest.mark.parametrize("key", [new_key(NOW)[0], "", "AGE-SECRET-KEY-1NONE", "four plain words together"])
def test_another_key_opens_nothing(key: str) -> None:
    with pytest.raises(DecryptionError):
        decrypted(encrypted(b"secret"), key)


def test_no_bit_can_be_flipped_and_nothing_cut_off_or_added() -> None:
    whole = encrypted(b"s" * (2 * CHUNK + 5))
    places = (0, len(MAGIC), len(whole) // 2, len(whole) - 1)
    flipped = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in places]
    head = len(whole) - (2 * CHUNK + 5) - 3 * 16
    chunk = CHUNK + 16
    cut = [b"", whole[: head - 1], whole[:head], whole[: head + chunk], whole[:-1]]
    first, second, last = whole[head : head + chunk], whole[head + chunk : head + 2 * chunk], whole[head + 2 * chunk :]
    moved = whole[:head] + second + first + last
    for wrong in (*flipped, *cut, moved, whole + b"\0"):
        with pytest.raises(DecryptionError):
            decrypted(wrong)


class FullDisk(io.RawIOBase):
    """Takes some bytes, then no more."""

    left = 100_000

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.left -= len(data)
        if self.left < 0:
            raise OSError(28, "No space left on device")
        return len(data)


def test_a_full_disk_is_told_as_one() -> None:
    with pytest.raises(OSError, match="No space left"), encrypting(FullDisk(), KEY) as stream:  # type: ignore[arg-type]
        for _ in range(100):
            stream.write(b"x" * 10_000)


def test_who_stops_reading_waits_for_nobody() -> None:
    whole = encrypted(os.urandom(50 * CHUNK))
    with pytest.raises(ZeroDivisionError), decrypting(io.BytesIO(whole), KEY) as stream:
        stream.read(10)
        raise ZeroDivisionError
