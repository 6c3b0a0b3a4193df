"""Calls, routes, versioned requirements, applications and their history."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.core.database import UtcDateTime
from s2group.core.localized import Localized, LocalizedList, LocalizedText
from s2group.documents.models import Document
from s2group.extensions import Base


class Call(Base):
    """An invitation to apply. Without `closes_at` it stays open (长期有效)."""

    __tablename__ = "call"
    __table_args__ = (CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[LocalizedText] = mapped_column(Localized)
    summary: Mapped[LocalizedText] = mapped_column(Localized)
    notice: Mapped[LocalizedText] = mapped_column(Localized)
    benefits: Mapped[list[LocalizedText]] = mapped_column(LocalizedList)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    timezone: Mapped[str] = mapped_column(String(40))
    # Who receives each application by mail, and who gets a copy.
    recipients: Mapped[list[str]] = mapped_column(JSON)
    copies: Mapped[list[str]] = mapped_column(JSON)
    # The language of the mail to the group.
    mail_locale: Mapped[str] = mapped_column(String(2))
    # Days within which the group answers.
    answer_days: Mapped[int]
    routes: Mapped[list["AdmissionRoute"]] = relationship(order_by="AdmissionRoute.position", back_populates="call")


class AdmissionRoute(Base):
    """One way to be admitted under a call, such as recommended exemption (推免)."""

    __tablename__ = "admission_route"
    __table_args__ = (UniqueConstraint("call_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id))
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[LocalizedText] = mapped_column(Localized)
    # How the subject of the mail to the group begins.
    subject_label: Mapped[LocalizedText] = mapped_column(Localized)
    call: Mapped[Call] = relationship(back_populates="routes")
    requirement_sets: Mapped[list["RequirementSet"]] = relationship(
        order_by="RequirementSet.version.desc()", back_populates="route"
    )


class RequirementSet(Base):
    """One version of a route's requirements. Never changed: a new wording or line is a new version."""

    __tablename__ = "requirement_set"
    __table_args__ = (UniqueConstraint("route_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey(AdmissionRoute.id))
    version: Mapped[int]
    # As in the content file; admissions.rules reads it.
    requirements: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    route: Mapped[AdmissionRoute] = relationship(back_populates="requirement_sets")


class Application(Base):
    """What one applicant sent, and how it was judged then."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("locale IN ('zh', 'en')", name="locale_known"),
        Index("ix_application_submitted_at_id", "submitted_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(19), unique=True)
    # The form's random key: a second post of the same form finds the first one's receipt.
    form_key: Mapped[str] = mapped_column(String(40), unique=True)
    route_id: Mapped[int] = mapped_column(ForeignKey(AdmissionRoute.id))
    requirement_set_id: Mapped[int] = mapped_column(ForeignKey(RequirementSet.id))
    locale: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    # Every other answer, by field name.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The outcome of every requirement at the time of submission.
    outcomes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    consent_version: Mapped[str] = mapped_column(String(20))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    route: Mapped[AdmissionRoute] = relationship()
    requirement_set: Mapped[RequirementSet] = relationship()
    documents: Mapped[list["ApplicationDocument"]] = relationship(back_populates="application")
    history: Mapped[list["HistoryEntry"]] = relationship(order_by="HistoryEntry.id", back_populates="application")


class ApplicationDocument(Base):
    """Which document is an application's résumé, which its transcript."""

    __tablename__ = "application_document"
    __table_args__ = (CheckConstraint("kind IN ('resume', 'transcript')", name="kind_known"),)

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id), unique=True)
    application: Mapped[Application] = relationship(back_populates="documents")
    document: Mapped[Document] = relationship()


class HistoryEntry(Base):
    """Something that happened to an application; never changed, never removed on its own."""

    __tablename__ = "history_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # "submitted", "opened", …
    event: Mapped[str] = mapped_column(String(30))
    # Who did it; nobody of the staff where it was the applicant.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    note: Mapped[str] = mapped_column(Text, default="")
    application: Mapped[Application] = relationship(back_populates="history")
    actor: Mapped[User | None] = relationship()
