"""Pictures and papers of the record are documents: in the store, in the backup, in the check."""

import shutil
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.records.errors import ContentError
from s2group.content.stored_files.models import ContentFile
from s2group.content.stored_files.queries import stored_hashes
from s2group.content.stored_files.services import bring_files_over
from s2group.core.database import transaction
from s2group.custody.reconciliation import check
from s2group.custody.services import ABANDONED_AGE, discard_abandoned
from s2group.documents.models import Document
from s2group.documents.store import read_bytes, store
from s2group.extensions import db
from tests.support.backups import empty_portal, run
from tests.support.databases import Databases
from tests.support.pdf import make_pdf
from tests.support.sample import NOW, SAMPLE
from tests.support.stored import path_of

PAPER, PHOTO = "papers/jia2026first.pdf", "pictures/people/test-jia.png"
PAGE = "/publications/jia2026first/paper.pdf"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """The sample, loaded from a folder of the test's own."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "content"))
    app.config["CONTENT_DIR"] = folder
    load_content(folder, now=NOW)
    return folder


def hashes(folder: Path) -> dict[str, str]:
    found = [path for path in folder.glob("p*/**/*.*") if path.parts[-2] in ("people", "papers")]
    files = {path.relative_to(folder).as_posix(): path for path in found if path.suffix in (".png", ".pdf", ".jpg")}
    return {path: sha256(file.read_bytes()).hexdigest() for path, file in files.items()}


def stored() -> list[str]:
    return sorted(file.sha256 for file in store.list(""))


def forget(path: str) -> None:
    """As an earlier version had it: the file lies in the content folder alone."""
    with transaction() as session:
        file = session.get_one(ContentFile, path)
        document = file.document
        session.delete(file)
        session.flush()
        session.delete(document)
        digest = document.sha256
    store.delete(digest)


def test_a_load_brings_every_file_into_the_store_and_a_second_one_changes_nothing(folder: Path) -> None:
    assert stored_hashes() == hashes(folder)
    assert stored() == sorted(hashes(folder).values())
    before = [(document.id, document.token) for document in db.session.scalars(select(Document))]
    load_content(folder, now=NOW + timedelta(days=1))
    assert [(document.id, document.token) for document in db.session.scalars(select(Document))] == before


def test_its_row_says_what_it_is(folder: Path) -> None:
    found = db.session.get_one(ContentFile, PAPER).document
    assert (found.original_name, found.media_type, found.visitor, found.stored_at) == (
        "jia2026first.pdf", "application/pdf", None, NOW,
    )  # fmt: skip
    photo = db.session.get_one(ContentFile, PHOTO).document
    assert (photo.original_name, photo.media_type, photo.inspection) == ("test-jia.png", "image/png", "checked")


def test_a_file_that_changes_replaces_the_one_before_and_one_that_goes_takes_it_along(folder: Path) -> None:
    old = stored_hashes()[PAPER]
    (folder / PAPER).write_bytes(make_pdf("a newer version"))
    load_content(folder, now=NOW)
    assert stored_hashes() == hashes(folder)
    assert old not in stored()
    (folder / PAPER).unlink()
    load_content(folder, now=NOW)
    assert (PAPER in stored_hashes(), stored()) == (False, sorted(hashes(folder).values()))


def test_a_file_that_an_applicant_sent_as_well_stays(folder: Path) -> None:
    digest = stored_hashes()[PAPER]
    with transaction() as session:
        session.add(
            Document(token="t", sha256=digest, size=store.size(digest), original_name="cv.pdf", findings=[],
                     inspection="checked", stored_at=NOW)
        )  # fmt: skip
    (folder / PAPER).unlink()
    load_content(folder, now=NOW)
    assert store.has(digest)


def test_a_lost_file_comes_back_with_the_next_load(folder: Path) -> None:
    digest = stored_hashes()[PHOTO]
    path_of(digest).unlink()
    load_content(folder, now=NOW)
    assert read_bytes(digest) == (folder / PHOTO).read_bytes()
    assert stored_hashes() == hashes(folder)


def test_an_empty_file_is_refused_and_nothing_is_stored(folder: Path) -> None:
    (folder / PAPER).write_bytes(b"")
    with pytest.raises(ContentError, match=r"papers/jia2026first\.pdf: the file is empty"):
        load_content(folder, now=NOW)
    assert PAPER in stored_hashes()


def test_a_paper_is_served_from_the_store_in_parts_as_well(folder: Path, client: FlaskClient) -> None:
    content = (folder / PAPER).read_bytes()
    (folder / PAPER).unlink()
    with client.get(PAGE) as whole:
        assert (whole.status_code, whole.data, whole.content_type) == (200, content, "application/pdf")
    with client.get(PAGE, headers={"Range": "bytes=0-4"}) as part:
        assert (part.status_code, part.data) == (206, b"%PDF-")
    with client.get(PAGE, headers={"If-None-Match": whole.headers["ETag"]}) as unchanged:
        assert unchanged.status_code == 304
    path_of(stored_hashes()[PAPER]).unlink()
    assert client.get(PAGE).status_code == 404


def test_the_check_finds_them_whole_and_names_what_is_missing(folder: Path) -> None:
    later = NOW + timedelta(days=900)
    assert [each for each in check(now=later) if "file" in each.what] == []
    digest = stored_hashes()[PHOTO]
    path_of(digest).unlink()
    told = [str(each) for each in check(now=later) if "file" in each.what]
    assert told == [f"file that is missing: {digest} of {PHOTO}"]


def test_they_are_no_abandoned_uploads(folder: Path) -> None:
    assert discard_abandoned(now=NOW + 2 * ABANDONED_AGE) == 0
    assert stored_hashes() == hashes(folder)


def test_prepare_brings_over_what_an_earlier_version_showed(app: Flask, folder: Path, client: FlaskClient) -> None:
    wanted = stored_hashes()
    for path in wanted:
        forget(path)
    assert client.get(PAGE).status_code == 404
    assert bring_files_over(folder, now=NOW) == len(wanted)
    assert (stored_hashes(), bring_files_over(folder, now=NOW)) == (wanted, 0)
    with client.get(PAGE) as paper:
        assert paper.status_code == 200


def test_a_file_that_changed_since_it_was_loaded_is_left_to_the_next_load(folder: Path) -> None:
    forget(PHOTO)
    shutil.copy(folder / PHOTO, folder / "kept.png")
    (folder / PHOTO).write_bytes((folder / PHOTO).read_bytes() + b"more")
    assert bring_files_over(folder, now=NOW) == 0
    shutil.move(folder / "kept.png", folder / PHOTO)
    assert bring_files_over(folder, now=NOW) == 1


def test_a_backup_holds_them_and_is_restored_over_loaded_content(
    app: Flask, folder: Path, databases: Databases, tmp_path: Path
) -> None:
    wanted, archive = dict(stored_hashes()), tmp_path / "portal.tar"
    run(app, "backup", "create", str(archive))
    with empty_portal(tmp_path / "other", databases) as other:
        load_content(SAMPLE, now=NOW)
        run(other, "backup", "restore", str(archive))
        assert stored_hashes() == wanted
        assert all(store.has(digest) for digest in wanted.values())
