"""The pictures of the group."""

from s2group.content.pictures.models import Picture
from s2group.extensions import db


def picture_by_digest(digest: str) -> Picture | None:
    """The picture whose file has this SHA-256."""
    return db.session.get(Picture, digest)
