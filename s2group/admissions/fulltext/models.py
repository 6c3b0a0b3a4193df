"""The words of applications, as the index reads them."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from s2group.admissions.models import Application
from s2group.extensions import Base

# What a database keeps of these words to find them by: tables without a model, written by triggers alone.
INDEX = "search_index"


class ApplicationText(Base):
    """The words of one application as rules.indexed cuts them; triggers take every change into the index."""

    __tablename__ = "application_text"

    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(Text)
    university: Mapped[str] = mapped_column(Text)
    answers: Mapped[str] = mapped_column(Text)
    # What the documents of the newest version say.
    documents: Mapped[str] = mapped_column(Text, default="")
    # Of what the first three were made, as rules.digest sums it up.
    made_of: Mapped[str] = mapped_column(String(64))
    # Which documents the fourth was made of, by their ids; None while the worker has still to read them.
    documents_read: Mapped[str | None] = mapped_column(Text, index=True)
