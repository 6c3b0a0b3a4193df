"""Hints that somebody has put aside."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class DismissedHint(Base):
    """Somebody has said that they have no conflict with an application, whatever hints at one."""

    __tablename__ = "dismissed_hint"

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
