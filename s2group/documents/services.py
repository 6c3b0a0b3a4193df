"""Taking in an uploaded file."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from typing import IO, Any, Literal

from flask import current_app

from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.core.storage_errors import storage_error
from s2group.documents import inspection, pages, rules
from s2group.documents.models import Document
from s2group.documents.queries import is_named
from s2group.documents.store import held, store
from s2group.documents.stores import Received, TooBigError
from s2group.extensions import db

CHUNK = 64 * 1024
# "wrong_type": none of the accepted kinds; "damaged": a picture of which nothing can be seen.
Reason = Literal["empty", "too_big", "wrong_type", "encrypted", "damaged", "failed", "quota"]


class UnacceptableDocument(Exception):  # noqa: N818 - it is an answer, not a fault
    """An upload that is not taken; `reason` says why, and the faces have the words for it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def take_upload(
    *,
    stream: IO[bytes],
    original_name: str,
    accepted: frozenset[str] = rules.PDF_ONLY,
    visitor: str | None = None,
    now: datetime,
) -> Document:
    """Keep an uploaded file, byte for byte, and record it, within two seconds of its last byte.

    `accepted` are the media types that will do, as the file's content tells them. When this returns, file and row are
    flushed to the disk. Raises UnacceptableDocument, and OSError where the disk is full or refuses. A file that no
    parser can read whole is taken all the same, and marked as not machine-checked; so is a picture of too many pixels
    to be decoded here. One that takes longer than a second is still `is_waiting` then: the worker looks at it.
    `visitor` is who brought it, where it counts against a quota.
    """
    try:
        head = stream.read(rules.HEADER_WINDOW)
        media_type = _accepted_type(head, accepted)
        chunks = chain([head], iter(partial(stream.read, CHUNK), b""))
        name = rules.display_name(original_name, media_type)
        return _keep_and_record(
            chunks, {"media_type": media_type, "original_name": name, "visitor": visitor, "stored_at": now}
        )
    except TooBigError as error:
        raise UnacceptableDocument("too_big") from error
    except OSError as error:
        if storage_error(error):
            raise
        current_app.logger.exception("an upload could not be stored")
        raise UnacceptableDocument("failed") from error


def remove_unnamed(digests: Iterable[str]) -> None:
    """Remove the files that no row names any more, and the pictures of their pages."""
    with held(alone=True):
        db.session.rollback()  # what was read before the store was held may be out of date
        for digest in digests:
            if not is_named(digest):
                store.delete(digest)
                pages.forget_pages(digest)


def _accepted_type(head: bytes, accepted: frozenset[str]) -> str:
    if not head:
        raise UnacceptableDocument("empty")
    media_type = rules.media_type(head)
    if media_type not in accepted:
        raise UnacceptableDocument("wrong_type")
    return media_type


def _keep_and_record(chunks: Iterator[bytes], facts: dict[str, Any]) -> Document:
    with store.receive(chunks, limit=current_app.config["MAX_DOCUMENT_BYTES"]) as received:
        seen = inspection.glance(received.path)
        if seen.fault and seen.fault != "unreadable":
            raise UnacceptableDocument(seen.fault)
        with held():
            store.put(received)
            document = _record(received, seen, facts)
    pages.want(document.sha256)
    return document


def _record(file: Received, seen: inspection.Inspection, facts: dict[str, Any]) -> Document:
    with transaction() as session:
        document = Document(
            token=new_token(),
            sha256=file.sha256,
            size=file.size,
            inspection=seen.status,
            fault=seen.fault,
            pages=seen.pages,
            findings=list(seen.findings),
            inspections=0 if seen.is_waiting else 1,
            **facts,
        )
        session.add(document)
    return document
