"""Comments on applications, and whom each mentions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.core.identifiers import new_token
from s2group.extensions import Base


class Comment(Base):
    """What somebody of the staff said about an application to all who read it."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "application_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True, default=new_token)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[User] = relationship()
    application: Mapped[Application] = relationship()
    mentions: Mapped[list["Mention"]] = relationship(
        order_by="Mention.user_id", back_populates="comment", cascade="all, delete-orphan", passive_deletes=True
    )


class Mention(Base):
    """That a comment is addressed to a colleague."""

    __tablename__ = "mention"
    __table_args__ = (Index(None, "user_id", "seen_at"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey(Comment.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, autoincrement=False)
    # When the colleague had the discussion before them; None while it waits for them.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the next daily mail tells of it.
    for_digest: Mapped[bool]
    comment: Mapped[Comment] = relationship(back_populates="mentions")
    user: Mapped[User] = relationship()
