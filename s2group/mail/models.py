"""The outbox, one row for each message to each recipient, and how it goes with the server that takes them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.core.database import UtcDateTime
from s2group.extensions import Base


def _recipient_key(context: DefaultExecutionContext) -> str:
    recipient: str = context.get_current_parameters()["recipient"]  # type: ignore[no-untyped-call]
    return recipient.lower()


class OutboxMail(Base):
    """A message on its way to one recipient, and what became of it."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sending', 'accepted', 'written', 'stuck', 'bounced', 'replaced')",
            name="state_known",
        ),
        CheckConstraint("state NOT IN ('accepted', 'bounced') OR accepted_at IS NOT NULL", name="accepted_has_time"),
        CheckConstraint("(state = 'written') = (written_at IS NOT NULL)", name="written_has_time"),
        CheckConstraint("(state = 'replaced') = (replaced_by_id IS NOT NULL)", name="replaced_has_successor"),
        Index("ix_outbox_mail_state_next_attempt_at", "state", "next_attempt_at"),
        Index(None, "recipient_key", "retry_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Kept through every repeat, so that a mail sent twice can be seen to be one.
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    # The folder of its templates, such as "application_received".
    message: Mapped[str] = mapped_column(String(40))
    # What it is about: an application's reference.
    topic: Mapped[str] = mapped_column(String(40), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    # The same in small letters, by which mail to one address is found; it never changes.
    recipient_key: Mapped[str] = mapped_column(String(254), default=_recipient_key)
    # What the headers show; `recipient` alone is whom this row is for.
    to: Mapped[list[str]] = mapped_column(JSON)
    copies: Mapped[list[str]] = mapped_column(JSON)
    reply_to: Mapped[str | None] = mapped_column(String(254))
    # The language it is written in.
    locale: Mapped[str] = mapped_column(String(2), default="zh")
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    # [{"sha256": …, "name": ASCII name of ours}]; the bytes lie in the document store.
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    # A calendar file (RFC 5545) that mail programs take up by themselves.
    calendar: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Patience is counted from here: the creation, or the moment somebody said 'send again'.
    retry_since: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When it became a file, where there is no mail server.
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The mail server's last words: its code and text, or why it could not be reached.
    reply_code: Mapped[int | None]
    reply_text: Mapped[str | None] = mapped_column(Text)
    # What came back by mail after a server had accepted it.
    bounce_text: Mapped[str | None] = mapped_column(Text)
    # The mail to another address that went out in place of this one.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    replaced_by: Mapped["OutboxMail | None"] = relationship(remote_side="OutboxMail.id")

    @property
    def key(self) -> str:
        """Its name in addresses: the Message-ID without its brackets, which nobody can guess."""
        return self.message_id.strip("<>")


class MailServer(Base):
    """How it goes with the mail server: one row, written when it first takes nothing."""

    __tablename__ = "mail_server"
    __table_args__ = (CheckConstraint("state IN ('open', 'down', 'refusing')", name="state_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    # Attempts in a row that it did not take, and when the first of them began.
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    # When one mail is tried again, while no others are.
    next_probe_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Its last words.
    reply_code: Mapped[int | None]
    reply_text: Mapped[str] = mapped_column(Text)
