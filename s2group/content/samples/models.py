"""Recordings to be heard."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.content.group.models import ResearchArea
from s2group.content.publications.models import Publication
from s2group.core.database import link_table
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base

sample_publication = link_table("sample_publication", sample_id="sound_sample", publication_id="publication")
sample_area = link_table("sample_line", sample_id="sound_sample", line_id="research_line")


class Sample(Base):
    """A recording, with its words for those who cannot hear it."""

    __tablename__ = "sound_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    title: Mapped[LocalizedText] = mapped_column(Localized)
    # Where it lies below the folder of sounds.
    file: Mapped[str] = mapped_column(String(200))
    # Of the file that was loaded last: its hash, and for how long it plays.
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    seconds: Mapped[int] = mapped_column(default=0)
    transcript: Mapped[LocalizedText] = mapped_column(Localized)
    # Who is heard.
    speaker: Mapped[LocalizedText] = mapped_column(Localized)
    licence: Mapped[str] = mapped_column(String(60))
    publications: Mapped[list[Publication]] = relationship(
        secondary=sample_publication, order_by=(Publication.year.desc(), Publication.position)
    )
    areas: Mapped[list[ResearchArea]] = relationship(secondary=sample_area, order_by=ResearchArea.position)
