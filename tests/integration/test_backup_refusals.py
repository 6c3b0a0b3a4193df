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
from s2group.backup.encryption import CHUNK, MAGIC, SALT_BYTES, TAG_BYTES
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents import store
from tests.support.backups import Rows, empty_portal, files, fill, refusal, rows, run
from tests.support.databases import SqliteDatabases
from tests.support.staff import add_staff

PASSPHRASE = "four plain words together"
FIRST_CHUNK = len(MAGIC) + SALT_BYTES
SEALED_CHUNK = CHUNK + TAG_BYTES


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
def seal(tmp_path: Path) -> tuple[str, str]:
    """The option that names the passphrase."""
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE)
    return "--passphrase-file", str(path)


@pytest.fixture
def sealed(app: Flask, client: FlaskClient, seal: tuple[str, str], tmp_path: Path) -> Path:
    """A sealed archive of some chunks."""
    fill(app, client)
    digest = sorted(path.replace("/", "") for path in files(app))[0]
    with store.receive([random.Random("ballast").randbytes(3 * CHUNK)], limit=4 * CHUNK) as incoming:
        incoming.keep()
    with transaction() as session:
        session.execute(text("UPDATE document SET sha256 = :new WHERE sha256 = :old"),
                        {"new": incoming.sha256, "old": digest})  # fmt: skip
    run(app, "backup", "create", str(tmp_path / "sealed.tar"), *seal)
    return tmp_path / "sealed.tar"


@pytest.fixture
def other(databases: SqliteDatabases, tmp_path: Path, app: Flask) -> Iterator[Flask]:
    """An empty portal to restore into, which must stay so."""
    with empty_portal(tmp_path / "other", databases) as other:
        before = rows(other)
        yield other
        assert (rows(other), files(other)) == (before, {})


def test_a_sealed_archive_opens_with_its_passphrase(app: Flask, sealed: Path, seal: tuple[str, str]) -> None:
    assert "2 applications, 7 files" in run(app, "backup", "verify", str(sealed), *seal)
    assert b"applicant@example.org" not in sealed.read_bytes()


def test_the_wrong_passphrase_or_none(sealed: Path, seal: tuple[str, str], other: Flask, tmp_path: Path) -> None:
    wrong, empty = tmp_path / "wrong", tmp_path / "empty"
    wrong.write_text("four other words together")
    empty.write_text("\n")
    restore = "backup", "restore", str(sealed)
    assert "the passphrase does not fit" in refusal(other, *restore, "--passphrase-file", str(wrong))
    assert refusal(other, *restore, "--passphrase-file", str(empty)) == f"Error: {empty} holds no passphrase."
    assert refusal(other, *restore) == "Error: This archive is sealed: name the file with its passphrase."


def test_a_passphrase_for_an_archive_that_is_not_sealed(plain: Path, seal: tuple[str, str], other: Flask) -> None:
    answer = refusal(other, "backup", "restore", str(plain), *seal)
    assert answer == "Error: This archive is not sealed, though a passphrase was given."


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9])
def test_an_archive_that_was_cut_off(plain: Path, other: Flask, share: float) -> None:
    data = plain.read_bytes()
    plain.write_bytes(data[: int(len(data) * share)])
    assert refusal(other, "backup", "restore", str(plain)) == "Error: This archive is damaged or cut off."


@pytest.mark.parametrize("left", [0, 1, FIRST_CHUNK, FIRST_CHUNK + SEALED_CHUNK, FIRST_CHUNK + 2 * SEALED_CHUNK, -1])
def test_a_sealed_archive_that_was_cut_off(sealed: Path, seal: tuple[str, str], other: Flask, left: int) -> None:
    sealed.write_bytes(sealed.read_bytes()[:left])
    assert refusal(other, "backup", "restore", str(sealed), *seal).startswith("Error: This archive")


def test_chunks_in_another_order(sealed: Path, seal: tuple[str, str], other: Flask) -> None:
    data = sealed.read_bytes()
    head, rest = data[:FIRST_CHUNK], data[FIRST_CHUNK:]
    chunks = [rest[start : start + SEALED_CHUNK] for start in range(0, len(rest), SEALED_CHUNK)]
    assert len(chunks) > 2
    sealed.write_bytes(b"".join([head, chunks[1], chunks[0], *chunks[2:]]))
    assert "damaged or cut off" in refusal(other, "backup", "restore", str(sealed), *seal)


def test_a_byte_that_was_flipped(sealed: Path, seal: tuple[str, str], other: Flask) -> None:
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.write_bytes(data)
    assert "damaged or cut off" in refusal(other, "backup", "restore", str(sealed), *seal)


def _contents(archive: Path) -> Rows:
    """All that a restore would take."""
    taken: Rows = {}
    read_archive(archive, passphrase=None, take=lambda name, file: taken.update({name: [(file.read(),)]}))
    return taken


def test_a_flipped_byte_of_a_plain_archive_is_noticed_or_changes_nothing(plain: Path) -> None:
    """Nothing tells of a flipped byte in what tar fills up with, and nobody reads it."""
    whole, data = _contents(plain), plain.read_bytes()
    chance, refused = random.Random("flip"), 0
    for _ in range(500):
        place = chance.randrange(len(data))
        plain.write_bytes(data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :])
        try:
            assert _contents(plain) == whole
        except ArchiveError:
            refused += 1
    assert refused > 200


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
            incoming.keep()
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
