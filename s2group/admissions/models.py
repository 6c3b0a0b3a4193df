"""Calls, routes, versioned requirements, and applications."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import BrowserSession, User
from s2group.admissions.overrides.models import OutcomeOverride
from s2group.audit.models import Event
from s2group.audit.rules import Subject, SubjectKind
from s2group.core.database import UtcDateTime
from s2group.core.localized import Localized, LocalizedList, LocalizedText
from s2group.core.text import LONGEST_KEY
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
    # How much longer than until `closes_at` a draft that was begun before it may be submitted.
    grace_minutes: Mapped[int]
    # Dates to know: [{"at": ISO moment or None, "text": {"zh": …, "en": …}}].
    timeline: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # [{"question": {"zh": …, "en": …}, "answer": {…}}]
    questions_answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # Whom to ask, in Markdown.
    contact: Mapped[LocalizedText] = mapped_column(Localized)
    # What the data are used for.
    purpose: Mapped[LocalizedText] = mapped_column(Localized)
    # Days after the call has closed, or after the last move where that is later: until then an application is kept,
    # and the files of one that was declined or withdrawn, or whose offer was not taken.
    retention_days: Mapped[int]
    files_retention_days: Mapped[int]
    # Whether a reviewer sees what others gave only after rating; whether reviewers are not told whom they read.
    hide_ratings: Mapped[bool] = mapped_column(default=True)
    blind: Mapped[bool] = mapped_column(default=False)
    routes: Mapped[list["AdmissionRoute"]] = relationship(order_by="AdmissionRoute.position", back_populates="call")

    @property
    def subject(self) -> Subject:
        """What events about it are about."""
        return Subject(SubjectKind.CALL, self.key)


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
    # How many can be admitted, where that is known; whether the group says that they are taken (已招满).
    places: Mapped[int | None]
    filled: Mapped[bool] = mapped_column(default=False)
    # Which fields, documents and questions of its own it asks; admissions.rules.route_form reads it.
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    # By what its applications are rated; admissions.rules.rubrics reads it. Empty: by the standard there.
    rubric: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    call: Mapped[Call] = relationship(back_populates="routes")
    requirement_sets: Mapped[list["RequirementSet"]] = relationship(
        order_by="RequirementSet.version.desc()", back_populates="route"
    )

    @property
    def route_id(self) -> int:
        """Its id, by the name that everything has it by which belongs to a route."""
        return self.id

    @property
    def subject(self) -> Subject:
        """What events about it are about."""
        return Subject(SubjectKind.ROUTE, f"{self.call.key}/{self.key}")


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
        CheckConstraint(
            "state IN ('submitted', 'screening', 'interview', 'waitlist', 'offer', 'accepted', 'refused', 'lapsed', "
            "'declined', 'withdrawn')",
            name="state_known",
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_from IS NOT NULL)", name="withdrawn_from_somewhere"),
        CheckConstraint("version > 0", name="version_positive"),
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
    # How often it was sent: 1, and one more with every change. This row holds the newest version.
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # One more with every change of the address: access that was given before is over.
    access_version: Mapped[int] = mapped_column(default=1)
    # Where it stands, since when; and what the applicant is shown of that, because decisions are released.
    state: Mapped[str] = mapped_column(String(10), default="submitted", index=True)
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_state: Mapped[str] = mapped_column(String(10), default="submitted")
    withdrawn_from: Mapped[str | None] = mapped_column(String(10))
    # What the applicant was shown when they withdrew: they see it again if they take that back.
    withdrawn_shown: Mapped[str | None] = mapped_column(String(10))
    # When its files were removed because they were no longer needed.
    files_removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    route: Mapped[AdmissionRoute] = relationship()
    requirement_set: Mapped[RequirementSet] = relationship()
    # Those of the newest version.
    documents: Mapped[list["ApplicationDocument"]] = relationship(
        primaryjoin="and_(Application.id == ApplicationDocument.application_id, ApplicationDocument.until.is_(None))",
        order_by="ApplicationDocument.kind",
        viewonly=True,
    )
    all_documents: Mapped[list["ApplicationDocument"]] = relationship(back_populates="application")
    former_versions: Mapped[list["FormerVersion"]] = relationship(
        order_by="FormerVersion.number", back_populates="application"
    )
    referees: Mapped[list["Referee"]] = relationship(order_by="Referee.position", back_populates="application")
    document_requests: Mapped[list["DocumentRequest"]] = relationship(
        order_by="DocumentRequest.id", back_populates="application"
    )
    facts: Mapped["ApplicationFacts"] = relationship(back_populates="application")
    # What people said of its outcomes, oldest first. Written by overrides.services.
    overrides: Mapped[list[OutcomeOverride]] = relationship(order_by=OutcomeOverride.id, viewonly=True)
    # What happened to it. Written by audit.services, and gone with the application by the database itself.
    events: Mapped[list[Event]] = relationship(order_by=Event.id, viewonly=True)

    @property
    def subject(self) -> Subject:
        """What events about it are about."""
        return Subject(SubjectKind.APPLICATION, self.reference, self.id)

    @property
    def answer_due_at(self) -> datetime:
        """Until when the group has promised an answer."""
        return self.submitted_at + timedelta(days=self.route.call.answer_days)


# Before the kind of a document that is asked for again: a question may have the same name.
AGAIN = "file:"
SORTED_BY = (
    "cet4", "cet6", "ielts", "toefl", "rank_percent", "gpa_percent", "papers", "not_met", "preferred_not_met",
    "required_unknown", "preferred_unknown", "repositories", "state", "route_id", "changed_at", "state_at",
    "university_key", "name_key",
)  # fmt: skip


class ApplicationFacts(Base):
    """What lists, counts and searches ask of an application, one indexed row for each.

    All of it is said elsewhere: in `application`, its answers and its outcomes. `admissions.facts` writes it.
    """

    __tablename__ = "application_facts"
    __table_args__ = (
        Index(None, "submitted_at", "application_id"),
        Index(None, "state", "submitted_at", "application_id"),
        Index(None, "route_id", "submitted_at", "application_id"),
        Index(None, "route_id", "state"),
        Index(None, "route_id", "shown_state"),
        Index(None, "name_key", "university_key"),
        # What is decided and not yet told.
        Index(None, "state", "shown_state", "application_id"),
        # Whether all is met.
        Index(
            "ix_application_facts_all_met",
            "required_not_met",
            "required_unknown",
            "preferred_not_met",
            "preferred_unknown",
            "application_id",
        ),
        # What lists are filtered and sorted by.
        *(Index(None, name, "application_id") for name in SORTED_BY),
        # Many lists by this day are long passed before they come to one in the state that is asked for.
        Index(None, "answer_due_at", "application_id", "state"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id), primary_key=True, autoincrement=False)
    route_id: Mapped[int] = mapped_column(ForeignKey(AdmissionRoute.id))
    state: Mapped[str] = mapped_column(String(10))
    shown_state: Mapped[str] = mapped_column(String(10))
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Scores as they were given; TOEFL on either of its scales, of which the newer ends at 6.
    cet4: Mapped[int | None]
    cet6: Mapped[int | None]
    ielts: Mapped[float | None] = mapped_column(Double)
    toefl: Mapped[float | None] = mapped_column(Double)
    # The rank in the cohort, and the GPA of the most that its scale gives, in percent.
    rank_percent: Mapped[float | None] = mapped_column(Double)
    gpa_percent: Mapped[float | None] = mapped_column(Double)
    # How many are listed; None where nobody asked.
    papers: Mapped[int | None]
    # How many requirements came out how.
    met: Mapped[int]
    not_met: Mapped[int]
    unknown: Mapped[int]
    # How many required ones, those that applying needs among them, and how many preferred ones are not met or unknown.
    required_not_met: Mapped[int]
    required_unknown: Mapped[int]
    preferred_not_met: Mapped[int]
    preferred_unknown: Mapped[int]
    # How many links to code or works; None where nobody asked.
    repositories: Mapped[int | None]
    locale: Mapped[str] = mapped_column(String(2))
    version: Mapped[int]
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # By when the group has promised an answer; None once the applicant is shown one.
    answer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    university: Mapped[str] = mapped_column(Text)
    # As core.text.comparable makes them; None where nothing was said.
    name_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    email_key: Mapped[str] = mapped_column(String(LONGEST_KEY), index=True)
    phone_key: Mapped[str | None] = mapped_column(String(LONGEST_KEY), index=True)
    university_key: Mapped[str | None] = mapped_column(String(LONGEST_KEY))
    application: Mapped[Application] = relationship(back_populates="facts")
    outcomes: Mapped[list["ApplicationOutcome"]] = relationship(
        primaryjoin="ApplicationFacts.application_id == foreign(ApplicationOutcome.application_id)", viewonly=True
    )
    # Those of the newest version.
    documents: Mapped[list["ApplicationDocument"]] = relationship(
        primaryjoin="and_(ApplicationFacts.application_id == foreign(ApplicationDocument.application_id), "
        "ApplicationDocument.until.is_(None))",
        viewonly=True,
    )
    referees: Mapped[list["Referee"]] = relationship(
        primaryjoin="ApplicationFacts.application_id == foreign(Referee.application_id)", viewonly=True
    )


class Upkeep(Base):
    """One row: by which version of their rules the facts and words of all applications were made."""

    __tablename__ = "upkeep"
    ONLY: ClassVar[int] = 1

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # As admissions.upkeep tells it.
    made_by: Mapped[str] = mapped_column(String(64))


class ApplicationOutcome(Base):
    """How one requirement came out for an application, for searches; part of its facts."""

    __tablename__ = "application_outcome"
    __table_args__ = (
        CheckConstraint("verdict IN ('met', 'not_met', 'unknown')", name="verdict_known"),
        Index(None, "requirement", "verdict", "application_id"),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey(Application.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    requirement: Mapped[str] = mapped_column(String(60), primary_key=True)
    # Whether it is more than preferred.
    required: Mapped[bool]
    verdict: Mapped[str] = mapped_column(String(10))


class ApplicationDocument(Base):
    """Which document is an application's résumé, which its transcript, and in which of its versions."""

    __tablename__ = "application_document"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > since", name="until_after_since"),
        Index(None, "kind", "until", "application_id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    # The version that it came with, and the first one without it; None while it belongs to the newest.
    since: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[int | None]
    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id), unique=True)
    application: Mapped[Application] = relationship(back_populates="all_documents")
    document: Mapped[Document] = relationship()


