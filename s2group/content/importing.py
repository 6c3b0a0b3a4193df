"""Papers that arrive from elsewhere: known ones are completed, new ones added, and none is there twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from s2group.content.bibtex import Author, Paper, written
from s2group.content.models import Authorship, FormerKey, Member, Publication, ResearchLine, Venue
from s2group.content.rules import (
    Identity,
    completed,
    family_first_key,
    identity_shared,
    missing,
    person_key,
    title_key,
    venue_keys,
)

MemberFinder = Callable[[str], Member | None]
VenueFinder = Callable[[str], Venue | None]
# What the published version says better than its preprint.
OF_THE_PUBLISHED = ("kind", "title", "title_key", "venue", "year", "bibtex")
# The same, where it says them at all.
IF_PUBLISHED = ("volume", "number", "pages", "publisher", "award")
# How a report calls what was added.
NAMES = {"doi": "DOI", "arxiv": "arXiv"}


def member_finder(members: Iterable[Member]) -> MemberFinder:
    """A function that finds the member, present or past, whom an author's name means, or None.

    It knows the name in either language, in either order, and the aliases; initials mean somebody only where an alias
    says so, and a name that two members share means nobody.
    """
    as_written: dict[str, set[Member]] = {}
    family_first: dict[str, set[Member]] = {}
    for member in members:
        for name in filter(None, (member.name.en, member.name.zh, *member.aliases)):
            as_written.setdefault(person_key(name), set()).add(member)
            family_first.setdefault(family_first_key(name), set()).add(member)

    def find(name: str) -> Member | None:
        key = person_key(name)
        found = as_written.get(key) or family_first.get(key) or set()
        return next(iter(found)) if len(found) == 1 else None

    return find


def venue_finder(venues: Iterable[Venue]) -> VenueFinder:
    """A function that finds the venue that a paper names by its short name, its name or an alias, or None."""
    known = {venue_keys(name)[0]: venue for venue in venues for name in (venue.short_name, venue.name, *venue.aliases)}

    def find(written: str) -> Venue | None:
        return next((known[key] for key in venue_keys(written) if key in known), None)

    return find


def identity_of(publication: Publication) -> Identity:
    """By what a stored paper is known."""
    return Identity(publication.kind, publication.title_key, publication.doi, publication.arxiv)


def same_paper(session: Session, paper: Paper) -> Publication | None:
    """The record of the same paper: the same DOI, else the same arXiv number, else the same title; or None."""
    return closest(paper.identity, _candidates(session, paper.identity))


def closest(identity: Identity, publications: Iterable[Publication]) -> Publication | None:
    """The one of `publications` that is the same paper, by the surest mark that any of them shares."""
    shared: dict[str | None, Publication] = {}
    for publication in publications:
        shared.setdefault(identity_shared(identity, identity_of(publication)), publication)
    return next((shared[mark] for mark in ("DOI", "arXiv", "title") if mark in shared), None)


def _candidates(session: Session, identity: Identity) -> Sequence[Publication]:
    alike: list[ColumnElement[bool]] = [Publication.title_key == identity.title_key]
    if identity.doi:
        alike.append(Publication.doi == identity.doi)
    if identity.arxiv:
        alike.append(Publication.arxiv == identity.arxiv)
    return session.scalars(select(Publication).where(or_(*alike)).order_by(Publication.id)).all()


def add_paper(session: Session, paper: Paper, *, source: str, members: Iterable[Member]) -> Publication:
    """Add a paper that is not there yet, its authors tied to `members`; a key that is taken gets a letter more."""
    key = free_key(session, paper.key)
    last = session.scalar(select(func.max(Publication.position)))
    publication = Publication(
        **row_of(paper) | {"key": key, "bibtex": bibtex_under(key, paper)},
        position=0 if last is None else last + 1,
        has_pdf=False,
        additions={},
        source=source,
        venue_row=venue_finder(session.scalars(select(Venue)))(paper.venue),
        lines=list(session.scalars(select(ResearchLine).where(ResearchLine.key.in_(paper.lines)))),
    )
    session.add(publication)
    credit(publication, paper.authors, member_finder(members))
    session.flush()
    return publication


def row_of(paper: Paper) -> dict[str, Any]:
    """The columns that a paper itself fills."""
    return {
        "key": paper.key,
        "kind": paper.kind,
        "title": paper.title,
        "title_key": title_key(paper.title),
        "venue": paper.venue,
        "year": paper.year,
        "award": paper.award,
        "abstract": paper.abstract,
        "keywords": list(paper.keywords),
        "impact": list(paper.impact),
        "doi": paper.doi,
        "arxiv": paper.arxiv,
        "repository": paper.repository,
        "volume": paper.volume,
        "number": paper.number,
        "pages": paper.pages,
        "publisher": paper.publisher,
        "and_others": paper.and_others,
        "links": dict(paper.links),
        "bibtex": bibtex_under(paper.key, paper),
    }


def bibtex_under(key: str, paper: Paper) -> str:
    """The entry of a paper under `key`; written where it did not come from a BibTeX file."""
    return (paper.bibtex or written(paper)).replace(f"{{{paper.key},", f"{{{key},", 1)


def credit(publication: Publication, authors: Sequence[Author], find: MemberFinder) -> None:
    """Set the authors of a paper, each tied to the member that `find` gives for the name, unless it is a namesake."""
    del publication.authors[len(authors) :]
    for position, author in enumerate(authors):
        if position == len(publication.authors):
            publication.authors.append(Authorship(position=position))
        line = publication.authors[position]
        line.name, line.equal, line.corresponding = author.name, author.equal, author.corresponding
        line.namesake = author.namesake
        line.member = None if author.namesake else find(author.name)


def tie(publication: Publication, find: MemberFinder) -> None:
    """Tie the authors that are nobody's yet to the members who have joined, or got an alias, since the paper came."""
    for line in publication.authors:
        if line.member_id is None and not line.namesake:
            line.member = find(line.name)


