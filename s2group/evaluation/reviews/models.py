"""Rubrics, reviews, what the reviews of an application come to, and who has looked at that early."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Rubric(Base):
    """One version of a route's rubric by which somebody has rated. Never changed: a new wording is a new version."""

    __tablename__ = "rubric"
    __table_args__ = (UniqueConstraint("route_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey(AdmissionRoute.id))
    version: Mapped[int]
    # As in the content file; admissions.rules.rubrics reads it.
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Review(Base):
    """What one reviewer says of one application.

    Until it is submitted it is a draft alone, which nobody but its reviewer sees; a change that is not submitted yet is
    a draft again beside what was.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("application_id", "user_id"),
        CheckConstraint("(submitted_at IS NULL) = (rubric_id IS NULL)", name="submitted_by_a_rubric"),
        CheckConstraint("overall IS NULL OR (submitted_at IS NOT NULL AND NOT abstains)", name="overall_of_marks"),
        # Unique by itself, so that SQLite leaves the join to it out of the plan where nobody asks for it.
        Index(None, "user_id", "application_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    # How often it was saved, by which an older tab is known; and when.
    saves: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What was typed and not submitted, as rules.Rating keeps it.
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # By which the marks below were given.
    rubric_id: Mapped[int | None] = mapped_column(ForeignKey(Rubric.id))
    # By the key of the criterion.
    marks: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # Their weighted mean, from 1 to 5; None where the reviewer abstains.
    overall: Mapped[float | None] = mapped_column(Double)
    abstains: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    # For the reviewer alone, and for all who may see the marks.
    private_note: Mapped[str] = mapped_column(Text, default="")
    shared_note: Mapped[str] = mapped_column(Text, default="")
    user: Mapped[User] = relationship()
    rubric: Mapped[Rubric | None] = relationship()


class ApplicationScore(Base):
    """What the submitted reviews of an application come to; no row where nobody has rated it.

    Written by services whenever one of them changes. Overall marks are from 1 to 5.
    """

    __tablename__ = "application_score"
    __table_args__ = (Index(None, "mean", "application_id"), CheckConstraint("count > 0", name="count_positive"))

    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    count: Mapped[int]
    mean: Mapped[float] = mapped_column(Double)
    median: Mapped[float] = mapped_column(Double)
    # The standard deviation; 0 where there is one review.
    spread: Mapped[float] = mapped_column(Double)
    low: Mapped[float] = mapped_column(Double)
    high: Mapped[float] = mapped_column(Double)


class EarlyLook(Base):
    """Somebody who decides has asked to see the ratings of an application without having rated it."""

    __tablename__ = "early_look"

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, index=True)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
