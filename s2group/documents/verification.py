"""Reading the stored files again, to see that they still hold the bytes that came."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from io import UnsupportedOperation
from typing import Any, Literal

from flask import current_app
from sqlalchemy import update

from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.documents.queries import least_recently_read
from s2group.documents.store import read_bytes, store
from s2group.documents.stores import DamagedFileError
from s2group.extensions import db

# A sound file is read again after some days, so that the reading of all is spread over them; a damaged one sooner, for
# somebody may have mended it.
SOUND_PAUSE = timedelta(days=3)
DAMAGED_PAUSE = timedelta(hours=1)
Trouble = Literal["missing", "unreadable", "other bytes"]


class LostFileError(Exception):
    """A stored file is missing, or holds other bytes than those that came."""


@dataclass(frozen=True)
class Damage:
    """A stored file that is not as it came."""

    sha256: str
    trouble: Trouble


@dataclass(frozen=True)
class VerificationReport:
    """How many documents were found whole, and which were not."""

    verified: int
    damaged: tuple[Damage, ...]


def verify_stored(*, limit: int, now: datetime) -> VerificationReport:
    """Read up to `limit` stored files again and compare their hashes: new ones first, then whichever waited longest.

    What was found is written to each document in a transaction of its own, and damage is logged as an error. Costs
    three short queries where nothing is due. Raises whatever the database raises, and nothing on account of a file.
    """
    due = least_recently_read(limit=limit, sound_before=now - SOUND_PAUSE, damaged_before=now - DAMAGED_PAUSE)
    db.session.rollback()  # reading the files may take minutes: hold no view of the database meanwhile
    verified, damaged = 0, []
    for document_id, sha256 in due:
        trouble = _trouble(sha256)
        if not _record(document_id, trouble, now):
            continue  # removed on purpose meanwhile
        if trouble:
            current_app.logger.error("stored file %s is damaged: %s", sha256, trouble)
            damaged.append(Damage(sha256, trouble))
        else:
            verified += 1
    return VerificationReport(verified, tuple(damaged))


def read_whole(sha256: str, *, now: datetime) -> bytes:
    """A stored file, proven to be as it came. Raises LostFileError where it is not, and OSError where the disk refuses.

    A loss is logged as an error and written to its documents at once, in a transaction of its own, so that whoever
    watches the portal learns of it before the next verification.
    """
    try:
        return read_bytes(sha256)
    except (FileNotFoundError, DamagedFileError) as error:
        current_app.logger.error("stored file %s is damaged: a reader asked for it", sha256)  # noqa: TRY400
        with transaction() as session:
            session.execute(update(Document).where(Document.sha256 == sha256).values(damaged_at=now))
        raise LostFileError(sha256) from error


def _record(document_id: int, trouble: Trouble | None, now: datetime) -> bool:
    """Write down what was found, unless the document is gone; whether it was there."""
    found: dict[str, Any] = {"damaged_at": now} if trouble else {"verified_at": now, "damaged_at": None}
    statement = update(Document).where(Document.id == document_id).values(found).returning(Document.id)
    with transaction() as session:
        return session.scalar(statement, execution_options={"synchronize_session": False}) is not None


def _trouble(sha256: str) -> Trouble | None:
    try:
        with store.open(sha256) as file:
            # Let go of the copy in memory, so that the bytes come from the disk, where they lie on one.
            with suppress(UnsupportedOperation):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return None if file_digest(file, "sha256").hexdigest() == sha256 else "other bytes"
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "unreadable"
