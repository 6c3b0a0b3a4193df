"""A portal moves from a folder into a bucket and back by backup and restore, and works there meanwhile."""

from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from s2group.documents.store import store
from s2group.documents.verification import Damage, verify_stored
from tests.support.applying import MORNING, RESUME, apply, load_fictional_content
from tests.support.backups import empty_portal, files, fill, rows, run
from tests.support.databases import Databases
from tests.support.s3 import S3Server

HASH = sha256(RESUME).hexdigest()


def test_there_and_back(
    app: Flask, client: FlaskClient, databases: Databases, s3_server: S3Server, tmp_path: Path
) -> None:
    fill(app, client)
    before, kept = rows(app), files(app)
    there, back = str(tmp_path / "there.tar"), str(tmp_path / "back.tar")
    run(app, "backup", "create", there)
    bucket = s3_server.new_bucket(prefix="lab")
    with empty_portal(tmp_path / "in-a-bucket", databases, s3_server.settings(bucket)) as other:
        assert "2 applications, 7 files" in run(other, "backup", "restore", there)
        assert {each.sha256 for each in store.list("")} == {sha256(data).hexdigest() for data in kept.values()}
        assert run(other, "check").startswith("Nothing differs.\n")
        assert rows(other) == before
        run(other, "backup", "create", back)
    with empty_portal(tmp_path / "home", databases) as home:
        assert "2 applications, 7 files" in run(home, "backup", "restore", back)
        assert (rows(home), files(home)) == (before, kept)


def test_what_is_sent_lies_in_the_bucket_goes_out_by_mail_and_is_missed_when_it_is_gone(
    databases: Databases, s3_server: S3Server, tmp_path: Path
) -> None:
    bucket = s3_server.new_bucket()
    with empty_portal(tmp_path / "portal", databases, s3_server.settings(bucket)) as portal:
        load_fictional_content(portal)
        apply(portal.test_client())
        assert HASH in {each.sha256 for each in store.list("")}
        run(portal, "mail", "deliver", "--once")
        mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "portal").rglob("*.eml")]
        parts = [part for mail in mails for part in mail.walk() if part.get_filename()]
        assert RESUME in [part.get_payload(decode=True) for part in parts]
        assert run(portal, "check").startswith("Nothing differs.\n")
        s3_server.overwrite(bucket, HASH, RESUME[:-1] + b"!")
        assert verify_stored(limit=10, now=MORNING).damaged == (Damage(HASH, "other bytes"),)
        store.delete(HASH)
        told = portal.test_cli_runner().invoke(args=["check"])
        assert (told.exit_code, f"file that is missing: {HASH}" in told.output) == (1, True)
