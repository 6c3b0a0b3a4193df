"""Rounds of interviews, their slots, and the interview of one application in a round."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.rules.states import State
from s2group.core.database import UtcDateTime, link_table
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base


class News(StrEnum):
    """What both sides are told of an interview that the staff have settled."""

    INVITED = "invited"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    REMINDED = "reminded"  # to choose a time; this the applicant alone is told


# No route goes while a round is for it.
round_route = Table(
    "interview_round_route",
    Base.metadata,
    Column("round_id", ForeignKey("interview_round.id", ondelete="CASCADE"), primary_key=True),
    Column("route_id", ForeignKey("admission_route.id"), primary_key=True, index=True),
)
slot_interviewer = link_table("interview_slot_interviewer", slot_id="interview_slot", user_id="user_account")


class InterviewRound(Base):
    """Interviews of the applicants of some routes, for which slots are offered."""

    __tablename__ = "interview_round"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("changes_allowed >= 0", name="changes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Its name in addresses.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[LocalizedText] = mapped_column(Localized)
    # What applicants should know, as plain text.
    text: Mapped[LocalizedText] = mapped_column(Localized)
    # Where it is: a room, or the link of a meeting. A slot may have a place of its own.
    place: Mapped[str] = mapped_column(Text)
    # In which times are typed and shown, beside those of the applicant.
    timezone: Mapped[str] = mapped_column(String(40))
    # How long a slot is, where nothing else is said.
    minutes: Mapped[int]
    # From this moment on applicants choose and change nothing.
    choose_until: Mapped[datetime] = mapped_column(UtcDateTime)
    # How often an applicant may take another slot than the one they chose first.
    changes_allowed: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    routes: Mapped[list[AdmissionRoute]] = relationship(secondary=round_route, order_by=AdmissionRoute.position)
    slots: Mapped[list["InterviewSlot"]] = relationship(
        order_by="(InterviewSlot.starts_at, InterviewSlot.id)", back_populates="round"
    )
    interviews: Mapped[list["Interview"]] = relationship(order_by="Interview.id", back_populates="round")


class InterviewSlot(Base):
    """A time at which one applicant can be interviewed."""

    __tablename__ = "interview_slot"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        Index(None, "round_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(InterviewRound.id))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # In place of that of the round; empty where it is the same.
    place: Mapped[str] = mapped_column(Text)
    # Whether applicants may choose it; the staff may give it to somebody all the same.
    is_open: Mapped[bool]
    round: Mapped[InterviewRound] = relationship(back_populates="slots")
    interviewers: Mapped[list[User]] = relationship(secondary=slot_interviewer, order_by=User.id)
    interview: Mapped["Interview | None"] = relationship(back_populates="slot")
    change: Mapped["InterviewChange | None"] = relationship(back_populates="slot")

    @property
    def where(self) -> str:
        """Its own place, or that of the round."""
        return self.place or self.round.place

    @property
    def holder(self) -> "Interview | None":
        """Whose it is, or is about to be: nobody else gets it."""
        return self.interview or (self.change.interview if self.change else None)

    @property
    def is_place(self) -> bool:
        """Whether it counts as a place: not where it takes that of another slot once this is told."""
        return self.change is None or not self.change.replaces_slot

    @property
    def is_taken(self) -> bool:
        """Whether it counts as taken: of two that are kept for one person the one where they are as far as is told."""
        return self.interview is not None or (self.change is not None and self.change.interview.slot_id is None)


class Interview(Base):
    """An application that is invited to a round, and the slot that is kept for it or chosen."""

    __tablename__ = "interview"
    __table_args__ = (
        UniqueConstraint("round_id", "application_id"),
        CheckConstraint("chosen_at IS NULL OR slot_id IS NOT NULL", name="chosen_is_a_slot"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # By which calendars know it, through all changes.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(InterviewRound.id))
    application_id: Mapped[int] = mapped_column(ForeignKey(Application.id, ondelete="CASCADE"), index=True)
    # One slot is one applicant's: the database sees to that.
    slot_id: Mapped[int | None] = mapped_column(ForeignKey(InterviewSlot.id), unique=True)
    # When the slot was chosen, by the applicant or for them; None while it is only kept for them.
    chosen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How often the applicant has changed their choice.
    changes: Mapped[int] = mapped_column(default=0)
    # The zone in which the applicant looked at the times.
    timezone: Mapped[str | None] = mapped_column(String(40))
    # How often calendars were told of it (RFC 5546: SEQUENCE).
    sequence: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the applicant was last reminded to choose, and how often.
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(default=0)
    # When both sides were reminded of the slot.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why no slot suits the applicant, in their words.
    none_fits: Mapped[str] = mapped_column(Text, default="")
    none_fits_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    round: Mapped[InterviewRound] = relationship(back_populates="interviews")
    slot: Mapped[InterviewSlot | None] = relationship(back_populates="interview")
    application: Mapped[Application] = relationship()
    change: Mapped["InterviewChange | None"] = relationship(
        back_populates="interview", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_chosen(self) -> bool:
        """Whether it is agreed when it takes place, as far as its applicant knows."""
        return self.chosen_at is not None

    @property
    def is_told(self) -> bool:
        """Whether its applicant knows that they are invited."""
        return self.change is None or not self.change.is_invitation


class InterviewChange(Base):
    """What the staff have settled about an interview and both sides are told at `told_at`; until then nothing is so.

    Another one takes its place, and taking it back removes it. The slot is nobody else's meanwhile.
    """

    __tablename__ = "interview_change"
    __table_args__ = (
        CheckConstraint("what IN ('invited', 'booked', 'cancelled', 'reminded')", name="what_known"),
        CheckConstraint("(what = 'booked') = (slot_id IS NOT NULL)", name="booked_is_a_slot"),
        CheckConstraint("what = 'booked' OR NOT replaces_slot", name="only_a_slot_replaces"),
        CheckConstraint("what IN ('invited', 'booked') OR NOT is_invitation", name="invitation_known"),
    )

    interview_id: Mapped[int] = mapped_column(
        ForeignKey(Interview.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    what: Mapped[str] = mapped_column(String(10))
    # Whether the applicant does not know yet that they are invited.
    is_invitation: Mapped[bool]
    # At which slot it then is.
    slot_id: Mapped[int | None] = mapped_column(ForeignKey(InterviewSlot.id), unique=True)
    # Whether the slot at which it was goes then: it was moved, not left for another one.
    replaces_slot: Mapped[bool]
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    actor: Mapped[User] = relationship()
    interview: Mapped[Interview] = relationship(back_populates="change")
    slot: Mapped[InterviewSlot | None] = relationship(back_populates="change")

    @property
    def will_be_told(self) -> bool:
        """Whether it still fits: who has left interviews since hears only that one does not take place."""
        return self.what == News.CANCELLED or self.interview.application.state == State.INTERVIEW
