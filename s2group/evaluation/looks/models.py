"""The table of what each reader has seen of each application."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.evaluation.looks.rules import Look, Seen
from s2group.extensions import Base


class ApplicationLook(Base):
    """The newest view that somebody of the staff had of an application, and the one before their present visit.

    A help for its reader. That they looked at all, and when first, is an event.
    """

    __tablename__ = "application_look"
    __table_args__ = (Index(None, "user_id", "has_news", "application_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]
    event_id: Mapped[int]
    # Something of rules.NEWS has happened since, and not by this reader. A trigger on events writes it.
    has_news: Mapped[bool] = mapped_column(default=False)
    before_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before_version: Mapped[int | None]
    before_event_id: Mapped[int | None]

    @property
    def look(self) -> Look:
        """What it says, for the rules."""
        seen = Seen(self.at, self.version, self.event_id)
        if self.before_at is None or self.before_version is None or self.before_event_id is None:
            return Look(seen, None)
        return Look(seen, Seen(self.before_at, self.before_version, self.before_event_id))

    def write(self, look: Look) -> None:
        """Have it say this."""
        self.at, self.version, self.event_id = look.seen.at, look.seen.version, look.seen.event_id
        before = look.before
        self.before_at = before.at if before else None
        self.before_version = before.version if before else None
        self.before_event_id = before.event_id if before else None
