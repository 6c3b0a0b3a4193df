"""Pictures that editors send: kept as WebP of a moderate size, upright and without what the camera noted.

They lie beside the pictures of the files, below a folder of their own that no load empties and every export writes.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO

from sqlalchemy.exc import IntegrityError

from s2group.content.pictures.files import MOST_BYTES, MOST_PIXELS
from s2group.content.pictures.models import Picture
from s2group.content.pictures.queries import picture_by_digest
from s2group.content.pictures.rules import shown_height, uploaded_path
from s2group.content.stored_files.queries import picture_path
from s2group.content.stored_files.services import Arrived, add_file
from s2group.core.database import transaction
from s2group.documents import images
from s2group.documents.inspection import CHECKED, Inspection
from s2group.documents.store import held, store
from s2group.documents.stores import TooBigError

CHUNK = 64 * 1024
# In pixels: half as many again as the widest that pages show.
KEPT_WIDTH = 1920


class Fault(Enum):
    """Why a picture is not taken."""

    TOO_LARGE = "too many bytes"
    TOO_MANY_PIXELS = "too many pixels"
    UNREADABLE = "no JPEG, PNG or WebP, or a broken one"
    BUSY = "nobody had time to look at it"


class UnacceptablePicture(Exception):  # noqa: N818 - it is an answer, not a fault
    """A picture that is not taken; the faces have the words for its `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def take_picture(stream: IO[bytes], *, now: datetime) -> Picture:
    """Keep a picture that somebody sends; one that is there already is not kept twice.

    Raises UnacceptablePicture, and OSError where the disk is full or refuses.
    """
    chunks: Iterable[bytes] = iter(partial(stream.read, CHUNK), b"")
    try:
        with store.receive(chunks, limit=MOST_BYTES) as received:
            data, width, height = _drawn(received.path)
    except TooBigError as error:
        raise UnacceptablePicture(Fault.TOO_LARGE) from error
    except images.NotInTimeError as error:
        raise UnacceptablePicture(Fault.BUSY) from error
    with held():
        digest = store.put(BytesIO(data))
        return picture_by_digest(digest) or _added(digest, len(data), width, height, now)


def _drawn(path: Path) -> tuple[bytes, int, int]:
    """The picture as it is kept, and its width and height. Nothing but the child process decodes it."""
    found = images.measured(path)
    if found and found[0] * found[1] > MOST_PIXELS:
        raise UnacceptablePicture(Fault.TOO_MANY_PIXELS)
    data = images.in_width(path, KEPT_WIDTH, somebody_waits=False) if found else None
    if not found or not data:
        raise UnacceptablePicture(Fault.UNREADABLE)
    width = min(KEPT_WIDTH, found[0])
    return data, width, shown_height(*found, width)


def _added(digest: str, size: int, width: int, height: int, now: datetime) -> Picture:
    picture = Picture(digest=digest, path=uploaded_path(digest), width=width, height=height)
    file = Arrived(picture_path(picture.path), digest, size, Inspection(status=CHECKED, pages=1))
    try:
        with transaction() as session:
            session.add(picture)
            add_file(session, file, now)
    except IntegrityError:  # the same picture came twice at one moment
        if (theirs := picture_by_digest(digest)) is None:
            raise
        return theirs
    return picture
