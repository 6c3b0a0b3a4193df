"""Tags, and which application has which."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from s2group.accounts.models import User, names
from s2group.admissions.models import Application
from s2group.audit.rules import Subject, SubjectKind
from s2group.core.database import UtcDateTime
from s2group.core.identifiers import new_token
from s2group.core.text import LONGEST_KEY
from s2group.evaluation.tags.rules import LONGEST_NAME, LONGEST_QUERY, Colour
from s2group.extensions import Base

SHARED = text("owner_id IS NULL AND removed_at IS NULL")
PRIVATE = text("owner_id IS NOT NULL AND removed_at IS NULL")


class Tag(Base):
    """A word that staff put on applications: all see it, or its owner alone."""

    __tablename__ = "tag"
    __table_args__ = (
        CheckConstraint(f"colour IN ({names(Colour)})", name="colour_known"),
        Index("uq_tag_shared_name", "name_key", unique=True, sqlite_where=SHARED, postgresql_where=SHARED),
        Index("uq_tag_private_name", "owner_id", "name_key", unique=True, sqlite_where=PRIVATE,
              postgresql_where=PRIVATE),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True, default=new_token)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # As core.text.comparable makes it: capitals and width make no other tag.
    name_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    colour: Mapped[str] = mapped_column(String(10))
    # Who alone sees it; None for one that all share.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    # The search that says which applications have it, by keys; None for one that people put on applications.
    query: Mapped[str | None] = mapped_column(String(LONGEST_QUERY))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Nobody sees it from then on, until somebody brings it back.
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    @property
    def is_private(self) -> bool:
        """Whether its owner alone sees it."""
        return self.owner_id is not None

    @property
    def is_automatic(self) -> bool:
        """Whether a search says where it is, and nobody puts it anywhere."""
        return self.query is not None

    @property
    def subject(self) -> Subject:
        """What events about it are about."""
        return Subject(SubjectKind.TAG, str(self.id))


class Tagging(Base):
    """That an application has a tag."""

    __tablename__ = "tagging"

    tag_id: Mapped[int] = mapped_column(ForeignKey(Tag.id, ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
