"""The pictures of the group."""

from sqlalchemy import select

from s2group.content.pictures.models import Picture
from s2group.extensions import db


def picture_by_digest(digest: str) -> Picture | None:
    """The picture whose file has this SHA-256."""
    return db.session.get(Picture, digest)


def picture_by_path(path: str) -> Picture | None:
    """The picture at this path below the folder of pictures."""
    return db.session.scalars(select(Picture).where(Picture.path == path)).one_or_none()


def picture_digests() -> set[str]:
    """The SHA-256 of every picture."""
    return set(db.session.scalars(select(Picture.digest)))
