"""Which files go along with which mails."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.core.database import UtcDateTime
from s2group.documents.models import Document
from s2group.extensions import Base


class TemplateFile(Base):
    """A PDF that goes along with each mail of a template in one language. It stays as long as mails carry it."""

    __tablename__ = "template_file"
    __table_args__ = (
        CheckConstraint("locale IN ('zh', 'en')", name="locale_known"),
        Index(None, "template_key", "removed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_key: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(2))
    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id), unique=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    # From when on no new mail carries it.
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document: Mapped[Document] = relationship()
