"""The one table of links."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Link(Base):
    """A link that was mailed or shown once. Only the hash of its token is kept."""

    __tablename__ = "link"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_after_it_was_made"),
        Index("ix_link_subject_purpose", "subject", "purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # rules.Purpose
    purpose: Mapped[str] = mapped_column(String(20))
    # What it leads to: a key or an id, of which kind says rules.Purpose. Whoever removes that removes its links.
    subject: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # When it was followed last.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
