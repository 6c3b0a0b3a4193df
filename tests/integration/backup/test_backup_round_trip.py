"""What was backed up comes back: row by row, byte by byte, from either database into either."""

import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from s2group.accounts.models import BrowserSession
from s2group.accounts.queries import user_by_email
from s2group.accounts.second_factor import is_code_of, shown_key, use_recovery_code
from s2group.admissions.fulltext.queries import holds
from s2group.admissions.fulltext.rules import terms
from s2group.admissions.models import Application
from s2group.backup.archive import read_archive
from s2group.backup.services import PASSING_TABLES
from s2group.backup.tables import GENERATION
from s2group.core.clock import now
from s2group.documents.store import held
from s2group.extensions import Base, db
from tests.support.applying import applications, apply
from tests.support.backups import RECOVERY_CODE, empty_portal, files, fill, portal, refusal, rows, run
from tests.support.databases import Databases
from tests.support.sample import SAMPLE
from tests.support.schema import differences_from_models
from tests.support.second_factor import Phone
from tests.support.stored import path_of


@pytest.fixture(params=["sqlite", "postgresql"])
def other_databases(request: pytest.FixtureRequest) -> Databases:
    """Where the backup is restored: either database again."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    found: Databases = request.getfixturevalue(name)
    return found


def applications_with(words: str) -> int:
    """How many the index finds."""
    found = holds(Application.id.expression, terms(words), "name")
    return len(db.session.scalars(select(Application.id).where(found)).all())


def test_every_row_and_file_comes_back(
    app: Flask, client: FlaskClient, other_databases: Databases, tmp_path: Path
) -> None:
    fill(app, client)
    before, kept = rows(app), files(app)
    administrator = user_by_email("admin@example.org")
    assert administrator and administrator.tf_totp_secret
    phone = Phone(shown_key(administrator, administrator.tf_totp_secret)[1])
    assert [name for name, found in before.items() if not found] == []
    archive, key = str(tmp_path / "portal.backup"), ("--key-file", str(tmp_path / "key"))
    run(app, "backup", "key", key[1])
    assert "2 applications, 7 files" in run(app, "backup", "create", archive, *key)
    with empty_portal(tmp_path / "other", other_databases) as other:
        assert "2 applications, 7 files" in run(other, "backup", "restore", archive, *key)
        assert (rows(other), files(other)) == (before, kept)
        assert db.session.scalar(select(func.count()).select_from(BrowserSession)) == 0, "somebody is signed in again"
        assert differences_from_models(db.session.connection()) == []
        owner = user_by_email("admin@example.org")
        assert owner and owner.tf_totp_secret
        assert is_code_of(owner, phone.code(), key=owner.tf_totp_secret)
        assert use_recovery_code(user=owner, code=RECOVERY_CODE, mailer=lambda *_: None, now=now())
        assert applications_with("测试甲") == 1, "the words were loaded, and their index was not made"
        apply(other.test_client(), email="third@example.org")
        assert applications() == 3


def test_an_archive_from_before_there_were_keys_comes_back(app: Flask, databases: Databases, tmp_path: Path) -> None:
    archive, words = Path(__file__).parents[2] / "archives" / "passphrase-0006.s2b", tmp_path / "words"
    words.write_text("four plain words together\nand a line that does not count\n")
    with empty_portal(tmp_path / "other", databases) as other:
        restored = run(other, "backup", "restore", str(archive), "--passphrase-file", str(words))
        assert "2 applications, 7 files, 129 rows" in restored
        assert (applications(), len(files(other))) == (2, 7)
        assert run(other, "check").startswith("Nothing differs.\n")


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_references_are_checked_at_once_again_after_a_restore(
    app: Flask, client: FlaskClient, databases: Databases, tmp_path: Path
) -> None:
    fill(app, client)
    run(app, "backup", "create", str(tmp_path / "portal.tar"))
    with empty_portal(tmp_path / "other", databases) as other:
        run(other, "backup", "restore", str(tmp_path / "portal.tar"))
        deferrable = text("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable")
        assert db.session.scalar(deferrable) == 0


def test_an_archive_without_a_key_is_a_plain_tar(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    fill(app, client)
    archive = tmp_path / "portal.tar"
    run(app, "backup", "create", str(archive))
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    tables = [f"tables/{name}.jsonl" for name in Base.metadata.tables.keys() - PASSING_TABLES - {GENERATION}]
    stored = sorted(f"files/{path.replace('/', '')}" for path in files(app))
    assert names[: len(stored)] == stored
    content = sorted(f"content/{path.relative_to(SAMPLE)}" for path in SAMPLE.rglob("*") if path.is_file())
    assert sorted(names[len(stored) : -1]) == sorted(content + tables)
    assert names[-1].startswith("manifest-")
    assert "2 applications" in run(app, "backup", "verify", str(archive))


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_done(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "portal.tar").write_text("an older one")
    assert "exists already" in refusal(app, "backup", "create", str(folder / "portal.tar"))
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("portal.tar", "an older one")]
    assert "No such file or directory" in refusal(app, "backup", "create", str(tmp_path / "nowhere" / "portal.tar"))


def test_a_backup_waits_while_files_are_removed(app: Flask, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with held(alone=True):
            backup = pool.submit(run, app, "backup", "create", str(tmp_path / "portal.tar"))
            with pytest.raises(TimeoutError):
                backup.result(timeout=2)
        assert "0 applications" in backup.result()


def test_a_file_that_is_not_whole_is_named_and_the_rest_is_saved(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    fill(app, client)
    digest = sorted(path.replace("/", "") for path in files(app))[0]
    path_of(digest).write_bytes(b"other bytes")
    assert refusal(app, "backup", "create", str(tmp_path / "portal.tar")) == digest
    manifest = read_archive(tmp_path / "portal.tar", secret=None)
    assert (manifest.files, manifest.unreadable, manifest.rows["application"]) == (6, [digest], 2)


def test_an_archive_of_an_older_version_is_brought_up_to_date(
    app: Flask, client: FlaskClient, other_databases: Databases, tmp_path: Path
) -> None:
    fill(app, client)
    db.session.remove()
    flask_migrate.downgrade(revision="0001")
    run(app, "backup", "create", str(tmp_path / "old.tar"))
    flask_migrate.upgrade()
    run(app, "facts", "index")
    expected = rows(app)
    with empty_portal(tmp_path / "other", other_databases) as other:
        run(other, "backup", "restore", str(tmp_path / "old.tar"))
        assert rows(other) == expected
        assert len(expected["outbox_mail"]) == 14


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_database_that_was_never_migrated_is_as_good_as_an_empty_one(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    fill(app, client)
    before = rows(app)
    run(app, "backup", "create", str(tmp_path / "portal.tar"))
    with portal(tmp_path / "other", "") as other:
        run(other, "backup", "restore", str(tmp_path / "portal.tar"))
        assert rows(other) == before


def test_content_that_was_loaded_on_a_new_machine_is_replaced(
    app: Flask, client: FlaskClient, databases: Databases, tmp_path: Path
) -> None:
    fill(app, client)
    before = rows(app)
    run(app, "backup", "create", str(tmp_path / "portal.tar"))
    with empty_portal(tmp_path / "other", databases) as other:
        run(other, "prepare")
        run(other, "backup", "restore", str(tmp_path / "portal.tar"))
        assert rows(other) == before
