"""The pages of the group's own."""

from collections.abc import Sequence

from sqlalchemy import Row, select

from s2group.content.group.models import SitePage
from s2group.core.localized import LocalizedText
from s2group.extensions import db


def page_titles() -> Sequence[Row[str, LocalizedText]]:
    """The address and title of every page, in their order, without what they say."""
    return db.session.execute(select(SitePage.slug, SitePage.title).order_by(SitePage.position)).all()


def site_page(slug: str) -> SitePage | None:
    """The page with this address."""
    return db.session.scalars(select(SitePage).where(SitePage.slug == slug)).one_or_none()
