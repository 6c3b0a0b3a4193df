"""Reads of the files of the public record."""

from collections.abc import Mapping

from sqlalchemy import select

from s2group.content.pictures.models import Picture
from s2group.content.pictures.rules import UPLOADS
from s2group.content.publications.models import Publication
from s2group.content.samples.models import Sample
from s2group.content.stored_files.models import ContentFile
from s2group.documents.models import Document
from s2group.extensions import db


def stored_hashes() -> Mapping[str, str]:
    """The SHA-256 of each file that is in the store, by its path."""
    statement = select(ContentFile.path, Document.sha256).join(Document, Document.id == ContentFile.document_id)
    return dict(db.session.execute(statement).all())


def shown_files() -> dict[str, str | None]:
    """The paths of the files that pages show: papers, and pictures and sounds with their SHA-256."""
    pictures = db.session.execute(select(Picture.path, Picture.digest))
    sounds = db.session.execute(select(Sample.file, Sample.sha256))
    keys = db.session.scalars(select(Publication.key).where(Publication.has_pdf))
    looked_at = {picture_path(path): digest for path, digest in pictures} | {
        sound_path(path): sha256 for path, sha256 in sounds
    }
    return looked_at | {paper_path(key): None for key in keys}


def paper_of(key: str) -> Document | None:
    """The PDF of the paper with this key, or None."""
    found = select(Document).join(ContentFile, ContentFile.document_id == Document.id)
    return db.session.scalar(found.where(ContentFile.path == paper_path(key)))


def picture_path(path: str) -> str:
    """Where the picture lies whose path below pictures/ this is."""
    return f"pictures/{path}"


def is_uploaded_file(path: str) -> bool:
    """Whether an editor has sent the file that lies here."""
    return path.startswith(picture_path(UPLOADS))


def sound_path(path: str) -> str:
    """Where the sound lies whose path below sounds/ this is."""
    return f"sounds/{path}"


def paper_path(key: str) -> str:
    """Where the PDF of the paper with this key lies."""
    return f"papers/{key}.pdf"
