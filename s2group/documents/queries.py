"""Reads of what is known about uploaded files."""

from sqlalchemy import select

from s2group.documents.models import Document
from s2group.extensions import db


def document_by_token(token: str) -> Document | None:
    """The document that a form names, or None."""
    return db.session.scalar(select(Document).where(Document.token == token))
