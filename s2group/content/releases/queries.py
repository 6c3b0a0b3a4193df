"""What the group has released."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from s2group.content.publications.models import Authorship, Publication
from s2group.content.releases.models import Release
from s2group.content.releases.rules import ReleaseKind
from s2group.extensions import db


def releases_by_kind() -> dict[ReleaseKind, list[Release]]:
    """The releases with their papers, each kind in the group's order; a kind without any is left out."""
    groups: dict[ReleaseKind, list[Release]] = {kind: [] for kind in ReleaseKind}
    papers = selectinload(Release.publications)
    told = (
        papers.selectinload(Publication.areas),
        papers.selectinload(Publication.authors).selectinload(Authorship.member),
    )
    for release in db.session.scalars(select(Release).order_by(Release.position).options(*told)):
        groups[ReleaseKind(release.kind)].append(release)
    return {kind: found for kind, found in groups.items() if found}
