"""What interviewers note."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.interviews.models import Interview
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class InterviewNote(Base):
    """What one member of the staff notes of an interview, for whoever may read the application."""

    __tablename__ = "interview_note"

    interview_id: Mapped[int] = mapped_column(ForeignKey(Interview.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()

    @property
    def seen(self) -> str:
        """Tells what it says now from what it said before: when it was saved."""
        return self.saved_at.isoformat()
