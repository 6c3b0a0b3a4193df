"""The content files begin as a copy of the checkout's, and are the group's own from then on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from s2group import create_app
from s2group.admissions.models import Call
from s2group.content import folder as content_folder
from s2group.content.group.models import GroupProfile
from s2group.content.people.models import Member
from s2group.content.publications.models import Venue
from s2group.extensions import db
from tests.support.backups import refusal, run
from tests.support.sample import SAMPLE


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    """A portal that names no folder of its own."""
    del environ["S2_CONTENT_DIR"]
    return environ


@pytest.fixture
def checkout(app: Flask, tmp_path: Path) -> Path:
    """What lies in the checkout, as a copy that a test may change."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "checkout"))
    app.config["STARTER_DIR"] = folder
    return folder


def texts(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, by its path there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def remains(app: Flask) -> Iterator[str]:
    """What is in the data folder beside what belongs there."""
    folder: Path = app.config["DATA_DIR"]
    return (path.name for path in folder.iterdir() if path.name.startswith(".content"))


def short_name() -> str | None:
    return db.session.scalar(select(GroupProfile.short_name))


def rename_group(folder: Path, name: str) -> None:
    file = folder / "group.toml"
    before = file.read_text().splitlines()
    file.write_text("\n".join(f'short_name = "{name}"' if line.startswith("short_name") else line for line in before))


def test_the_starter_is_the_checkouts_folder(app: Flask) -> None:
    assert app.config["STARTER_DIR"] == ROOT / "content"
    assert app.config["CONTENT_DIR"] == app.config["DATA_DIR"] / "content"


@pytest.mark.parametrize("command", [["prepare"], ["content", "load"]], ids=["prepare", "load"])
def test_the_first_command_copies_the_files_and_says_so(app: Flask, checkout: Path, command: list[str]) -> None:
    own = app.config["CONTENT_DIR"]
    told = f"Copied the content files of the checkout to {own}: edit them there.\n"
    assert told in run(app, *command)
    assert texts(own) == texts(checkout)
    assert told not in run(app, *command)
    assert not list(remains(app))


def test_files_edited_in_the_checkout_before_the_upgrade_are_not_lost(app: Flask, checkout: Path) -> None:
    rename_group(checkout, "Edited")
    run(app, "prepare")
    assert short_name() == "Edited"


def test_a_changed_starter_changes_nothing(app: Flask, checkout: Path) -> None:
    run(app, "prepare")
    own = app.config["CONTENT_DIR"]
    rename_group(own, "Ours")
    before = texts(own)
    rename_group(checkout, "Upgraded")
    (checkout / "calls" / "new.toml").write_text("no call at all")
    for command in (["prepare"], ["content", "load"]):
        run(app, *command)
    assert (texts(own), short_name()) == (before, "Ours")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_portal_of_another_group_begins_empty(app: Flask) -> None:
    assert "Begun empty" in run(app, "prepare", "--empty")
    for _ in range(2):
        assert set(texts(app.config["CONTENT_DIR"])) == {"README.md", "venues.toml", "decisions.toml"}
        db.session.rollback()
        assert [db.session.scalar(select(func.count()).select_from(each)) for each in (GroupProfile, Member, Call)] == [
            0
        ] * 3
        assert db.session.scalar(select(func.count()).select_from(Venue))
        for path in ("/", "/en/members/", "/publications/", "/admissions/", "/apply/", "/search/?q=a", "/sitemap.xml"):
            assert app.test_client().get(path).status_code == 200, path
        # The next start loads nothing either.
        assert "Loaded" not in run(app, "prepare")


def test_where_the_groups_files_are_lost_the_starter_replaces_none_of_its_records(app: Flask, checkout: Path) -> None:
    run(app, "prepare")
    rename_group(checkout, "Starter")
    shutil.rmtree(app.config["CONTENT_DIR"])
    before = short_name()
    assert "Nothing was loaded. Look at these files first, then load again." in run(app, "content", "load")
    db.session.rollback()
    assert short_name() == before
    assert run(app, "content", "load").startswith("Loaded ")
    db.session.rollback()
    assert short_name() == "Starter"


def test_a_folder_that_is_named_is_read_where_it_is(app: Flask, environ: dict[str, str], checkout: Path) -> None:
    other = create_app(environ | {"S2_CONTENT_DIR": str(checkout)})
    assert "Copied" not in run(other, "content", "load")
    assert not content_folder.holds_files(app.config["DATA_DIR"] / "content")


def test_a_copy_that_fails_leaves_nothing(app: Flask, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_paths: Path, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", full)
        with pytest.raises(OSError, match="No space left"):
            content_folder.copy_starter()
    assert not app.config["CONTENT_DIR"].exists()
    assert not list(remains(app))
    assert content_folder.copy_starter()


def test_of_two_processes_one_copies(app: Flask, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copyfile  # copytree calls itself by its name, with other arguments in each version of Python

    def slowly(source: Path, target: Path) -> object:
        app.config["CONTENT_DIR"].mkdir(exist_ok=True)
        (app.config["CONTENT_DIR"] / "group.toml").write_text("by the other")
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", slowly)
    assert not content_folder.copy_starter()
    assert texts(app.config["CONTENT_DIR"]) == {"group.toml": b"by the other"}
    assert not list(remains(app))


def test_hidden_files_are_none_of_the_content(tmp_path: Path) -> None:
    for path in (".git/config", "news.toml", "calls/.a.toml.swp", "calls/a.toml", "pictures/b.jpg"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    assert [path for path, _file in content_folder.content_files(tmp_path)] == [
        "calls/a.toml",
        "news.toml",
        "pictures/b.jpg",
    ]


def test_a_linked_folder_is_content_and_one_that_leads_back_up_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "deep" / "a.toml").touch()
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "calls").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "content" / "same").symlink_to(tmp_path / "elsewhere" / "deep")
    (tmp_path / "content" / "loop").symlink_to(tmp_path / "content")
    (tmp_path / "content" / "gone.toml").symlink_to(tmp_path / "nowhere")
    found = [path for path, _file in content_folder.content_files(tmp_path / "content")]
    assert found == ["calls/deep/a.toml", "same/a.toml"]
    assert not list(content_folder.content_files(tmp_path / "nowhere"))


def test_a_link_that_leads_nowhere_does_not_keep_the_portal_from_its_start(app: Flask, checkout: Path) -> None:
    (checkout / "pictures" / "gone.jpg").symlink_to(checkout / "nowhere.jpg")
    run(app, "prepare")
    assert not (app.config["CONTENT_DIR"] / "pictures" / "gone.jpg").is_symlink()


def test_the_command_says_why_the_files_cannot_be_copied(app: Flask, checkout: Path) -> None:
    shutil.rmtree(checkout)
    assert refusal(app, "prepare") == (
        f"Error: The content files of the checkout cannot be copied to {app.config['CONTENT_DIR']}: "
        f"[Errno 2] No such file or directory: '{checkout}'"
    )


def test_check_tells_of_files_that_are_gone(app: Flask, checkout: Path) -> None:
    run(app, "prepare")
    assert run(app, "check").startswith("Nothing differs.")
    shutil.rmtree(app.config["CONTENT_DIR"])
    result = app.test_cli_runner().invoke(args=["check"])
    assert result.output.splitlines()[0] == f"content files that are missing: {app.config['CONTENT_DIR']}"
    assert result.exit_code == 1
