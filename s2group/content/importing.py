"""Papers that arrive from elsewhere: known ones are completed, new ones added, and none is there twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from s2group.content.bibtex import Author, Paper
from s2group.content.models import Authorship, FormerKey, Member, Publication, ResearchLine
from s2group.content.rules import (
    Identity,
    family_first_key,
    identity_shared,
    person_key,
    title_key,
)

MemberFinder = Callable[[str], Member | None]
# What a paper has one of, and what it has a list of.
TEXTS = ("award", "abstract", "volume", "number", "pages", "publisher", "repository")
LISTS = ("keywords", "impact")
# What the published version says better than its preprint.
OF_THE_PUBLISHED = ("kind", "title", "venue", "year")


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


def same_paper(session: Session, paper: Paper) -> Publication | None:
    """The record of the same paper: the same DOI, else the same arXiv number, else the same title; or None."""
    known = _candidates(session, paper.identity)
    shared = {identity_shared(paper.identity, identity_of(found)): found for found in known}
    return next((shared[name] for name in ("DOI", "arXiv", "title") if name in shared), None)


def identity_of(publication: Publication) -> Identity:
    """By what a stored paper is known."""
    return Identity(publication.kind, publication.title_key, publication.doi, publication.arxiv)


def _candidates(session: Session, identity: Identity) -> Sequence[Publication]:
    alike: list[ColumnElement[bool]] = [Publication.title_key == identity.title_key]
    if identity.doi:
        alike.append(Publication.doi == identity.doi)
    if identity.arxiv:
        alike.append(Publication.arxiv == identity.arxiv)
    return session.scalars(select(Publication).where(or_(*alike)).order_by(Publication.id.desc())).all()


def add_paper(session: Session, paper: Paper, *, source: str, members: Iterable[Member]) -> Publication:
    """Add a paper that is not there yet, its authors tied to `members`; a key that is taken gets a letter more."""
    key = free_key(session, paper.key)
    last = session.scalar(select(func.max(Publication.position)))
    publication = Publication(
        **row_of(paper) | {"key": key, "bibtex": paper.bibtex.replace(f"{{{paper.key},", f"{{{key},", 1)},
        position=0 if last is None else last + 1,
        has_pdf=False,
        source=source,
        lines=list(session.scalars(select(ResearchLine).where(ResearchLine.key.in_(paper.lines)))),
    )
    session.add(publication)
    credit(publication, paper.authors, member_finder(members))
    session.flush()
    return publication


def row_of(paper: Paper) -> dict[str, object]:
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
        "bibtex": paper.bibtex,
    }


def credit(publication: Publication, authors: Sequence[Author], find: MemberFinder) -> None:
    """Set the authors of a paper, each tied to the member that `find` gives for the name, unless it is a namesake."""
    del publication.authors[len(authors) :]
    for position, author in enumerate(authors):
        if position == len(publication.authors):
            publication.authors.append(Authorship(position=position))
        line = publication.authors[position]
        line.name, line.equal, line.corresponding = author.name, author.equal, author.corresponding
        line.member = None if author.namesake else find(author.name)


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

    Nothing that stands there is changed. A DOI or an arXiv number that another record has is left out.
    """
    added = [name for name in TEXTS if _fill(publication, name, getattr(paper, name))]
    for name, column, value in (
        ("DOI", Publication.doi, paper.doi),
        ("arXiv", Publication.arxiv, paper.arxiv),
    ):
        if value and not _is_used(session, column, value) and _fill(publication, column.key, value):
            added.append(name)
    for name in LISTS:
        new = [item for item in getattr(paper, name) if item not in getattr(publication, name)]
        if new:
            setattr(publication, name, [*getattr(publication, name), *new])
            added.append(name)
    return [*added, *(label for label in _add_links(publication, paper.links) if label not in added)]


def _fill(publication: Publication, name: str, value: str | None) -> bool:
    if not value or getattr(publication, name):
        return False
    setattr(publication, name, value)
    return True


def _is_used(session: Session, column: InstrumentedAttribute[str | None], value: str) -> bool:
    return session.scalar(select(Publication.id).where(column == value)) is not None


def _add_links(publication: Publication, links: dict[str, str]) -> list[str]:
    known = publication.links
    new = {label: url for label, url in links.items() if label not in known and url not in known.values()}
    if new:
        publication.links = {**known, **new}
    return list(new)


def merge(session: Session, publication: Publication, paper: Paper) -> list[str]:
    """Make one record of `publication` and the same paper as it arrives; says what was added, as `complete` does.

    Of a preprint and its published version the record says what the published one says, keeps the links of both, and
    the key that arrives becomes a former key of it, whose address leads on.
    """
    added = []
    if (publication.kind == "preprint") != (paper.kind == "preprint"):
        if publication.kind == "preprint":
            _publish(publication, paper)
            added.append(f"published in {paper.venue}, {paper.year}")
        if paper.key != publication.key and free_key(session, paper.key) == paper.key:
            session.add(FormerKey(key=paper.key, publication=publication))
            added.append(f"address {paper.key}")
    return [*added, *complete(session, publication, paper)]


def _publish(publication: Publication, paper: Paper) -> None:
    for name in OF_THE_PUBLISHED:
        setattr(publication, name, getattr(paper, name))
    publication.title_key = title_key(paper.title)
    publication.bibtex = paper.bibtex.replace(f"{{{paper.key},", f"{{{publication.key},", 1)
    if "paper" in paper.links:
        old = {} if "paper" not in publication.links else {"preprint": publication.links["paper"]}
        publication.links = {"paper": paper.links["paper"], **old} | {
            label: address for label, address in publication.links.items() if label != "paper"
        }
