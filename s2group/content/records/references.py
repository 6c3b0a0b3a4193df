"""How one content file speaks of the records of another."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import Member
from s2group.content.publications.models import FormerKey, Publication
from s2group.content.records.files import Record

T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """All that a file may speak of, by the names it uses for them."""

    members: Mapping[str, Member]
    papers: Mapping[str, Publication]
    areas: Mapping[str, ResearchArea]


def known(session: Session) -> Known:
    """What the database holds by now, papers of no file and their former keys included."""
    former = {found.key: found.publication for found in session.scalars(select(FormerKey))}
    return Known(
        members={member.slug: member for member in session.scalars(select(Member))},
        papers=former | {paper.key: paper for paper in session.scalars(select(Publication))},
        areas={area.key: area for area in session.scalars(select(ResearchArea))},
    )


@dataclass(frozen=True)
class Names:
    """The names in one field of one record, to be looked up once everything else is stored."""

    # Where they stand, for a complaint; two files that say the same are equal.
    record: Record = dataclasses.field(compare=False)
    field: str
    names: tuple[str, ...]

    def among(self, known: Mapping[str, T]) -> list[T]:
        """What goes by these names. Raises ContentError where nothing does."""
        for name in self.names:
            if name not in known:
                raise self.record.error(f"{self.field} names {name!r}, which is not known", "Correct it or take it out")
        return [known[name] for name in self.names]


def listed_names(record: Record, field: str) -> Names:
    """A field that is a list of names; empty where it is missing. Raises ContentError."""
    names = record.take(field, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise record.error(f"{field} is not a list of names", f'Write {field} = ["…", "…"]')
    return Names(record, field, tuple(dict.fromkeys(names)))


def joined_names(record: Record, field: str) -> Names:
    """A column that holds names with ; between them; nothing where it is missing. Raises ContentError."""
    names = (name.strip() for name in record.text(field, "").split(";"))
    return Names(record, field, tuple(dict.fromkeys(filter(None, names))))
