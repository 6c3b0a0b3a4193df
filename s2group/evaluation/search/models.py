"""Searches that staff keep."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.core.database import UtcDateTime
from s2group.core.identifiers import new_token
from s2group.extensions import Base

LONGEST_NAME = 40


class SavedSearch(Base):
    """A search under a name: for its owner, or for all who read applications."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True, default=new_token)
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # As search.rules.writing writes it, with keys for values.
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]
    # In which order its owner has them.
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner: Mapped[User] = relationship()
