"""Replies, and the files that came with them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import UtcDateTime
from s2group.documents.models import Document
from s2group.extensions import Base


class Reply(Base):
    """A mail from outside that belongs to an application, as text."""

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("application_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Its name in addresses.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"))
    # A hash of its Message-ID, by which the same mail is known; mail.incoming makes it.
    mark: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    # The words of sender, subject, text and names of files, as fulltext.rules cuts them; None until they are cut.
    words: Mapped[str | None] = mapped_column(Text)
    # What came with it and is no PDF, JPEG or PNG, by its names: it was not kept.
    left_out: Mapped[list[str]] = mapped_column(JSON)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    # Whether a person has said that it belongs to this application. Before, nobody but the mail desk shows it.
    confirmed: Mapped[bool]
    application: Mapped[Application] = relationship()
    files: Mapped[list["ReplyDocument"]] = relationship(order_by="ReplyDocument.position", passive_deletes="all")


class ReplyDocument(Base):
    """A file that came with a reply."""

    __tablename__ = "reply_document"

    reply_id: Mapped[int] = mapped_column(ForeignKey(Reply.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id), unique=True)
    # The words of what it says, cut like those of the reply; None until the worker has read it.
    words: Mapped[str | None] = mapped_column(Text)
    document: Mapped[Document] = relationship()
