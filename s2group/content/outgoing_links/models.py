"""Links that did not answer when they were asked last."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.content.outgoing_links.rules import LONGEST
from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class FailingLink(Base):
    """A link that leads nowhere; it goes from here when it answers, or when nothing names it any more."""

    __tablename__ = "failing_link"

    url: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    # A rules.LinkFault, and the status of the answer, 0 without one.
    fault: Mapped[str] = mapped_column(String(20))
    status: Mapped[int]
    failed_first: Mapped[datetime] = mapped_column(UtcDateTime)
    failed_last: Mapped[datetime] = mapped_column(UtcDateTime)
