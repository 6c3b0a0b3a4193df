"""What the search of the public site looks through."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base


class SearchEntry(Base):
    """One public page as the search knows it; made anew whenever the record changes."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Which page: 'member', 'publication', 'project', 'news', 'release', 'sample', 'line', 'page'; and which of them.
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[LocalizedText] = mapped_column(Localized)
    # A line under the title of a result.
    summary: Mapped[LocalizedText] = mapped_column(Localized)
    # Title and text as content.search.rules.searchable writes them.
    title_words: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    # News that is planned is not found before its time; None is visible already.
    visible_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
