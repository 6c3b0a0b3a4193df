"""What has a page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from s2group.content.group.models import ResearchArea, SitePage
from s2group.content.group.queries import group_day
from s2group.content.news.queries import news_slugs
from s2group.content.people.models import Member
from s2group.content.people.rules import is_to_come
from s2group.content.publications.models import Publication
from s2group.extensions import db


@dataclass(frozen=True)
class PublicAddresses:
    """What has a page of its own."""

    members: Sequence[str]
    publications: Sequence[str]
    news: Sequence[str]
    areas: Sequence[str]
    pages: Sequence[str]


def public_addresses(now: datetime) -> PublicAddresses:
    """The slugs and keys of all pages that are public at `now`, for the sitemap."""
    return PublicAddresses(
        members=_members(group_day(now)),
        publications=db.session.scalars(select(Publication.key).order_by(Publication.position)).all(),
        news=news_slugs(now=now),
        areas=db.session.scalars(select(ResearchArea.key).order_by(ResearchArea.position)).all(),
        pages=db.session.scalars(select(SitePage.slug).order_by(SitePage.position)).all(),
    )


def _members(today: date) -> list[str]:
    found = db.session.execute(select(Member.slug, Member.joined_on).order_by(Member.position))
    return [slug for slug, joined_on in found if not is_to_come(joined_on, today)]
