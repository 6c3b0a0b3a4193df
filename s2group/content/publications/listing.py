"""The papers as their list shows them: plain rows, for a thousand authors on a page need no life of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import Member
from s2group.content.publications.models import Authorship, Publication, Venue, publication_area
from s2group.content.publications.queries import is_from_elsewhere
from s2group.extensions import Base, db

Grouped = dict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class ListedAuthor:
    """An author of a listed paper, as Authorship has it."""

    name: str
    equal: bool
    corresponding: bool
    member: Member | None


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """What the list, its filters and its search need of a paper, under the names that Publication has for it."""

    key: str
    kind: str
    title: str
    venue: str
    year: int
    award: str
    abstract: str
    keywords: Sequence[str]
    links: dict[str, str]
    and_others: bool
    bibtex: str
    venue_row: Venue | None
    areas: Sequence[ResearchArea]
    authors: Sequence[ListedAuthor]
    elsewhere: bool


LOADED_APART = ("venue_row", "areas", "authors", "elsewhere")
NAMES = [field.name for field in fields(ListedPaper) if field.name not in LOADED_APART]


def listed_papers() -> list[ListedPaper]:
    """All papers with their authors, venues and research areas, newest year first. Six statements."""
    venues, authors, areas = _by_id(Venue), _authors(), _areas()
    columns = [getattr(Publication, name) for name in NAMES]
    elsewhere = is_from_elsewhere().label("elsewhere")
    statement = select(Publication.id, Publication.venue_id, elsewhere, *columns)
    rows = db.session.execute(statement.order_by(Publication.year.desc(), Publication.position)).mappings()
    return [
        ListedPaper(
            **{name: row[name] for name in NAMES},
            venue_row=venues.get(row["venue_id"]),
            areas=areas.get(row["id"], []),
            authors=authors.get(row["id"], []),
            elsewhere=row["elsewhere"],
        )
        for row in rows
    ]


def _authors() -> Grouped:
    members: dict[int | None, Member] = _by_id(Member)
    found: Grouped = {}
    columns = (Authorship.name, Authorship.equal, Authorship.corresponding)
    statement = select(Authorship.publication_id, Authorship.member_id, *columns)
    for paper, member, name, equal, corresponding in db.session.execute(statement.order_by(Authorship.position)):
        found.setdefault(paper, []).append(ListedAuthor(name, equal, corresponding, members.get(member)))
    return found


def _areas() -> Grouped:
    areas: dict[int | None, ResearchArea] = _by_id(ResearchArea)
    found: Grouped = {}
    for paper, area in db.session.execute(select(publication_area.c.publication_id, publication_area.c.line_id)):
        found.setdefault(paper, []).append(areas[area])
    return {paper: sorted(of_paper, key=lambda area: area.position) for paper, of_paper in found.items()}


def _by_id(model: type[Base]) -> dict[int | None, Any]:
    return {row.id: row for row in db.session.scalars(select(model))}  # type: ignore[attr-defined]