def free_key(session: Session, key: str) -> str:
    """`key`, or with the first letter or number after it that makes it nobody's: neither in use nor a former one."""
    taken = {*session.scalars(select(Publication.key)), *session.scalars(select(FormerKey.key))}
    return next(free for free in _keys_like(key) if free not in taken)


def _keys_like(key: str) -> Iterator[str]:
    yield key
    yield from (key[:79] + letter for letter in "bcdefghijklmnopqrstuvwxyz")
    yield from (f"{key[:70]}-{number}" for number in count(2))


def complete(session: Session, publication: Publication, paper: Paper) -> list[str]:
    """Fill what the record leaves empty and add links, keywords and notes of impact; says what, such as 'DOI'.

    Nothing that stands there is changed. A DOI or an arXiv number that another record has is left out. What is added
    to a record of the files is remembered, so that loading them again keeps it.
    """
    known = _columns(publication)
    new = missing(known, row_of(paper))
    for name in ("doi", "arxiv"):
        if name in new and _is_used(session, name, new[name]):
            del new[name]
    for name, value in completed(known, new).items():
        setattr(publication, name, value)
    if new and publication.source == "files":
        publication.additions = {**publication.additions, **completed(publication.additions, new)}
    return _told(new)


def take_in(kept: Publication, gone: Publication) -> None:
    """Give a record of the files what an import had brought for a second record of the same paper."""
    new = missing(_columns(kept), _columns(gone))
    kept.additions = {**kept.additions, **completed(kept.additions, new)}


def _columns(publication: Publication) -> dict[str, Any]:
    return {column.key: getattr(publication, column.key) for column in Publication.__table__.columns}


def bibtex_renamed(publication: Publication, key: str) -> tuple[str, str]:
    """A new key and the entry under it."""
    return key, publication.bibtex.replace(f"{{{publication.key},", f"{{{key},", 1)


def _is_used(session: Session, name: str, value: str) -> bool:
    return session.scalar(select(Publication.id).where(getattr(Publication, name) == value)) is not None


def _told(new: dict[str, Any]) -> list[str]:
    columns = [NAMES.get(name, name) for name in new if name != "links"]
    return list(dict.fromkeys([*columns, *new.get("links", {})]))


def merge(session: Session, publication: Publication, paper: Paper) -> list[str]:
    """Make one record of `publication` and the same paper as it arrives; says what was added, as `complete` does.

    Of a preprint and its published version the record says what the published one says, keeps the links of both, and
    the key that arrives becomes a former key of it, whose address leads on.
    """
    added = []
    if (publication.kind == "preprint") != (paper.kind == "preprint"):
        if publication.kind == "preprint":
            _publish(session, publication, paper)
            added.append(f"{paper.venue} {paper.year}")
        lead_on(session, paper.key, publication)
    return [*added, *complete(session, publication, paper)]


def lead_on(session: Session, key: str, publication: Publication) -> None:
    """Let the address of `key` lead to `publication`, unless the key is another paper's, or leads on already."""
    if free_key(session, key) == key:
        session.add(FormerKey(key=key, publication=publication))
        session.flush()


def _publish(session: Session, publication: Publication, paper: Paper) -> None:
    row = row_of(paper) | {"bibtex": bibtex_under(publication.key, paper)}
    for name in (*OF_THE_PUBLISHED, *(name for name in IF_PUBLISHED if row[name])):
        setattr(publication, name, row[name])
    _credit_published(session, publication, paper)
    publication.venue_row = venue_finder(session.scalars(select(Venue)))(paper.venue)
    publication.links = links_of_both(publication.links, paper.links)
    if publication.source == "files":
        publication.source = "bibtex"  # what the files call a preprint shall not be one again when they are loaded


def _credit_published(session: Session, publication: Publication, paper: Paper) -> None:
    """Name the authors of the published version, unless it breaks their list off sooner than the preprint."""
    if paper.and_others and len(paper.authors) < len(publication.authors):
        return
    find = member_finder(session.scalars(select(Member)))
    # Who is a namesake, and who publishes under a name that no alias tells, was decided for the preprint.
    known = {person_key(author.name): author.member for author in publication.authors}
    namesakes = {person_key(author.name) for author in publication.authors if author.namesake}
    credit(publication, paper.authors, lambda name: known[key] if (key := person_key(name)) in known else find(name))
    for author in publication.authors:
        author.namesake = author.namesake or person_key(author.name) in namesakes
    publication.and_others = paper.and_others


def links_of_both(preprint: dict[str, str], published: dict[str, str]) -> dict[str, str]:
    """The links of a paper of which there is a preprint; the preprint's own page gets a label of its own."""
    kept = {("preprint" if label == "paper" else label): address for label, address in preprint.items()}
    return published | {
        label: url for label, url in kept.items() if label not in published and url not in published.values()
    }
