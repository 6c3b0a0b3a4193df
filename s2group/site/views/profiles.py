"""A person's page and CV: what is gathered for them, and how it is said."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext

from s2group.content.group.queries import group_day
from s2group.content.news.models import NewsItem
from s2group.content.news.queries import news_of
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.people.queries import projects_of
from s2group.content.people.rules import has_left, is_to_come
from s2group.content.people.wording import LINKS
from s2group.content.projects.models import Project
from s2group.content.publications.models import Publication
from s2group.content.publications.queries import present_keys, publications_of
from s2group.content.records.rules import is_web_address
from s2group.core.localized import LocalizedText

NEWS_OF_A_PERSON = 12
# What stands on the page under a heading of its own: before the papers, and after all else.
BACKGROUND = ("education", "experience", "internship")
RECORD = ("honour", "talk", "service", "software")
# The anchors of the page in its order.
ORDER = ("biography", *BACKGROUND, "papers", "projects", *RECORD, "news")


@dataclass(frozen=True)
class ProfilePage:
    """One person with all that the group's record tells of them."""

    member: Member
    left: bool
    to_come: bool
    biography: LocalizedText
    selected: list[Publication]
    others: list[Publication]
    projects: Sequence[Project]
    news: Sequence[NewsItem]
    entries: defaultdict[str, list[ProfileEntry]]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """The headings of the page, each with its anchor."""
        parts = (
            ("biography", gettext("Biography"), self.biography),
            ("papers", gettext("Papers"), self.selected or self.others),
            ("projects", gettext("Projects"), self.projects or self.entries["project"]),
            ("news", gettext("News"), self.news or self.entries["news"]),
        )
        told = [(anchor, heading) for anchor, heading, found in parts if found]
        return sorted(
            told + [(found[0].kind, heading) for heading, found in self.background + self.record],
            key=lambda part: ORDER.index(part[0]),
        )

    @property
    def background(self) -> list[tuple[str, list[ProfileEntry]]]:
        """Where somebody has been, which stands before the papers: each heading with its entries."""
        return self._told(BACKGROUND)

    @property
    def record(self) -> list[tuple[str, list[ProfileEntry]]]:
        """What else somebody has done: each heading with its entries."""
        return self._told(RECORD)

    def _told(self, kinds: Sequence[str]) -> list[tuple[str, list[ProfileEntry]]]:
        return [(heading_of(kind), self.entries[kind]) for kind in kinds if self.entries.get(kind)]


def profile_page(member: Member, *, now: datetime) -> ProfilePage:
    """Gather what the page of `member` tells at `now`."""
    today = group_day(now)
    papers = {paper.key: paper for paper in publications_of(member)}
    selected = [papers[key] for key in dict.fromkeys(present_keys(member.selected).values()) if key in papers]
    entries: defaultdict[str, list[ProfileEntry]] = defaultdict(list)
    for entry in member.entries:
        entries[entry.kind].append(entry)
    return ProfilePage(
        member=member,
        left=has_left(member.status, member.left_on, today),
        to_come=is_to_come(member.joined_on, today),
        biography=member.biography or _own_words(entries["biography"]),
        selected=selected,
        others=[paper for paper in papers.values() if paper not in selected],
        projects=projects_of(member),
        news=news_of(member, NEWS_OF_A_PERSON, now=now),
        entries=entries,
    )


def _own_words(entries: list[ProfileEntry]) -> LocalizedText:
    """The biography of an imported home page."""
    return entries[0].text if entries else LocalizedText()


def heading_of(kind: str) -> str:
    """What a part of a person's record is called."""
    headings: dict[str, str] = {
        "education": gettext("Education"),
        "experience": gettext("Experience"),
        "internship": gettext("Internships"),
        "honour": gettext("Honours"),
        "talk": gettext("Talks"),
        "service": gettext("Service"),
        "software": gettext("Software"),
    }
    return headings[kind]


def profile_link_label(kind: str) -> str:
    """What a link of a person is called."""
    return str(LINKS.get(kind, kind))


def group_heading(group: str) -> str:
    """The heading of a part of the members page."""
    headings: dict[str, str] = {
        "pi": gettext("Principal investigator"),
        "faculty": gettext("Faculty"),
        "postdoc": gettext("Postdoctoral researchers"),
        "phd": gettext("Doctoral students"),
        "master": gettext("Master's students"),
        "assistant": gettext("Research assistants"),
        "undergraduate": gettext("Undergraduates"),
        "visitor": gettext("Visitors"),
        "alumni": gettext("Alumni"),
    }
    return headings[group]


def spelled_email(email: str) -> list[str]:
    """The parts of an address and the words between them: ['name', '(at)', 'example', '(dot)', 'org'].

    Harvesters look for `mailto:`, for an @ and, at most, for '(at)' between two words of the source. A page that
    puts every part into an element of its own gives them none of these, and is read aloud and copied by people
    without any script.
    """
    name, _, host = email.partition("@")
    parts = [name, gettext("(at)")]
    for label in host.split("."):
        parts += [label, gettext("(dot)")]
    return parts[:-1]


def host_of(address: str) -> str:
    """The host of a web address, as readers know it."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def words_for_profiles() -> dict[str, object]:
    """The functions above, for the templates."""
    return {
        "group_heading": group_heading,
        "host_of": host_of,
        "is_web_address": is_web_address,
        "profile_link_label": profile_link_label,
        "spelled_email": spelled_email,
    }
