"""What is known of each uploaded file; the bytes lie in the store under their SHA-256."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Document(Base):
    """One upload. Two uploads of the same bytes are two documents over one stored file."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("inspection IN ('checked', 'not_machine_checked')", name="inspection_known"),
        Index(None, "damaged_at", "verified_at", "id"),
        Index(None, "inspection", "inspections"),
        Index(None, "visitor", "stored_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Lets a form that comes back with an error name the file it already has.
    token: Mapped[str] = mapped_column(String(40), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    # As the applicant's machine called it: for display only.
    original_name: Mapped[str] = mapped_column(String(255))
    # What the bytes are, whatever their name says: application/pdf, image/jpeg or image/png.
    media_type: Mapped[str] = mapped_column(String(20), default="application/pdf")
    inspection: Mapped[str] = mapped_column(String(20))
    # Why an inspection saw nothing of it: "encrypted", "damaged" or "unreadable". Its owner is asked about it.
    fault: Mapped[str | None] = mapped_column(String(20))
    pages: Mapped[int | None]
    # Whether it says anything that can be searched; None while nobody has read it, or need not.
    has_text: Mapped[bool | None] = mapped_column(index=True)
    # What a reader should know before opening it, such as "javascript" or "attachments".
    findings: Mapped[list[str]] = mapped_column(JSON)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # How often an inspection was tried; 0 is still to be looked at, and one that failed is tried again later.
    inspections: Mapped[int] = mapped_column(default=1)
    # When the stored bytes were last read again and found to have this hash.
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When they were last found to be others, or could not be read; empty while all is well.
    damaged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who brought it, by a hash that says nothing without the secret key; None for whoever works for the group.
    visitor: Mapped[str | None] = mapped_column(String(64))

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has looked into it yet."""
        return self.inspections == 0
