"""Assignments and conflicts of interest."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Assignment(Base):
    """Somebody shall rate an application."""

    __tablename__ = "assignment"

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, index=True)
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()


class Conflict(Base):
    """Somebody has declared that they must not rate an application. They see nobody's ratings of it either."""

    __tablename__ = "conflict"

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, index=True)
    # In their own words, for those who decide; may be empty.
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()
