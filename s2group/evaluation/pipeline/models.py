"""What the staff keep to themselves of a decision."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Decision(Base):
    """The last decision about an application: who made it, when, and why. The applicant never sees it.

    It is pending as long as `Application.state` is not what the applicant is shown.
    """

    __tablename__ = "decision"

    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    note: Mapped[str] = mapped_column(Text, default="")
    # Why there are more offers than places, where there were when it was made.
    over_places_reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[User | None] = relationship()

    @property
    def seen(self) -> str:
        """Tells what it says now from what it said before: when it was made."""
        return self.at.isoformat()
