"""The table of the generation. Triggers of the database renew it: see the migration that made it."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.extensions import Base


class ContentGeneration(Base):
    """The one row of the generation."""

    __tablename__ = "content_generation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Random, and no number: a restored database has the token of what it holds, and never one of other content.
    token: Mapped[str] = mapped_column(String(36))
