"""Numbers that other services count, kept so that no page has to ask them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.database import UtcDateTime
from s2group.extensions import Base


class Metric(Base):
    """How often a paper is cited, or how many stars a repository has: the last number that a source gave."""

    __tablename__ = "metric"
    __table_args__ = (CheckConstraint("value >= 0", name="value_not_negative"),)

    # 'doi:10.…', 'arxiv:2105.02446' or 'github:owner/name'.
    subject: Mapped[str] = mapped_column(String(220), primary_key=True)
    value: Mapped[int]
    # Who counted, as readers are told: 'OpenAlex', 'Semantic Scholar', 'GitHub'.
    source: Mapped[str] = mapped_column(String(40))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
