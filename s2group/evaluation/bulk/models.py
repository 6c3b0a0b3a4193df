"""What somebody is about to do, or has done, to several applications at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class BulkRun(Base):
    """One thing that is done to applications: planned by a dry run, applied, perhaps undone."""

    __tablename__ = "bulk_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    # That of a BulkAction, and what it was told, such as the state to move to.
    action: Mapped[str] = mapped_column(String(30))
    argument: Mapped[dict[str, str]] = mapped_column(JSON)
    # The search that found the applications; empty where they were ticked.
    search: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    items: Mapped[list["BulkItem"]] = relationship(
        order_by="BulkItem.application_id", cascade="all, delete-orphan", passive_deletes=True
    )


class BulkItem(Base):
    """One application of a run: how it was at the dry run, and once the run was applied."""

    __tablename__ = "bulk_item"

    run_id: Mapped[int] = mapped_column(ForeignKey(BulkRun.id, ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    # None while nothing was changed; of what was skipped for ever.
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
