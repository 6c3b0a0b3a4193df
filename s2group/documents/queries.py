"""Reads of what is known about uploaded files."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, and_, exists, func, select

from s2group.documents.models import Document
from s2group.extensions import db


def document_by_token(token: str) -> Document | None:
    """The document that a form names, or None."""
    return db.session.scalar(select(Document).where(Document.token == token))


def pages_of(sha256: str) -> int | None:
    """How many pages the file has, as far as an inspection has told."""
    return db.session.scalar(select(func.max(Document.pages)).where(Document.sha256 == sha256))


def is_named(sha256: str) -> bool:
    """Whether a document's row names this file."""
    return bool(db.session.scalar(select(exists().where(Document.sha256 == sha256))))


def which_are_named(digests: Sequence[str]) -> set[str]:
    """Those of some hashes that a document's row names."""
    return set(db.session.scalars(select(Document.sha256).where(Document.sha256.in_(digests))))


def least_recently_read(*, limit: int, sound_before: datetime, damaged_before: datetime) -> Sequence[Row[int, str]]:
    """Id and hash of the documents whose files are to be read again: never read ones, damaged ones, the longest ago.

    Leaves out those that were found sound, or damaged, after these moments.
    """
    never, sound = Document.verified_at.is_(None), Document.verified_at <= sound_before
    is_well = Document.damaged_at.is_(None)
    found: list[Row[int, str]] = []
    # A walk along the index for each kind: all of them at once would be sorted first.
    for which, order in (
        (and_(is_well, never), Document.id),
        (Document.damaged_at <= damaged_before, Document.damaged_at),
        (and_(is_well, sound), Document.verified_at),
    ):
        due = select(Document.id, Document.sha256).where(which).order_by(order, Document.id)
        found += db.session.execute(due.limit(limit - len(found))).all()
    return found
