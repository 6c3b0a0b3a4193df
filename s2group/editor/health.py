"""What of the content wants looking after: found in the record, for the one page that lists it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from s2group.admissions.models import Call
from s2group.admissions.openings import openings
from s2group.admissions.queries import all_calls
from s2group.content.gaps import gaps
from s2group.content.group.queries import group_day
from s2group.content.kinds import KINDS
from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.outgoing_links.queries import BrokenLink, broken_links
from s2group.content.people.models import Member
from s2group.content.projects.models import Project
from s2group.content.projects.rules import ProjectState, project_state
from s2group.content.publications.models import Publication
from s2group.content.publications.queries import is_from_elsewhere
from s2group.content.records.loading import stored_rows
from s2group.content.settling.queries import count_to_settle
from s2group.extensions import db

# A call that closes so soon is named, and a project that ended so lately.
SOON, LATELY = timedelta(days=14), timedelta(days=366)


@dataclass(frozen=True)
class Untranslated:
    """A record, and how many of its fields are missing in one language."""

    kind: str
    row: Any
    count: int


def untranslated() -> list[Untranslated]:
    """Every record with gaps, kind by kind; all counts together are the number that other pages show."""
    counts = Counter((gap.kind, gap.key) for gap in gaps())
    kinds = dict.fromkeys(kind for kind, _key in counts)
    return [
        Untranslated(name, row, count)
        for name in kinds
        for row in stored_rows(db.session(), KINDS[name])
        if (count := counts[name, KINDS[name].key_of_row(row)])
    ]


def past_leaving(today: date) -> Sequence[Member]:
    """Whom the record still calls members though their last day is over."""
    over = Member.status == "current", Member.left_on < today
    return db.session.scalars(select(Member).where(*over).order_by(Member.left_on, Member.position)).all()


def closing_calls(now: datetime) -> list[Call]:
    """Open calls that close soon."""
    found = [opening.call for opening in openings(all_calls(), now) if opening.closure is None]
    return [call for call in found if call.closes_at and call.closes_at <= now + SOON]


def ended_projects(today: date) -> list[Project]:
    """Projects of the group's own that have ended lately."""
    since = f"{today - LATELY:%Y-%m}"
    projects = db.session.scalars(select(Project).where(Project.end >= since).order_by(Project.end.desc()))
    states = {each: project_state(role=each.role, end=each.end, today=today) for each in projects}
    return [project for project, state in states.items() if state is ProjectState.FINISHED]


def papers_without_link() -> list[Publication]:
    """Papers of the group's own of which nobody finds the text from here."""
    own = select(Publication).where(~is_from_elsewhere(), ~Publication.has_pdf)
    newest_first = own.order_by(Publication.year.desc(), Publication.position)
    return [paper for paper in db.session.scalars(newest_first) if not paper.links]


def news_without_alt() -> list[NewsItem]:
    """News with a picture of which not both languages say what it shows."""
    shown = db.session.scalars(select(NewsPicture).options(joinedload(NewsPicture.item)))
    lacking = [picture.item for picture in shown if not (picture.alt.zh and picture.alt.en)]
    return sorted(dict.fromkeys(lacking), key=lambda item: (item.day, item.id), reverse=True)


def papers_without_alt() -> Sequence[Publication]:
    """Papers with a picture of which nothing says what it shows."""
    lacking = Publication.picture.has(), Publication.teaser_alt == ""
    newest_first = select(Publication).where(*lacking).order_by(Publication.year.desc(), Publication.position)
    return db.session.scalars(newest_first).all()


@dataclass(frozen=True)
class Health:
    """All of it at a moment."""

    untranslated: Sequence[Untranslated]
    past_leaving: Sequence[Member]
    closing_calls: Sequence[Call]
    ended_projects: Sequence[Project]
    papers_without_link: Sequence[Publication]
    to_settle: int
    news_without_alt: Sequence[NewsItem]
    papers_without_alt: Sequence[Publication]
    broken_links: Sequence[BrokenLink]


def health(now: datetime) -> Health:
    """What wants looking after at `now`."""
    today = group_day(now)
    return Health(
        untranslated(),
        past_leaving(today),
        closing_calls(now),
        ended_projects(today),
        papers_without_link(),
        count_to_settle(db.session()),
        news_without_alt(),
        papers_without_alt(),
        broken_links(db.session(), now),
    )
