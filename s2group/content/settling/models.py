"""What editors have settled that no record says."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.extensions import Base


class DistinctPapers(Base):
    """Two papers that look like one and are two, by their keys; the lesser key is the first."""

    __tablename__ = "distinct_papers"

    # Keys, not ids: a paper that is removed and brought back, or loaded anew, keeps its key.
    one_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    other_key: Mapped[str] = mapped_column(String(80), primary_key=True)
