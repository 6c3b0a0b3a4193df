"""What was removed on purpose."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.accounts.models import User
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Deletion(Base):
    """That an application and its files were removed, and why; nothing of what they said."""

    __tablename__ = "deletion"
    __table_args__ = (CheckConstraint("reason IN ('retention', 'request')", name="reason_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reference: Mapped[str] = mapped_column(String(19), unique=True)
    reason: Mapped[str] = mapped_column(String(10))
    # Who of the staff did it; nobody where the retention period did.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
