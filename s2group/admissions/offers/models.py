"""Until when an offer is answered, and who waits for a place in which order."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.admissions.models import AdmissionRoute, Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Offer(Base):
    """Until when an applicant answers an offer: one that is shown, or one that is to be shown."""

    __tablename__ = "offer"

    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # It lapses then; None where it waits for ever.
    answer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Another last moment for an offer that is shown, which holds from `told_at` on, when its applicant is told of it.
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # None where no other one is held.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    application: Mapped[Application] = relationship()


class WaitlistPlace(Base):
    """Where somebody stands, or stood, among those of a route who wait for a place.

    Only those whose application is in the state `waitlist` are on the list. The others keep their rank for the case
    that what took them off is undone: nobody else ever gets it.
    """

    __tablename__ = "waitlist_place"
    __table_args__ = (UniqueConstraint("route_id", "rank"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    route_id: Mapped[int] = mapped_column(ForeignKey(AdmissionRoute.id))
    # The smaller, the earlier; with gaps.
    rank: Mapped[int]
