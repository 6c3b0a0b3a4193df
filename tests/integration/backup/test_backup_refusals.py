"""What is not whole, not ours, or in the way of something is refused, and nothing is restored."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from s2group.accounts.models import User
from s2group.backup.archive import ArchiveError, read_archive
from s2group.backup.passphrase import CHUNK, MAGIC, SALT_BYTES
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.store import store
from tests.support.backups import Rows, empty_portal, files, fill, refusal, rows, run
from tests.support.databases import SqliteDatabases
from tests.support.extent import chosen
from tests.support.staff import add_staff

# Made at database revision 0006 by the code of that day.
OLD_ARCHIVE = Path(__file__).parents[2] / "archives" / "passphrase-0006.s2b"
OLD_PASSPHRASE = "four plain words together"


@pytest.fixture
def databases(sqlite_databases: SqliteDatabases) -> SqliteDatabases:
    """Everything here happens before the database is touched."""
    return sqlite_databases


@pytest.fixture
def plain(app: Flask, client: FlaskClient, tmp_path: Path) -> Path:
    """An archive that anybody can read."""
    fill(app, client)
    run(app, "backup", "create", str(tmp_path / "plain.tar"))
    return tmp_path / "plain.tar"


@pytest.fixture
def key(app: Flask, tmp_path: Path) -> tuple[str, str]:
    """The option that names the key."""
    run(app, "backup", "key", str(tmp_path / "key"))
    return "--key-file", str(tmp_path / "key")


@pytest.fixture
def encrypted(app: Flask, client: FlaskClient, key: tuple[str, str], tmp_path: Path) -> Path:
    """An encrypted archive of some chunks."""
    fill(app, client)
    digest = sorted(path.replace("/", "") for path in files(app))[0]
    with store.receive([random.Random("ballast").randbytes(3 * CHUNK)], limit=4 * CHUNK) as incoming:
        store.put(incoming)
    with transaction() as session:
        session.execute(text("UPDATE document SET sha256 = :new WHERE sha256 = :old"),
                        {"new": incoming.sha256, "old": digest})  # fmt: skip
    run(app, "backup", "create", str(tmp_path / "encrypted.age"), *key)
    return tmp_path / "encrypted.age"


@pytest.fixture
def other(databases: SqliteDatabases, tmp_path: Path, app: Flask) -> Iterator[Flask]:
    """An empty portal to restore into, which must stay so."""
    with empty_portal(tmp_path / "other", databases) as other:
        before = rows(other)
        yield other
        assert (rows(other), files(other)) == (before, {})


def test_an_encrypted_archive_opens_with_its_key(app: Flask, encrypted: Path, key: tuple[str, str]) -> None:
    assert "2 applications, 7 files" in run(app, "backup", "verify", str(encrypted), *key)
    assert b"applicant@example.org" not in encrypted.read_bytes()


def test_a_key_is_for_its_owner_alone_and_replaces_none(app: Flask, key: tuple[str, str]) -> None:
    path = Path(key[1])
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_text()
    assert "File exists" in refusal(app, "backup", "key", str(path))
    assert path.read_text() == before


def test_another_key_or_none(encrypted: Path, other: Flask, tmp_path: Path) -> None:
    wrong, empty = tmp_path / "wrong", tmp_path / "empty"
    run(other, "backup", "key", str(wrong))
    empty.write_text("\n")
    restore = "backup", "restore", str(encrypted)
    assert "the key does not fit" in refusal(other, *restore, "--key-file", str(wrong))
    assert "the key file holds no key" in refusal(other, *restore, "--key-file", str(empty))
    assert refusal(other, *restore) == "Error: This archive is encrypted: name its key file."
    assert "holds no key" in refusal(other, "backup", "create", str(tmp_path / "new"), "--key-file", str(empty))
    assert not (tmp_path / "new").exists()


def test_a_key_for_an_archive_that_is_not_encrypted(plain: Path, key: tuple[str, str], other: Flask) -> None:
    answer = refusal(other, "backup", "restore", str(plain), *key)
    assert answer == "Error: This archive is not encrypted, though a key was given."


def test_the_wrong_passphrase_or_none_for_an_archive_from_before_there_were_keys(other: Flask, tmp_path: Path) -> None:
    wrong, empty = tmp_path / "wrong", tmp_path / "empty"
    wrong.write_text("four other words together")
    empty.write_text("\n")
    restore = "backup", "restore", str(OLD_ARCHIVE)
    assert "the passphrase does not fit" in refusal(other, *restore, "--passphrase-file", str(wrong))
    assert refusal(other, *restore, "--passphrase-file", str(empty)) == f"Error: {empty} holds no passphrase."
    assert refusal(other, *restore) == "Error: This archive is encrypted: name its passphrase file."


@pytest.mark.parametrize("place", [len(MAGIC), len(MAGIC) + SALT_BYTES, 80_000, -1])
def test_no_bit_of_an_archive_from_before_there_were_keys_can_be_flipped(
    other: Flask, tmp_path: Path, place: int
) -> None:
    data, copy, words = bytearray(OLD_ARCHIVE.read_bytes()), tmp_path / "copy", tmp_path / "words"
    data[place] ^= 1
    copy.write_bytes(data)
    words.write_text(OLD_PASSPHRASE)
    answer = refusal(other, "backup", "restore", str(copy), "--passphrase-file", str(words))
    assert "damaged or cut off" in answer


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9])
def test_an_archive_that_was_cut_off(plain: Path, other: Flask, share: float) -> None:
    data = plain.read_bytes()
    plain.write_bytes(data[: int(len(data) * share)])
    assert refusal(other, "backup", "restore", str(plain)) == "Error: This archive is damaged or cut off."


@pytest.mark.parametrize("left", [0, 1, 100, 200, 100_000, -1])
def test_an_encrypted_archive_that_was_cut_off(encrypted: Path, key: tuple[str, str], other: Flask, left: int) -> None:
    encrypted.write_bytes(encrypted.read_bytes()[:left])
    assert refusal(other, "backup", "restore", str(encrypted), *key).startswith("Error: This archive")


def test_a_byte_that_was_flipped(encrypted: Path, key: tuple[str, str], other: Flask) -> None:
    data = bytearray(encrypted.read_bytes())
    data[len(data) // 2] ^= 1
    encrypted.write_bytes(data)
    assert "damaged or cut off" in refusal(other, "backup", "restore", str(encrypted), *key)


def _contents(archive: Path) -> Rows:
    """All that a restore would take."""
    taken: Rows = {}
    read_archive(archive, secret=None, take=lambda name, file: taken.update({name: [(file.read(),)]}))
    return taken


def test_a_flipped_byte_of_a_plain_archive_is_noticed_or_changes_nothing(plain: Path) -> None:
    """Nothing tells of a flipped byte in what tar fills up with, and nobody reads it."""
    whole, data = _contents(plain), plain.read_bytes()
    chance, refused, flips = random.Random("flip"), 0, chosen(short=150, long=500)
    for _ in range(flips):
        place = chance.randrange(len(data))
        plain.write_bytes(data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :])
        try:
            assert _contents(plain) == whole
        except ArchiveError:
            refused += 1
    assert refused > 0.4 * flips


def test_an_archive_from_the_future(plain: Path, app: Flask, other: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    run(app, "backup", "create", str(tmp_path / "future.tar"))
    answer = refusal(other, "backup", "restore", str(tmp_path / "future.tar"))
    assert answer == "Error: This archive was made by a newer version: there is no database revision 9999 here."


def _strange(app: Flask, archive: Path, statement: str) -> str:
    with app.app_context(), transaction() as session:
        session.execute(text(statement))
    run(app, "backup", "create", str(archive))
    return str(archive)


def test_an_archive_with_an_unknown_table(plain: Path, app: Flask, other: Flask, tmp_path: Path) -> None:
    archive = _strange(app, tmp_path / "strange.tar", "CREATE TABLE shoe (id INTEGER PRIMARY KEY)")
    answer = refusal(other, "backup", "restore", archive)
    assert answer == "Error: This archive holds tables that its version does not have: shoe."


def test_an_archive_with_an_unknown_column(plain: Path, app: Flask, databases: SqliteDatabases, tmp_path: Path) -> None:
    archive = _strange(app, tmp_path / "strange.tar", "ALTER TABLE member ADD COLUMN shoe INTEGER")
    with empty_portal(tmp_path / "other", databases) as other:
        before = rows(other)
        answer = refusal(other, "backup", "restore", archive)
        assert answer == "Error: This archive does not fit its version: its table member cannot be loaded."
        assert rows(other) == before


def test_a_file_that_is_no_archive(app: Flask, other: Flask, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no archive " * 1000)
    answer = refusal(other, "backup", "restore", str(tmp_path / "notes.txt"))
    assert answer == "Error: This archive is damaged or cut off."


def test_a_journal_that_cannot_be_read(plain: Path, other: Flask, tmp_path: Path) -> None:
    journal = tmp_path / "deletions.jsonl"
    journal.write_text('{"reference": "half a li')
    answer = refusal(other, "backup", "restore", str(plain), "--deletions", str(journal))
    assert answer == f"Error: Line 1 of {journal} cannot be read."


def test_a_place_that_holds_files(plain: Path, databases: SqliteDatabases, tmp_path: Path) -> None:
    with empty_portal(tmp_path / "other", databases) as other:
        with store.receive([b"somebody's file"], limit=100) as incoming:
            store.put(incoming)
        before = rows(other), files(other)
        assert "holds files" in refusal(other, "backup", "restore", str(plain))
        assert (rows(other), files(other)) == before


def test_a_database_that_holds_an_account(plain: Path, databases: SqliteDatabases, tmp_path: Path) -> None:
    with empty_portal(tmp_path / "other", databases) as other:
        add_staff(Role.EDITOR)
        before = rows(other)
        assert "The database holds accounts or applications" in refusal(other, "backup", "restore", str(plain))
        assert (rows(other), files(other)) == (before, {})
        assert len(before[User.__tablename__]) == 1


def test_a_second_restore(app: Flask, plain: Path) -> None:
    before = rows(app), files(app)
    assert "holds files" in refusal(app, "backup", "restore", str(plain))
    assert (rows(app), files(app)) == before
