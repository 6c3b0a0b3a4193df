"""Records that an editor has removed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class RemovedRecord(Base):
    """A record as it was when an editor removed it; it goes from here when it is brought back."""

    __tablename__ = "removed_record"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    # The id of its row, under which its history goes on.
    record_id: Mapped[int]
    # As its kind writes it, and the columns that no field says.
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    rest: Mapped[dict[str, Any]] = mapped_column(JSON)
    former_keys: Mapped[list[str]] = mapped_column(JSON)
    # The kind and the key of each record that named it, and the field.
    named_by: Mapped[list[tuple[str, str, str]]] = mapped_column(JSON)
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The id of the record that it became part of, to which its addresses lead meanwhile.
    merged_into: Mapped[int | None]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    actor: Mapped[User] = relationship()
