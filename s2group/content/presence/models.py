"""Who was last seen at which page of the editor, for a minute."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.extensions import Base

LONGEST_PAGE = 200


class EditorPresence(Base):
    """An account that has a page open: its path, without the language."""

    __tablename__ = "editor_presence"

    page: Mapped[str] = mapped_column(String(LONGEST_PAGE), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