class FormerVersion(Base):
    """What an application said before it was changed, and how it was judged then. Never changed."""

    __tablename__ = "former_version"

    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    form_key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcomes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    requirement_set_id: Mapped[int] = mapped_column(ForeignKey(RequirementSet.id))
    consent_version: Mapped[str] = mapped_column(String(20))
    # When this version came.
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship(back_populates="former_versions")


class Draft(Base):
    """An application that is being filled in, or a change of one that was sent; whoever has the address has it."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint("locale IN ('zh', 'en')", name="locale_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    route_id: Mapped[int] = mapped_column(ForeignKey(AdmissionRoute.id))
    # The application that it will change.
    application_id: Mapped[int | None] = mapped_column(ForeignKey(Application.id), index=True)
    locale: Mapped[str] = mapped_column(String(2))
    # Where the link to continue goes, in small letters; empty until it was given.
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What was typed and is no answer yet, by the name of its question: the inputs of the page with their texts.
    unfinished: Mapped[dict[str, dict[str, list[str]]]] = mapped_column(JSON, default=dict)
    # How often each topic was saved, by which an older tab is known.
    saves: Mapped[dict[str, int]] = mapped_column(JSON)
    # The kinds of document of the application that the change takes away.
    removed: Mapped[list[str]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Until when the group lets it be sent, whatever becomes of its call; see Extension.
    extended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    route: Mapped[AdmissionRoute] = relationship()
    application: Mapped[Application | None] = relationship()
    documents: Mapped[list["DraftDocument"]] = relationship(order_by="DraftDocument.kind", back_populates="draft")


class Extension(Base):
    """One person may apply to a route that takes nobody else any more. What is theirs is a draft like any other."""

    __tablename__ = "extension"
    __table_args__ = (UniqueConstraint("route_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey(AdmissionRoute.id, ondelete="CASCADE"))
    # In small letters, as that of a draft.
    email: Mapped[str] = mapped_column(String(254))
    # The same as it was typed, and the language in which they are written to.
    address: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # From when on they know and may, and whether that was mailed.
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_told: Mapped[bool]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    route: Mapped[AdmissionRoute] = relationship()


class DraftDocument(Base):
    """A file that was uploaded for a draft."""

    __tablename__ = "draft_document"

    draft_id: Mapped[int] = mapped_column(ForeignKey(Draft.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id), unique=True)
    draft: Mapped[Draft] = relationship(back_populates="documents")
    document: Mapped[Document] = relationship()


class Referee(Base):
    """Somebody who was asked for a letter about an applicant; the applicant never sees the letter."""

    __tablename__ = "referee"
    __table_args__ = (UniqueConstraint("application_id", "position"), Index(None, "received_at", "application_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    # What they are: "professor, Example University".
    title: Mapped[str] = mapped_column(String(100))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the letter came after it was due.
    late: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[int | None] = mapped_column(ForeignKey(Document.id), unique=True)
    application: Mapped[Application] = relationship(back_populates="referees")
    document: Mapped[Document | None] = relationship()


class DocumentRequest(Base):
    """What the group asks of an applicant: a further document, or one answer or document of the application once more.

    A further document comes as one of kind `requested_<id>`; whatever is asked for again makes a new version.
    """

    __tablename__ = "document_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id), index=True)
    # What is asked for again: the name of its question, or for a document AGAIN and its kind. None: a further document.
    question: Mapped[str | None] = mapped_column(String(50))
    # What is asked, or why, in the words of whoever asked.
    text: Mapped[str] = mapped_column(Text)
    # A further document may come later too; what is asked for again is taken until then, and has such a day.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # From when on the applicant knows; until then nobody was asked.
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship(back_populates="document_requests")

    @property
    def kind(self) -> str:
        """The kind of document that answers it."""
        return self.question.removeprefix(AGAIN) if self.question else f"requested_{self.id}"

    def is_told(self, now: datetime) -> bool:
        """Whether its applicant has been asked, or was before it was taken back."""
        return self.told_at <= (self.taken_back_at or now)

    def is_open(self, now: datetime) -> bool:
        """Whether an answer is waited for and would be taken, as far as the application allows."""
        is_over = self.question is not None and self.due_at is not None and self.due_at < now
        return self.told_at <= now and not (self.answered_at or self.taken_back_at or is_over)


class ApplicationAccess(Base):
    """A browser may change an application: it sent it, or somebody used a link there."""

    __tablename__ = "application_access"

    session_id: Mapped[int] = mapped_column(ForeignKey(BrowserSession.id, ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id), primary_key=True, index=True)
    # That of the application when the access was given; it holds as long as they are the same.
    access_version: Mapped[int]
