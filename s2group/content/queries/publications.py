"""The papers of the group."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from s2group.content.models import Authorship, Member, Publication
from s2group.extensions import db


def _publications() -> Select[Publication]:
    """Newest year first, each with its authors and who of them is a member."""
    authors = selectinload(Publication.authors).joinedload(Authorship.member)
    return select(Publication).options(authors).order_by(Publication.year.desc(), Publication.position)


def publications() -> Sequence[Publication]:
    """All papers, newest year first."""
    return db.session.scalars(_publications()).all()


def publications_of(member: Member) -> Sequence[Publication]:
    """The papers that `member` is an author of, newest year first."""
    written = select(Authorship.publication_id).where(Authorship.member_id == member.id)
    return db.session.scalars(_publications().where(Publication.id.in_(written))).all()


def publication_by_key(key: str) -> Publication | None:
    """The paper with this BibTeX key."""
    return db.session.scalars(_publications().where(Publication.key == key)).one_or_none()


def bibtex_entries() -> Sequence[str]:
    """The BibTeX of all papers, newest year first."""
    return db.session.scalars(select(Publication.bibtex).order_by(Publication.year.desc(), Publication.position)).all()
