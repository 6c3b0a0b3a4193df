"""What the group tells the world about itself."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.core.database import UtcDateTime
from s2group.core.localized import Localized, LocalizedList, LocalizedText
from s2group.extensions import Base


class GroupProfile(Base):
    """The group itself: one row."""

    __tablename__ = "group_profile"
    __table_args__ = (CheckConstraint("id = 1", name="one_group"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    short_name: Mapped[str] = mapped_column(String(40))
    seal: Mapped[str] = mapped_column(String(2))
    name: Mapped[LocalizedText] = mapped_column(Localized)
    institution: Mapped[LocalizedText] = mapped_column(Localized)
    claim: Mapped[LocalizedText] = mapped_column(Localized)
    lede: Mapped[LocalizedText] = mapped_column(Localized)
    about: Mapped[LocalizedText] = mapped_column(Localized)
    address: Mapped[LocalizedText] = mapped_column(Localized)
    emails: Mapped[list[str]] = mapped_column(JSON)
    # Where the group was before, and where else it is: {"url": …, "label": {"zh": …, "en": …}}.
    links: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    exchange_cases: Mapped[list[LocalizedText]] = mapped_column(LocalizedList)
    timezone: Mapped[str] = mapped_column(String(40))


class ResearchLine(Base):
    """A direction the group works in."""

    __tablename__ = "research_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    title: Mapped[LocalizedText] = mapped_column(Localized)
    summary: Mapped[LocalizedText] = mapped_column(Localized)


class Partner(Base):
    """An institution the group works with."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[LocalizedText] = mapped_column(Localized)


class Member(Base):
    """A person of the group, present or past."""

    __tablename__ = "member"
    __table_args__ = (CheckConstraint("status IN ('current', 'alumni')", name="status_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    name: Mapped[LocalizedText] = mapped_column(Localized)
    role: Mapped[str] = mapped_column(String(20))
    degree: Mapped[str] = mapped_column(String(20))
    cohort: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10))
    focus: Mapped[LocalizedText] = mapped_column(Localized)
    biography: Mapped[LocalizedText] = mapped_column(Localized)


class Publication(Base):
    """A paper; its words stay in the language it was published in."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_year_position", "year", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    # The order of the BibTeX file; within a year the first comes first.
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    venue: Mapped[str] = mapped_column(Text)
    year: Mapped[int]
    award: Mapped[str] = mapped_column(Text)
    and_others: Mapped[bool]
    # Label to address: paper, arXiv, code, demo.
    links: Mapped[dict[str, str]] = mapped_column(JSON)
    bibtex: Mapped[str] = mapped_column(Text)
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
    member_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id, ondelete="SET NULL"), index=True)
    member: Mapped[Member | None] = relationship()
    publication: Mapped[Publication] = relationship(back_populates="authors")


class Project(Base):
    """A funded project; `start` and `end` are months such as 2025-01, or empty."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    title: Mapped[LocalizedText] = mapped_column(Localized)
    funder: Mapped[LocalizedText] = mapped_column(Localized)
    grant_number: Mapped[str] = mapped_column(String(60))
    start: Mapped[str] = mapped_column(String(7))
    end: Mapped[str] = mapped_column(String(7))
    role: Mapped[str] = mapped_column(String(20))


class NewsItem(Base):
    """A piece of news; a draft until it is published."""

    __tablename__ = "news_item"
    __table_args__ = (Index("ix_news_item_day_id", "day", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    day: Mapped[date]
    title: Mapped[LocalizedText] = mapped_column(Localized)
    body: Mapped[LocalizedText] = mapped_column(Localized)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The random key of the form that made it, so that a form sent twice makes one item.
    form_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
