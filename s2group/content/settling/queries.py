"""Reads of what is to be settled: papers that may be one, and names that may be a member's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from s2group.content.people.models import Member
from s2group.content.publications.importing import identity_of
from s2group.content.publications.models import Authorship, Publication
from s2group.content.publications.rules.papers import person_key
from s2group.content.records.addresses import former_keys
from s2group.content.settling.models import DistinctPapers
from s2group.content.settling.rules import Known, Likely, Person, first_author_keys, pairs_to_settle, rank
from s2group.extensions import db

Pair = tuple[str, str]


def pairs_of_keys(session: Session) -> list[Pair]:
    """The keys of papers that may be one, that of the one that stays first."""
    return [(one.key, other.key) for one, other in pairs_to_settle(_papers(session), _distinct(session))]


def _papers(session: Session) -> list[Known]:
    author = select(Authorship.publication_id, Authorship.name, Member.slug).outerjoin(Authorship.member)
    first = {row.publication_id: row for row in session.execute(author.where(Authorship.position == 0))}
    told = Publication.id, Publication.key, Publication.title, Publication.source, Publication.venue
    compared = Publication.kind, Publication.title_key, Publication.doi, Publication.arxiv, Publication.year
    rows: Iterable[Any] = session.execute(select(*told, *compared).order_by(Publication.id))
    return [
        Known(
            row.key,
            identity_of(row),
            row.title,
            first_author_keys(first[row.id].name, first[row.id].slug) if row.id in first else frozenset(),
            rank(row.kind, row.doi, row.id),
        )
        for row in rows
    ]


def _distinct(session: Session) -> list[Pair]:
    """The pairs by the keys that their papers have now."""
    found = session.execute(select(DistinctPapers.one_key, DistinctPapers.other_key)).all()
    if not found:
        return []
    keys = {row.id: row.key for row in session.execute(select(Publication.id, Publication.key))}
    now = {key: keys.get(record_id, key) for key, record_id in former_keys(session, "publication").items()}
    return [(now.get(row.one_key, row.one_key), now.get(row.other_key, row.other_key)) for row in found]


def papers_of_pairs(pairs: Sequence[Pair]) -> list[tuple[Publication, Publication]]:
    """The papers of these pairs, with all that their fields look at."""
    loaded = selectinload(Publication.authors), selectinload(Publication.areas), joinedload(Publication.picture)
    wanted = select(Publication).where(Publication.key.in_({key for pair in pairs for key in pair}))
    found = {paper.key: paper for paper in db.session.scalars(wanted.options(*loaded))}
    return [(found[one], found[other]) for one, other in pairs]


@dataclass
class UnlinkedName:
    """An author's name that is nobody's yet, the papers that bear it, and the members whom it may mean."""

    key: str
    spellings: Counter[str] = field(default_factory=Counter)
    papers: dict[int, str] = field(default_factory=dict)
    likely: Sequence[Member] = ()

    @property
    def name(self) -> str:
        """As most of the papers spell it."""
        return min(self.spellings, key=lambda name: (-self.spellings[name], name))


def unlinked_names(session: Session) -> list[UnlinkedName]:
    """The names on papers that look like a member's and are tied to nobody, those of the most papers first.

    A name of which one author is marked as somebody else is settled.
    """
    columns = Authorship.publication_id, Authorship.name, Authorship.member_id, Authorship.namesake, Publication.title
    names: dict[str, UnlinkedName] = {}
    settled, key_of = set(), cache(person_key)  # most names are on many papers
    for row in session.execute(select(*columns).join(Authorship.publication)):
        if row.namesake:
            settled.add(key_of(row.name))
        elif row.member_id is None:
            key = key_of(row.name)
            found = names.setdefault(key, UnlinkedName(key))
            found.spellings[row.name] += 1
            found.papers[row.publication_id] = row.title
    return _looking_alike(session, [each for each in names.values() if each.key not in settled])


def _looking_alike(session: Session, names: Sequence[UnlinkedName]) -> list[UnlinkedName]:
    members = {member.slug: member for member in session.scalars(select(Member).order_by(Member.position))}
    likely = Likely(
        Person(slug, tuple(filter(None, (each.name.en, each.name.zh, *each.aliases))), each.sort_name)
        for slug, each in members.items()
    )
    for each in names:
        each.likely = [members[slug] for slug in likely.members(each.name)]
    found = [each for each in names if each.likely]
    return sorted(found, key=lambda each: (-len(each.papers), each.key))


def count_to_settle(session: Session) -> int:
    """How many pairs and names there are to settle."""
    return len(pairs_of_keys(session)) + len(unlinked_names(session))
