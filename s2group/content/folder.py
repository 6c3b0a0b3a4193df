"""Where the content files lie: in the data folder, copied from the checkout once and from then on the group's own."""

import shutil
from collections.abc import Iterator
from errno import EEXIST, ENOTEMPTY
from pathlib import Path

from flask import current_app

from s2group.core.disk import new_folder

GROUP_FILE = "group.toml"
# What every group may begin with: how files are written, the lists of journals and conferences, the words of decisions.
OF_ANY_GROUP = ("README.md", "venues.toml", "decisions.toml")


def data_content_dir() -> Path:
    """The folder that is read unless S2_CONTENT_DIR names another."""
    data_dir: Path = current_app.config["DATA_DIR"]
    return data_dir / "content"


def copy_starter(*, empty: bool = False) -> bool:
    """Copy the checkout's content files into the data folder where it holds none yet; whether they were copied.

    For a portal that begins `empty` these are the files that say nothing of a group. Nothing is ever merged: files that
    are there, and a folder that S2_CONTENT_DIR names, are the group's own. The copy is there whole or not at all.
    Raises OSError where the disk refuses.
    """
    target = current_app.config["CONTENT_DIR"]
    if target != data_content_dir() or holds_files(target):
        return False
    starter: Path = current_app.config["STARTER_DIR"]
    try:
        with new_folder(target) as folder:
            if empty:
                for name in OF_ANY_GROUP:
                    shutil.copyfile(starter / name, folder / name)
            else:
                _copy_all(starter, folder)
    except OSError as error:
        if error.errno in (EEXIST, ENOTEMPTY):  # another process was quicker
            return False
        raise
    return True


def _copy_all(starter: Path, folder: Path) -> None:
    shutil.copytree(starter, folder, copy_function=shutil.copyfile, ignore_dangling_symlinks=True, dirs_exist_ok=True)


def is_written_in_the_portal(folder: Path) -> bool:
    """Whether the folder is that of a portal which began empty: no file of it says what the group is."""
    return holds_files(folder) and not (folder / GROUP_FILE).exists()


def holds_files(folder: Path) -> bool:
    """Whether something lies in `folder`."""
    return folder.is_dir() and any(folder.iterdir())


def content_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below `folder` and its path there, in order; hidden ones, such as those of git, are left out.

    A link is what it leads to, as it is for whoever reads the files. Raises OSError where a folder cannot be read.
    """
    found = _files_below(folder, (folder.resolve(),)) if folder.is_dir() else ()
    for file in sorted(found):
        yield file.relative_to(folder).as_posix(), file


def _files_below(folder: Path, above: tuple[Path, ...]) -> Iterator[Path]:
    """But for links to one of the folders `above`, which would have no end."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and (real := path.resolve()) not in above:
            yield from _files_below(path, (*above, real))
