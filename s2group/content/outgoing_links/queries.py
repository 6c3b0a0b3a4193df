"""Reads of the links that the published content has."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.queries import group_zone
from s2group.content.kinds import KINDS
from s2group.content.news.files import NEWS
from s2group.content.outgoing_links.models import FailingLink
from s2group.content.outgoing_links.rules import is_broken, links_in
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import stored_rows

# The name of a kind, and the row of a record.
Place = tuple[str, Any]


def published_links(session: Session, now: datetime) -> dict[str, list[Place]]:
    """The links that visitors meet at `now`, each with the records that have it."""
    found: dict[str, list[Place]] = defaultdict(list)
    for kind in KINDS.values():
        for row, values in _papers(session) if kind is PUBLICATION else _records(session, kind):
            if kind is not NEWS or (row.published_at and row.published_at <= now):
                for link in links_in(values):
                    found[link].append((kind.name, row))
    return found


def _records(session: Session, kind: Kind) -> Iterator[tuple[Any, Values]]:
    return ((row, kind.as_json(kind.of(row))) for row in stored_rows(session, kind))


def _papers(session: Session) -> Iterator[tuple[Any, Values]]:
    """Without their authors and areas, which have no links: of two thousand papers these would take a second."""
    columns = Publication.links, Publication.abstract, Publication.impact
    for row in session.execute(select(Publication.key, Publication.title, *columns).order_by(Publication.position)):
        yield row, {column.key: getattr(row, column.key) for column in columns}


@dataclass(frozen=True)
class BrokenLink:
    """A link that has failed on two days or more, and the records that have it."""

    failing: FailingLink
    # The day on which it failed first, where the group is.
    since: date
    places: list[Place]


def broken_links(session: Session, now: datetime) -> list[BrokenLink]:
    """Those that the published content still has, the longest broken first."""
    failing = session.scalars(select(FailingLink).order_by(FailingLink.failed_first, FailingLink.url)).all()
    zone = group_zone()
    days = [
        (each, each.failed_first.astimezone(zone).date(), each.failed_last.astimezone(zone).date()) for each in failing
    ]
    broken = [(each, first) for each, first, last in days if is_broken(first, last)]
    places = published_links(session, now) if broken else {}
    return [BrokenLink(each, since, places[each.url]) for each, since in broken if each.url in places]
