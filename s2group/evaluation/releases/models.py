"""Releases (not those of software: content.releases has those), and one message for each application in them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class MessageRelease(Base):
    """Messages that go out together: prepared first, then queued, and from `effective_at` on told one by one."""

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("begun_at IS NULL OR effective_at IS NOT NULL", name="begun_when_it_was_queued"),
        Index(None, "done_at", "effective_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Its name in addresses.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    # None as long as it is only prepared, and again once it was taken back.
    effective_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When it was taken back last.
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # From here on it cannot be taken back.
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    actor: Mapped[User] = relationship()
    items: Mapped[list["ReleaseItem"]] = relationship(
        order_by="ReleaseItem.id", back_populates="release", passive_deletes="all"
    )

    @property
    def is_prepared(self) -> bool:
        """Whether nobody has said yet that it shall go."""
        return self.effective_at is None

    @property
    def is_held(self) -> bool:
        """Whether it waits for its time and can be taken back."""
        return self.effective_at is not None and self.begun_at is None


class ReleaseItem(Base):
    """One message to one applicant, and the state that it tells, if any: told together or not at all."""

    __tablename__ = "release_item"
    __table_args__ = (UniqueConstraint("release_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey(MessageRelease.id, ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"), index=True)
    # The state that the applicant is shown with it; None for a message that tells no decision.
    state: Mapped[str | None] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    # As the outbox takes them: [{"sha256": …, "name": …, "title": …}].
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    # Which version of its template it was made from.
    template_version: Mapped[int]
    # Whether somebody wrote this one anew.
    edited: Mapped[bool] = mapped_column(default=False)
    held_back: Mapped[bool] = mapped_column(default=False)
    # rules.Outcome, once it is done with.
    outcome: Mapped[str | None] = mapped_column(String(10))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    release: Mapped[MessageRelease] = relationship(back_populates="items")
    application: Mapped[Application] = relationship()
