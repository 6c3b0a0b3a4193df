"""The content files are in the archive, and come back."""

import os
import shutil
import tarfile
from pathlib import Path

import pytest
from flask import Flask

from s2group.backup.archive import read_archive, writing
from s2group.backup.services import create_backup
from tests.support.applying import MORNING
from tests.support.backups import empty_portal, refusal, run
from tests.support.databases import Databases
from tests.support.sample import SAMPLE

HERE = "the files that were here"


@pytest.fixture
def content(app: Flask, tmp_path: Path) -> Path:
    """The files of a portal whose content was edited and loaded."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "ours"))
    (folder / "notes.txt").write_text("the group's own")
    app.config["CONTENT_DIR"] = folder
    run(app, "content", "load")
    return folder


def texts(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_content_files_come_back_into_the_data_folder(
    app: Flask, content: Path, databases: Databases, tmp_path: Path
) -> None:
    count, archive = len(texts(content)), str(tmp_path / "portal.tar")
    assert f"rows, {count} content files, made" in run(app, "backup", "create", archive)
    with empty_portal(tmp_path / "other", databases) as other:
        other.config["CONTENT_DIR"] = own = other.config["DATA_DIR"] / "content"
        told = run(other, "backup", "restore", archive)
        assert f"{count} content files" in told
        assert "were here" not in told
        assert texts(own) == texts(content)
        assert run(other, "content", "load").startswith("Loaded ")


def test_content_files_that_are_there_are_set_aside(
    app: Flask, content: Path, databases: Databases, tmp_path: Path
) -> None:
    run(app, "backup", "create", str(tmp_path / "portal.tar"))
    with empty_portal(tmp_path / "other", databases) as other:
        other.config["CONTENT_DIR"] = own = other.config["DATA_DIR"] / "content"
        own.mkdir()
        (own / "group.toml").write_text("edited on the new machine")
        aside = own.with_name("content.before-restore-1")
        assert f"The content files that were here are in {aside} now.\n" in run(
            other, "backup", "restore", str(tmp_path / "portal.tar")
        )
        assert texts(aside) == {"group.toml": b"edited on the new machine"}
        assert texts(own) == texts(content)


def test_a_folder_that_is_named_is_left_as_it_is(
    app: Flask, content: Path, databases: Databases, tmp_path: Path
) -> None:
    run(app, "backup", "create", str(tmp_path / "portal.tar"))
    with empty_portal(tmp_path / "other", databases) as other:
        own = other.config["DATA_DIR"] / "content"
        told = run(other, "backup", "restore", str(tmp_path / "portal.tar"))
        assert f"The content files are in {own}, but S2_CONTENT_DIR names another folder.\n" in told
        assert texts(own) == texts(content)


def test_an_archive_without_content_files_leaves_those_that_are_there(
    app: Flask, databases: Databases, tmp_path: Path
) -> None:
    app.config["CONTENT_DIR"] = tmp_path / "nowhere"
    run(app, "backup", "create", str(tmp_path / "portal.tar"))
    with empty_portal(tmp_path / "other", databases) as other:
        own = other.config["DATA_DIR"] / "content"
        own.mkdir()
        (own / "group.toml").write_text(HERE)
        run(other, "backup", "restore", str(tmp_path / "portal.tar"))
        assert texts(own) == {"group.toml": HERE.encode()}


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_saved(app: Flask, content: Path, tmp_path: Path) -> None:
    strange = content / os.fsdecode(b"\xff.txt")
    strange.write_text("a name in another encoding")
    assert refusal(app, "backup", "create", str(tmp_path / "portal.tar")) == ascii(f"content/{strange.name}")
    manifest = read_archive(tmp_path / "portal.tar", secret=None)
    assert manifest.content == len(texts(content)) - 1


@pytest.mark.parametrize("name", ["content/../outside", "content//outside"])
def test_no_path_leads_out_of_the_folder(app: Flask, databases: Databases, tmp_path: Path, name: str) -> None:
    made = create_backup(target=tmp_path / "portal.tar", key=None, now=MORNING)
    with (
        tarfile.open(tmp_path / "portal.tar") as tar,
        (tmp_path / "altered.tar").open("wb") as file,
        writing(file, key=None, now=MORNING) as archive,
    ):
        for member in tar.getmembers()[:-1]:
            opened = tar.extractfile(member)
            assert opened
            archive.add(name if member.name == "content/group.toml" else member.name, opened, member.size)
        archive.finish(made)
    with empty_portal(tmp_path / "other", databases) as other:
        assert "names content files that it cannot hold" in refusal(
            other, "backup", "restore", str(tmp_path / "altered.tar")
        )
        left = [path.name for path in (tmp_path / "other").iterdir() if "content" in path.name]
        assert left == []
    assert not (tmp_path / "outside").exists()
