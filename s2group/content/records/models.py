"""What was said of each record, by whom, and the addresses it once had."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Revision(Base):
    """One state of a record, as its kind writes it."""

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("number > 0", name="counts_from_one"),)

    # The name of the kind, and the id of the row; the numbers go on where a row that was deleted gave its id away.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # By the names of the fields; None where the record was deleted.
    values: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Whose work it is; None for the files and for imports.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # Whether the files said the same, then or since: what they say next may then take its place.
    in_files: Mapped[bool]


class FormerAddress(Base):
    """A key by which a record went before; its address leads on."""

    __tablename__ = "former_address"
    __table_args__ = (Index("ix_former_address_kind_record_id", "kind", "record_id"),)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    record_id: Mapped[int]
