"""The members who may propose, and what waits for an editor."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.content.people.models import Member
from s2group.core.database import UtcDateTime
from s2group.core.localized import Locale
from s2group.core.text import LONGEST_EMAIL
from s2group.extensions import Base


class Contributor(Base):
    """A member whom an editor has asked to keep their profile: where and in which language they are written to."""

    __tablename__ = "contributor"
    __table_args__ = (CheckConstraint("locale IN ('zh', 'en')", name="locale_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # What their links lead to.
    key: Mapped[str] = mapped_column(String(32), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    locale: Mapped[Locale] = mapped_column(String(2))
    # Who hears of what they propose.
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    member: Mapped[Member] = relationship()


class Proposal(Base):
    """What a member wants the public record to say. It goes when an editor has decided."""

    __tablename__ = "proposal"
    __table_args__ = (CheckConstraint("kind IN ('member', 'news', 'publication')", name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contributor_id: Mapped[int] = mapped_column(ForeignKey("contributor.id", ondelete="CASCADE"), index=True)
    # rules.ProposalKind
    kind: Mapped[str] = mapped_column(String(20))
    # As JSON, by the names of fields: of a profile those that are to change alone.
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What these fields of a profile said then; of anything else nothing.
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    contributor: Mapped[Contributor] = relationship()
