"""The table of what people said of outcomes."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class OutcomeOverride(Base):
    """What somebody of the staff said that a requirement comes to. Never changed: the newest of a requirement counts.

    Applicants never hear of it.
    """

    __tablename__ = "outcome_override"
    __table_args__ = (
        CheckConstraint("verdict IN ('met', 'not_met', 'unknown')", name="verdict_known"),
        Index("ix_outcome_override_application_id_requirement", "application_id", "requirement", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    # The key of the requirement, which need not be asked any more.
    requirement: Mapped[str] = mapped_column(String(60))
    # None: what the answers come to counts again.
    verdict: Mapped[str | None] = mapped_column(String(8))
    # Empty where the person found what the portal had found, or what it could not know.
    reason: Mapped[str] = mapped_column(Text)
    # What it rests on: overrides.rules.basis_of.
    basis: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
