"""The group itself, what it works on, with whom, and pages of its own."""

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.core.localized import Localized, LocalizedList, LocalizedText
from s2group.extensions import Base


class GroupProfile(Base):
    """The group itself: one row."""

    __tablename__ = "group_profile"
    __table_args__ = (CheckConstraint("id = 1", name="one_group"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    short_name: Mapped[str] = mapped_column(String(40))
    seal: Mapped[str] = mapped_column(String(2))
    name: Mapped[LocalizedText] = mapped_column(Localized)
    institution: Mapped[LocalizedText] = mapped_column(Localized)
    claim: Mapped[LocalizedText] = mapped_column(Localized)
    lede: Mapped[LocalizedText] = mapped_column(Localized)
    about: Mapped[LocalizedText] = mapped_column(Localized)
    address: Mapped[LocalizedText] = mapped_column(Localized)
    emails: Mapped[list[str]] = mapped_column(JSON)
    # Where the group was before, and where else it is: {"url": …, "label": {"zh": …, "en": …}}; an account that has no
    # address of its own, such as one on WeChat, has the url "".
    links: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    # What stands on the foot of every page where a country wants a site to be filed: {"text": …, "url": …}.
    filings: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    exchange_cases: Mapped[list[LocalizedText]] = mapped_column(LocalizedList)
    timezone: Mapped[str] = mapped_column(String(40))
    # In which manner papers, people and areas are drawn (s2group.graphics.marks).
    motif: Mapped[str] = mapped_column(String(12), default="waveform")
    # The papers that the home page shows first, each with a line on it: {"paper": key, "says": {"zh": …, "en": …}}.
    selected: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    # What the group adds to the privacy notice for applicants.
    privacy: Mapped[LocalizedText] = mapped_column(Localized, default=LocalizedText)


class ResearchArea(Base):
    """A direction the group works in."""

    __tablename__ = "research_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    title: Mapped[LocalizedText] = mapped_column(Localized)
    summary: Mapped[LocalizedText] = mapped_column(Localized)
    # Its own manner of drawing; empty for that of the group.
    motif: Mapped[str] = mapped_column(String(12), default="")


class Partner(Base):
    """An institution the group works with."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    name: Mapped[LocalizedText] = mapped_column(Localized)
    # Its web address, or empty.
    url: Mapped[str] = mapped_column(String(500))
    # What the two do together.
    note: Mapped[LocalizedText] = mapped_column(Localized)


class SitePage(Base):
    """A page of the group's own, in Markdown."""

    __tablename__ = "site_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    title: Mapped[LocalizedText] = mapped_column(Localized)
    body: Mapped[LocalizedText] = mapped_column(Localized)
