"""The table of events. Triggers of the database keep it append-only: see the migration that made it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.audit.rules import Details, read_details
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Event(Base):
    """Something that happened: never changed, and gone only together with the application that it belongs to."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_application_id_kind_at", "application_id", "kind", "at"),
        Index("ix_event_subject_kind_subject_key", "subject_kind", "subject_key"),
        # For the audit log: all, by whom, and of which kind, each in the order of time.
        Index(None, "at", "id"),
        Index(None, "actor_id", "at", "id"),
        Index(None, "kind", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Who of the staff did it; None where it was an applicant, a referee, the worker, or the operator by a command.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_key: Mapped[str] = mapped_column(String(120))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    # As JSON; `details` reads it.
    stored: Mapped[dict[str, Any]] = mapped_column("details", JSON)
    # The request that did it, as the lines of the log call it; None for a command or the worker.
    request_id: Mapped[str | None] = mapped_column(String(64))

    @property
    def details(self) -> Details:
        """What is kept of it, by its kind."""
        return read_details(self.kind, self.stored)
