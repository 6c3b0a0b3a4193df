"""What the group has released for others to use."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.content.publications.models import Publication
from s2group.core.database import link_table
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base

release_publication = link_table("release_publication", release_id="released_item", publication_id="publication")


class Release(Base):
    """A dataset, a piece of code, a model or a demo."""

    __tablename__ = "released_item"
    __table_args__ = (CheckConstraint("kind IN ('dataset', 'code', 'model', 'demo')", name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[LocalizedText] = mapped_column(Localized)
    summary: Mapped[LocalizedText] = mapped_column(Localized)
    url: Mapped[str] = mapped_column(String(500))
    # 'owner/name' on GitHub, or empty.
    repository: Mapped[str] = mapped_column(String(140))
    licence: Mapped[str] = mapped_column(String(60))
    year: Mapped[int | None]
    publications: Mapped[list[Publication]] = relationship(
        secondary=release_publication, order_by=(Publication.year.desc(), Publication.position)
    )
