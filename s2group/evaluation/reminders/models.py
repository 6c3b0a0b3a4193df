"""Who was reminded of what."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class AnswerReminder(Base):
    """Somebody of the staff was told that the answer to an application is due soon: once, and not again."""

    __tablename__ = "answer_reminder"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
