"""What the group has published."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import Member
from s2group.content.pictures.models import Picture
from s2group.core.database import link_table
from s2group.extensions import Base

publication_area = link_table("publication_line", publication_id="publication", line_id="research_line")


class Venue(Base):
    """A journal or conference, and how the lists rank it."""

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What stands on the badge, such as ICASSP.
    short_name: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(Text)
    # Other spellings by which a paper may name it.
    aliases: Mapped[list[str]] = mapped_column(JSON)
    # 'A', 'B', 'C' of the CCF and CAAI lists, 'Q1' … 'Q4' of the JCR; empty where it is not listed.
    ccf: Mapped[str] = mapped_column(String(2))
    caai: Mapped[str] = mapped_column(String(2))
    jcr: Mapped[str] = mapped_column(String(2))


class Publication(Base):
    """A paper; its words stay in the language it was published in."""

    __tablename__ = "publication"
    __table_args__ = (
        Index("ix_publication_year_position", "year", "position"),
        CheckConstraint("source IN ('files', 'bibtex', 'homepage')", name="source_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    # The order of the BibTeX file; within a year the first comes first.
    position: Mapped[int]
    # 'article', 'inproceedings', 'preprint', 'thesis', 'book', 'patent', 'dataset', 'software', 'misc'.
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    # content.records.rules.title_key of it: two records with one of these are one paper.
    title_key: Mapped[str] = mapped_column(Text, index=True)
    # As the paper names it; the badge is the venue's short name where the table knows it.
    venue: Mapped[str] = mapped_column(Text)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey(Venue.id, ondelete="SET NULL"), index=True)
    # 0 where nobody says it: such papers come last.
    year: Mapped[int]
    award: Mapped[str] = mapped_column(Text)
    abstract: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    # What came of it: lines of Markdown.
    impact: Mapped[list[str]] = mapped_column(JSON)
    # '10.1109/…' and '2105.02446', without prefix and version, or None.
    doi: Mapped[str | None] = mapped_column(String(200), unique=True)
    arxiv: Mapped[str | None] = mapped_column(String(40), unique=True)
    # 'owner/name' on GitHub, or empty.
    repository: Mapped[str] = mapped_column(String(140))
    # What its picture shows, for whoever does not see it.
    teaser_alt: Mapped[str] = mapped_column(Text, default="")
    # For citations; each may be empty.
    volume: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    pages: Mapped[str] = mapped_column(String(40))
    publisher: Mapped[str] = mapped_column(Text)
    and_others: Mapped[bool]
    # Label to address: paper, DOI, arXiv, PDF, code, demo, project, video, poster, slides, dataset.
    links: Mapped[dict[str, str]] = mapped_column(JSON)
    # Whether the content folder holds its PDF, which is then served from here.
    has_pdf: Mapped[bool]
    bibtex: Mapped[str] = mapped_column(Text)
    # Who brought it: loading the files replaces only what came from them.
    source: Mapped[str] = mapped_column(String(10))
    # What imports added to a paper of the files, by column, so that loading them again keeps it.
    additions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Whether no member wrote it as one of the group; queries say where a page needs it.
    elsewhere: Mapped[bool] = query_expression(default_expr=false())
    picture_digest: Mapped[str | None] = mapped_column(ForeignKey(Picture.digest, ondelete="SET NULL"))
    picture: Mapped[Picture | None] = relationship()
    # Every page that names a paper shows its badge.
    venue_row: Mapped[Venue | None] = relationship(lazy="joined")
    areas: Mapped[list[ResearchArea]] = relationship(secondary=publication_area, order_by=ResearchArea.position)
    authors: Mapped[list["Authorship"]] = relationship(
        order_by="Authorship.position", cascade="all, delete-orphan", back_populates="publication"
    )


class Authorship(Base):
    """One author of one paper, tied to a member of the group where it is one."""

    __tablename__ = "authorship"

    publication_id: Mapped[int] = mapped_column(ForeignKey(Publication.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    equal: Mapped[bool]
    corresponding: Mapped[bool]
    # Somebody else who bears the name of a member.
    namesake: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id, ondelete="SET NULL"), index=True)
    member: Mapped[Member | None] = relationship()
    publication: Mapped[Publication] = relationship(back_populates="authors")
