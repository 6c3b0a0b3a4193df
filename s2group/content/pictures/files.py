"""pictures/: photos of people and of the group's life, teasers of papers."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from s2group.content.news.models import NewsPicture
from s2group.content.people.models import Member
from s2group.content.pictures.models import Picture
from s2group.content.pictures.rules import is_uploaded
from s2group.content.publications.models import Publication
from s2group.content.records.errors import ContentError
from s2group.documents import images

FOLDER = "pictures"
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
# More than the largest photo of a phone has, and little enough to decode while a page waits.
MOST_PIXELS = 50_000_000
MOST_BYTES = 30_000_000
PATH_LENGTH = 200
# A picture by the names of its columns.
Row = dict[str, Any]


def read_pictures(folder: Path) -> dict[str, Row]:
    """Every picture below pictures/, by its path there; each is looked at in the child process, so that none is found
    broken later.

    Raises ContentError at the first that is broken, too large or of another kind.
    """
    root = folder / FOLDER
    return {path: _picture(root / path, path) for path in _paths(root)}


def picture_at(pictures: Mapping[str, Row], path: str) -> str | None:
    """The path of the picture at `path`, or None where there is none; of one that lies at several the first."""
    if path not in pictures:
        return None
    return next(first for first, row in pictures.items() if row["digest"] == pictures[path]["digest"])


def photo_of(pictures: Mapping[str, Row], stem: str) -> str:
    """The path of the picture that is `stem` with an ending, or '' where there is none."""
    return next((stem + ending for ending in ENDINGS if stem + ending in pictures), "")


def store_pictures(session: Session, rows: dict[str, Row]) -> None:
    """Make the database know the same pictures, and leave those that editors have sent. What showed a picture shows
    the one that took its place."""
    # The same picture under two names is one picture.
    wanted = {row["digest"]: row for row in reversed(rows.values())}
    pictures = session.scalars(select(Picture)).all()
    stored = {each.digest: each for each in pictures if each.digest in wanted or not is_uploaded(each.path)}
    successors = {old.digest: rows[old.path]["digest"] for old in stored.values() if old.path in rows}
    for picture in stored.values():
        if picture.digest not in wanted or wanted[picture.digest]["path"] != picture.path:
            picture.path = picture.digest  # makes room: no two may lie at one path, not even for a moment
    session.flush()
    for digest, row in wanted.items():
        picture = stored.get(digest) or Picture(digest=digest)
        picture.path, picture.width, picture.height = row["path"], row["width"], row["height"]
        session.add(picture)
    session.flush()
    for digest in stored.keys() - wanted.keys():
        if digest in successors:
            _show_instead(session, digest, successors[digest])
        session.delete(stored[digest])
    session.flush()


def _show_instead(session: Session, old: str, new: str) -> None:
    for model in (Member, Publication, NewsPicture):
        session.execute(update(model).where(model.picture_digest == old).values(picture_digest=new))


def _paths(root: Path) -> Iterator[str]:
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if file.is_dir() or file.name.startswith("."):
            continue
        if not file.name.endswith(ENDINGS):
            raise _error(
                path,
                lazy_gettext("not a kind of picture that is shown"),
                lazy_gettext("Save it as .jpg, .png or .webp"),
            )
        if len(path) > PATH_LENGTH:
            raise _error(
                path,
                lazy_gettext("the name is too long"),
                lazy_gettext("Use at most %(count)s characters", count=PATH_LENGTH),
            )
        yield path


def _picture(file: Path, path: str) -> Row:
    digest = _digest(file, path)
    width, height = _upright_size(file, path)
    return {"digest": digest, "path": path, "width": width, "height": height}


def _digest(file: Path, path: str) -> str:
    try:
        # What a link leads to may be anything, also what never ends or never begins.
        if not file.is_file():
            raise _error(
                path,
                lazy_gettext("this is no file that can be read"),
                lazy_gettext("Put the picture there, or take the link out"),
            )
        if (size := file.stat().st_size) > MOST_BYTES:
            raise _error(
                path,
                lazy_gettext("the file has %(count)s bytes", count=size),
                lazy_gettext("Make it smaller than %(count)s", count=MOST_BYTES),
            )
        return sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise _error(
            path,
            lazy_gettext("the file cannot be read: %(strerror)s", strerror=error.strerror),
            lazy_gettext("Mend it, or take it out"),
        ) from error


def _upright_size(file: Path, path: str) -> tuple[int, int]:
    try:
        found = images.measured(file)
    except images.NotInTimeError as error:
        raise _error(
            path, lazy_gettext("the machine was too busy to look at it"), lazy_gettext("Load again")
        ) from error
    if not found:
        raise _error(
            path, lazy_gettext("the picture cannot be read"), lazy_gettext("Save it again as .jpg, .png or .webp")
        )
    width, height = found
    if width * height > MOST_PIXELS:
        raise _error(
            path,
            lazy_gettext("it has %(width)s × %(height)s pixels", width=width, height=height),
            lazy_gettext("Make it smaller than %(count)s pixels", count=MOST_PIXELS),
        )
    return found


def _error(path: str, problem: str, remedy: str) -> ContentError:
    return ContentError(f"{FOLDER}/{path}", problem, remedy)
