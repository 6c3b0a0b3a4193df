"""Sittings and their places."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Sitting(Base):
    """Some applications in the order in which one reader goes through them, which never changes."""

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Stands in addresses.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # The search that it was begun with; empty where it is what waited for the reader.
    search: Mapped[str] = mapped_column(Text)
    # How many places it had when it began: a deletion takes a place away, and the others keep their numbers.
    size: Mapped[int]
    user: Mapped[User] = relationship()


class SittingPlace(Base):
    """The place of an application in a sitting; the first is 1."""

    __tablename__ = "sitting_place"
    __table_args__ = (UniqueConstraint("sitting_id", "application_id"),)

    sitting_id: Mapped[int] = mapped_column(ForeignKey(Sitting.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"), index=True)
