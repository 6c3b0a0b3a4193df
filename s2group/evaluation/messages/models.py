"""The table of templates; one that nobody has changed has no row."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.accounts.models import User
from s2group.core.database import UtcDateTime
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base


class MessageTemplate(Base):
    """What a mail of this kind says, in both languages, with merge fields."""

    __tablename__ = "message_template"
    __table_args__ = (CheckConstraint("version > 0", name="version_positive"),)

    # The state that it tells, or FREE for a message without a decision.
    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[LocalizedText] = mapped_column(Localized)
    text: Mapped[LocalizedText] = mapped_column(Localized)
    # Counts the changes; the words that the portal came with are version 0.
    version: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(ForeignKey(User.id))
