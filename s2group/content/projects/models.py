"""What funds the group."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import Member
from s2group.content.publications.models import Publication
from s2group.core.database import link_table
from s2group.core.localized import Localized, LocalizedText
from s2group.extensions import Base

project_member = link_table("project_member", project_id="project", member_id="member")
project_publication = link_table("project_publication", project_id="project", publication_id="publication")
project_area = link_table("project_line", project_id="project", line_id="research_line")


class Project(Base):
    """A funded project; `start` and `end` are months such as 2025-01, or empty."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("role IN ('lead', 'participant')", name="role_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    title: Mapped[LocalizedText] = mapped_column(Localized)
    funder: Mapped[LocalizedText] = mapped_column(Localized)
    programme: Mapped[LocalizedText] = mapped_column(Localized)
    grant_number: Mapped[str] = mapped_column(String(60))
    start: Mapped[str] = mapped_column(String(7))
    end: Mapped[str] = mapped_column(String(7))
    role: Mapped[str] = mapped_column(String(20))
    members: Mapped[list[Member]] = relationship(secondary=project_member, order_by=Member.position)
    publications: Mapped[list[Publication]] = relationship(
        secondary=project_publication, order_by=(Publication.year.desc(), Publication.position)
    )
    areas: Mapped[list[ResearchArea]] = relationship(secondary=project_area, order_by=ResearchArea.position)
