"""The people of the group, present and past."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.content.group.models import ResearchArea
from s2group.content.pictures.models import Picture
from s2group.core.database import link_table
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base

LONGEST_SORT_NAME = 200
member_area = link_table("member_line", member_id="member", line_id="research_line")


class Member(Base):
    """A person of the group, present or past."""

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("status IN ('current', 'alumni')", name="status_known"),
        CheckConstraint(
            "role IN ('pi', 'faculty', 'postdoc', 'phd', 'master', 'assistant', 'undergraduate', 'visitor')",
            name="role_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    # The line of the file; the order on the page is content.people.rules.order_in_role.
    position: Mapped[int]
    # The group's own order among people of one role; where it is None, cohort and name decide.
    order_key: Mapped[int | None]
    name: Mapped[LocalizedText] = mapped_column(Localized)
    # The name as lists sort it: surname first, Chinese names in pinyin.
    sort_name: Mapped[str] = mapped_column(String(LONGEST_SORT_NAME))
    # Other spellings under which this person publishes.
    aliases: Mapped[list[str]] = mapped_column(JSON)
    role: Mapped[str] = mapped_column(String(20))
    degree: Mapped[str] = mapped_column(String(20))
    cohort: Mapped[int | None]
    # 'alumni' for those who have left, be the day known or not; a `left_on` in the past says so too.
    status: Mapped[str] = mapped_column(String(10))
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    # Where an alumnus went (毕业去向).
    destination: Mapped[LocalizedText] = mapped_column(Localized)
    # With whom outside the group somebody is supervised together.
    co_supervision: Mapped[LocalizedText] = mapped_column(Localized)
    focus: Mapped[LocalizedText] = mapped_column(Localized)
    biography: Mapped[LocalizedText] = mapped_column(Localized)
    email: Mapped[str] = mapped_column(String(254))
    # {"kind": "homepage" | "scholar" | "orcid" | …, "url": …}, in order.
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    # What an import brought of the two above, as {"email": …, "links": […]}, so that loading the files again keeps it.
    additions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Keys of the papers that this person shows first.
    selected: Mapped[list[str]] = mapped_column(JSON)
    picture_digest: Mapped[str | None] = mapped_column(ForeignKey(Picture.digest, ondelete="SET NULL"))
    picture: Mapped[Picture | None] = relationship()
    areas: Mapped[list[ResearchArea]] = relationship(secondary=member_area, order_by=ResearchArea.position)
    entries: Mapped[list["ProfileEntry"]] = relationship(
        order_by="(ProfileEntry.kind, ProfileEntry.position)", cascade="all, delete-orphan", back_populates="member"
    )


class ProfileEntry(Base):
    """One line of a person's record, such as a degree, an honour or a released piece of software."""

    __tablename__ = "profile_entry"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('biography', 'education', 'experience', 'internship', 'honour', 'talk', 'service', 'software', "
            "'project', 'news')",
            name="kind_known",
        ),
        CheckConstraint("source IN ('files', 'homepage')", name="source_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    # As the person writes it: '2020.09 – 2022.02', '2021', or empty.
    period: Mapped[str] = mapped_column(String(60))
    # Markdown.
    text: Mapped[LocalizedText] = mapped_column(Localized)
    url: Mapped[str] = mapped_column(String(500))
    # Who brought it: loading the files replaces only what came from them.
    source: Mapped[str] = mapped_column(String(10))
    member: Mapped[Member] = relationship(back_populates="entries")
