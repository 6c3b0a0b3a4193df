"""What the cross-check of a résumé found."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.evaluation.cross_check.rules import Difference
from s2group.extensions import Base


class CrossCheck(Base):
    """The résumé of one version of an application beside its answers. Goes with its application."""

    __tablename__ = "cross_check"

    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # The version of the application that was looked at.
    version: Mapped[int]
    # Whether the résumé holds text; a scanned page has none.
    has_text: Mapped[bool]
    # As JSON; `differences` reads it.
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # Those that somebody has checked: the field, and what the text said there.
    checked: Mapped[list[list[str]]] = mapped_column(JSON)
    # How many nobody has checked.
    unchecked: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship()

    @property
    def differences(self) -> list[Difference]:
        """Those that nobody has checked yet."""
        found = (Difference.from_dict(each) for each in self.found)
        return [each for each in found if [each.field, each.found] not in self.checked]
