"""What is new in the group."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.content.people.models import Member
from s2group.content.pictures.models import Picture
from s2group.content.publications.models import Publication
from s2group.core.database import UtcDateTime, link_table
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base

news_member = link_table("news_member", news_id="news_item", member_id="member")
news_publication = link_table("news_publication", news_id="news_item", publication_id="publication")


class NewsItem(Base):
    """A piece of news; a draft until it is published."""

    __tablename__ = "news_item"
    __table_args__ = (
        Index("ix_news_item_day_id", "day", "id"),
        CheckConstraint(
            "category IN ('paper', 'award', 'project', 'activity', 'visit', 'dataset', 'service', 'notice')",
            name="category_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    # The slug it began with: by its address the feed knows the item, whatever address an editor gives it later.
    first_slug: Mapped[str] = mapped_column(String(80), default=lambda row: row.get_current_parameters()["slug"])
    day: Mapped[date]
    # Whether no more than the month of it is known; `day` is then its first.
    month_only: Mapped[bool] = mapped_column(default=False)
    category: Mapped[str] = mapped_column(String(10), default="notice")
    # Whether it stands above all others.
    pinned: Mapped[bool] = mapped_column(default=False)
    title: Mapped[LocalizedText] = mapped_column(Localized)
    body: Mapped[LocalizedText] = mapped_column(Localized)
    # From when on everybody sees it; a moment to come is a plan, None a draft.
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The random key of the form that made it, so that a form sent twice makes one item.
    form_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    members: Mapped[list[Member]] = relationship(secondary=news_member, order_by=Member.position)
    publications: Mapped[list[Publication]] = relationship(
        secondary=news_publication, order_by=(Publication.year.desc(), Publication.position)
    )
    pictures: Mapped[list["NewsPicture"]] = relationship(
        order_by="NewsPicture.position", cascade="all, delete-orphan", back_populates="item"
    )

    @property
    def iso_day(self) -> str:
        """Its day for machines, as ISO 8601 writes it; a month where no more is known."""
        return f"{self.day:%Y-%m}" if self.month_only else self.day.isoformat()

    @property
    def is_draft(self) -> bool:
        """Whether nobody sees it, now or later, until an editor publishes it."""
        return self.published_at is None

    @is_draft.setter
    def is_draft(self, draft: bool) -> None:
        if draft:
            self.published_at = None


class NewsPicture(Base):
    """One picture of a news item's gallery, and what it shows for those who do not see it."""

    __tablename__ = "news_picture"

    news_id: Mapped[int] = mapped_column(ForeignKey(NewsItem.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    picture_digest: Mapped[str] = mapped_column(ForeignKey(Picture.digest, ondelete="CASCADE"), index=True)
    alt: Mapped[LocalizedText] = mapped_column(Localized)
    picture: Mapped[Picture] = relationship()
    item: Mapped[NewsItem] = relationship(back_populates="pictures")
