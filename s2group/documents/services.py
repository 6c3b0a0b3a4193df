"""Taking in an uploaded file."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from typing import IO, Literal

from flask import current_app

from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.core.trouble import storage_trouble
from s2group.documents import inspection, rules, store
from s2group.documents.models import Document

CHUNK = 64 * 1024
Reason = Literal["empty", "too_big", "wrong_type", "encrypted", "failed"]


class UnacceptableDocument(Exception):  # noqa: N818 - it is an answer, not a fault
    """An upload that is not taken; `reason` says why, and the faces have the words for it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def take_upload(*, stream: IO[bytes], original_name: str, now: datetime) -> Document:
    """Keep an uploaded PDF and record it, within ten seconds of its last byte.

    When this returns, file and row are flushed to the disk. Raises UnacceptableDocument, and OSError where the disk
    is full or refuses. A PDF that no parser can read is taken, and marked as not machine-checked.
    """
    try:
        return _keep_and_record(_chunks_of_pdf(stream), original_name, now)
    except store.TooBigError as error:
        raise UnacceptableDocument("too_big") from error
    except OSError as error:
        if storage_trouble(error):
            raise
        current_app.logger.exception("an upload could not be stored")
        raise UnacceptableDocument("failed") from error


def _chunks_of_pdf(stream: IO[bytes]) -> Iterator[bytes]:
    head = stream.read(rules.HEADER_WINDOW)
    if not head:
        raise UnacceptableDocument("empty")
    if not rules.is_pdf(head):
        raise UnacceptableDocument("wrong_type")
    return chain([head], iter(partial(stream.read, CHUNK), b""))


def _keep_and_record(chunks: Iterator[bytes], original_name: str, now: datetime) -> Document:
    with store.receive(chunks, limit=current_app.config["MAX_DOCUMENT_BYTES"]) as incoming:
        seen = inspection.inspect(incoming.path)
        if seen.encrypted:
            raise UnacceptableDocument("encrypted")
        with store.held():
            incoming.keep()
            return _record(incoming, seen, original_name, now)


def _record(file: store.Incoming, seen: inspection.Inspection, original_name: str, now: datetime) -> Document:
    with transaction() as session:
        document = Document(
            token=new_token(),
            sha256=file.sha256,
            size=file.size,
            original_name=rules.display_name(original_name),
            inspection=seen.status,
            pages=seen.pages,
            findings=list(seen.findings),
            stored_at=now,
        )
        session.add(document)
    return document
