"""Papers that arrive from elsewhere: known ones are completed, new ones added, and none is there twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import Member
from s2group.content.publications.bibtex import Author, Paper, written
from s2group.content.publications.bibtex.keys import keys_like
from s2group.content.publications.models import Authorship, Publication, Venue
from s2group.content.publications.rules.completion import completed, missing
from s2group.content.publications.rules.papers import Identity, family_first_key, identity_shared, person_key
from s2group.content.publications.rules.venues import venue_keys
from s2group.content.records.addresses import former_keys, lead_on
from s2group.content.records.rules import title_key

MemberFinder = Callable[[str], Member | None]
VenueFinder = Callable[[str], Venue | None]
# What the published version says better than its preprint.
OF_THE_PUBLISHED = (
    "kind", "title", "title_key", "venue", "year", "bibtex", "volume", "number", "pages", "publisher",
)  # fmt: skip
# What a preprint may add to its published version, besides links.
OF_A_PREPRINT = ("arxiv", "abstract", "keywords", "impact", "repository")
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
    guessed = publication.source == "homepage" and publication.kind in ("article", "inproceedings")
    kind = "misc" if guessed else publication.kind
    known = publication.title_key, publication.doi, publication.arxiv, publication.year, publication.venue
    return Identity(kind, *known)


def closest(identity: Identity, publications: Iterable[Publication]) -> Publication | None:
    """The one of `publications` that is the same paper, by the surest mark that any of them shares; of several with
    one title the one of the nearest year."""
    by_year = sorted(publications, key=lambda publication: abs(publication.year - identity.year))
    shared: dict[str | None, Publication] = {}
    for publication in by_year:
        shared.setdefault(identity_shared(identity, identity_of(publication)), publication)
    return next((shared[mark] for mark in ("DOI", "arXiv", "title") if mark in shared), None)


class Catalogue:
    """What an import has to know of the record, read once, so that no paper asks the database anew.

    It knows what was added or changed through it before that is flushed, and is right as long as nobody else writes.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.find_member = member_finder(session.scalars(select(Member)))
        self.find_venue = venue_finder(session.scalars(select(Venue)))
        self.areas = {area.key: area for area in session.scalars(select(ResearchArea))}
        keys = (*session.scalars(select(Publication.key)), *former_keys(session, "publication"))
        self.keys = {key.lower() for key in keys}
        self._redirects: list[tuple[str, Publication]] = []
        self.next_position = 0
        self._marked: dict[tuple[str, str], list[int | Publication]] = {}
        columns = Publication.id, Publication.position, Publication.title_key, Publication.doi, Publication.arxiv
        for number, position, title, doi, arxiv in session.execute(select(*columns).order_by(Publication.id)):
            self.next_position = max(self.next_position, position + 1)
            self._mark(number, title, doi, arxiv)

    def same_paper(self, paper: Paper) -> Publication | None:
        """The record of the same paper: the same DOI, else the same arXiv number, else the same title; or None."""
        return closest(paper.identity, self.alike(paper))

    def alike(self, paper: Paper) -> list[Publication]:
        """The records that have a mark of the paper in common, be they the same paper or not."""
        found = (each for mark in paper.identity.marks for each in self._marked.get(mark, ()))
        return list(dict.fromkeys(self._record(each) for each in found))

    def note(self, publication: Publication) -> None:
        """Know a record by what it is known by from now on."""
        self.keys.add(publication.key.lower())
        self._mark(publication, publication.title_key, publication.doi, publication.arxiv)

    def is_used(self, name: str, value: str) -> bool:
        """Whether a record has this 'doi' or 'arxiv'."""
        return any(getattr(self._record(each), name) == value for each in self._marked.get((name, value), ()))

    def free_key(self, key: str) -> str:
        """`key`, or with the first letter or number after it that makes it nobody's: neither in use nor a former one.

        To BibTeX's readers two keys that differ in capitals alone are one.
        """
        return next(free for free in keys_like(key) if free.lower() not in self.keys)

    def lead_on(self, key: str, publication: Publication) -> None:
        """Let the address of `key` lead to `publication`, once `store_redirects` is called."""
        self.keys.add(key.lower())
        self._redirects.append((key, publication))

    def store_redirects(self) -> None:
        """Keep the addresses that lead on, after everything else."""
        self.session.flush()
        for key, publication in self._redirects:
            lead_on(self.session, "publication", key, publication.id)
        self._redirects.clear()

    def _mark(self, record: int | Publication, title: str, doi: str | None, arxiv: str | None) -> None:
        for name, value in (("title", title), ("doi", doi), ("arxiv", arxiv)):
            if value:
                self._marked.setdefault((name, value), []).append(record)

    def _record(self, record: int | Publication) -> Publication:
        return self.session.get_one(Publication, record) if isinstance(record, int) else record


def add_paper(catalogue: Catalogue, paper: Paper, *, source: str) -> Publication:
    """Add a paper that is not there yet, its authors tied to members; a key that is taken gets a letter more."""
    key = catalogue.free_key(paper.key)
    publication = Publication(
        **row_of(paper) | {"key": key, "bibtex": bibtex_under(key, paper)},
        position=catalogue.next_position,
        has_pdf=False,
        additions={},
        source=source,
        venue_row=catalogue.find_venue(paper.venue),
        areas=[catalogue.areas[area] for area in paper.areas if area in catalogue.areas],
    )
    catalogue.session.add(publication)
    catalogue.next_position += 1
    set_authors(publication, paper.authors, catalogue.find_member)
    catalogue.note(publication)
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
        "teaser_alt": paper.teaser_alt,
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


def set_authors(publication: Publication, authors: Sequence[Author], find: MemberFinder) -> None:
    """Set the authors of a paper, each tied to the member that `find` gives for the name, unless it is a namesake."""
    del publication.authors[len(authors) :]
    for position, author in enumerate(authors):
        if position == len(publication.authors):
            publication.authors.append(Authorship(position=position))
        line = publication.authors[position]
        line.name, line.equal, line.corresponding = author.name, author.equal, author.corresponding
        line.namesake = author.namesake
        line.member = None if author.namesake else find(author.name)


def link_members(publication: Publication, find: MemberFinder) -> None:
    """Tie the authors that are nobody's yet to the members who have joined, or got an alias, since the paper came."""
    for line in publication.authors:
        if line.member_id is None and not line.namesake:
            line.member = find(line.name)


def complete(publication: Publication, paper: Paper, is_used: Callable[[str, str], bool]) -> list[str]:
    """Fill what the record leaves empty and add links, keywords and notes of impact; says what, such as 'DOI'.

    Nothing that stands there is changed. A DOI or an arXiv number that another record has, which `is_used` tells, is
    left out. What is added to a record of the files is remembered, so that loading them again keeps it.
    """
    known = _columns(publication)
    new = _gained(known, paper, is_used)
    for name, value in completed(known, new).items():
        setattr(publication, name, value)
    if new and publication.source == "files":
        publication.additions = {**publication.additions, **completed(publication.additions, new)}
    return _told(new)


def _gained(known: dict[str, Any], paper: Paper, is_used: Callable[[str, str], bool]) -> dict[str, Any]:
    """What a paper tells that the columns of its record leave empty. A preprint says nothing of pages or publisher."""
    row = row_of(paper)
    if paper.kind == "preprint" != known["kind"]:
        links = links_of_both({label: url for label, url in paper.links.items() if label != "DOI"}, known["links"])
        row = {name: row[name] for name in OF_A_PREPRINT} | {"links": links}
    new = missing(known, row)
    return {name: value for name, value in new.items() if name not in ("doi", "arxiv") or not is_used(name, value)}


def paper_of_record(publication: Publication) -> Paper:
    """What a stored paper tells, as if it arrived from elsewhere."""
    told = {each.name: getattr(publication, each.name) for each in fields(Paper) if hasattr(publication, each.name)}
    authors = tuple(Author(each.name, each.equal, each.corresponding, each.namesake) for each in publication.authors)
    lists = {name: tuple(told[name]) for name in ("keywords", "impact")}
    areas = tuple(area.key for area in publication.areas)
    return Paper(**told | lists | {"authors": authors, "areas": areas, "links": dict(publication.links)})


def import_paper(kept: Publication, gone: Publication) -> None:
    """Give a record of the files what an import had brought for a second record of the same paper."""
    new = missing(_columns(kept), _columns(gone))
    kept.additions = {**kept.additions, **completed(kept.additions, new)}


def _columns(publication: Publication) -> dict[str, Any]:
    return {column.key: getattr(publication, column.key) for column in Publication.__table__.columns}


def bibtex_renamed(publication: Publication, key: str) -> tuple[str, str]:
    """A new key and the entry under it."""
    return key, publication.bibtex.replace(f"{{{publication.key},", f"{{{key},", 1)


def _told(new: dict[str, Any]) -> list[str]:
    columns = [NAMES.get(name, name) for name in new if name != "links"]
    return list(dict.fromkeys([*columns, *new.get("links", {})]))


def would_add(catalogue: Catalogue, publication: Publication, paper: Paper) -> list[str]:
    """What `merge` would say, without changing anything."""
    known = _columns(publication)
    if _brings_publication(publication, paper):
        known |= _published_columns(publication, paper)
        return [_where(paper), *_told(_gained(known, paper, catalogue.is_used))]
    return _told(_gained(known, paper, catalogue.is_used))


def merge(catalogue: Catalogue, publication: Publication, paper: Paper) -> list[str]:
    """Make one record of `publication` and the same paper as it arrives; says what was added, as `complete` does.

    Of a preprint and its published version the record says what the published one says, keeps the links of both, and
    the key that arrives becomes a former key of it, whose address leads on.
    """
    published = _brings_publication(publication, paper)
    if (publication.kind == "preprint") != (paper.kind == "preprint"):
        if published:
            _publish(catalogue, publication, paper)
        add_redirect(catalogue, paper.key, publication)
    added = complete(publication, paper, catalogue.is_used)
    catalogue.note(publication)
    return [_where(paper), *added] if published else added


def _where(paper: Paper) -> str:
    return " ".join(filter(None, (paper.venue, str(paper.year or "")))) or "published"


def _brings_publication(publication: Publication, paper: Paper) -> bool:
    return publication.kind == "preprint" != paper.kind


def add_redirect(catalogue: Catalogue, key: str, publication: Publication) -> None:
    """Let the address of `key` lead to `publication`, unless the key is another paper's, or leads on already."""
    if key.lower() not in catalogue.keys:
        catalogue.lead_on(key, publication)


def _published_columns(publication: Publication, paper: Paper) -> dict[str, Any]:
    """What a preprint's record says from when it is published on."""
    row = row_of(paper) | {"bibtex": bibtex_under(publication.key, paper)}
    return {
        **{name: row[name] for name in OF_THE_PUBLISHED},
        "award": row["award"] or publication.award,
        "links": links_of_both(publication.links, paper.links),
    }


def _publish(catalogue: Catalogue, publication: Publication, paper: Paper) -> None:
    for name, value in _published_columns(publication, paper).items():
        setattr(publication, name, value)
    _credit_published(publication, paper, catalogue.find_member)
    publication.venue_row = catalogue.find_venue(paper.venue)
    if publication.source == "files":
        publication.source = "bibtex"  # what the files call a preprint shall not be one again when they are loaded


def _credit_published(publication: Publication, paper: Paper, find: MemberFinder) -> None:
    """Name the authors of the published version, unless it breaks their list off sooner than the preprint."""
    if paper.and_others and len(paper.authors) < len(publication.authors):
        return
    # Who is a namesake, and who publishes under a name that no alias tells, was decided for the preprint.
    known = {person_key(author.name): author.member for author in publication.authors}
    namesakes = {person_key(author.name) for author in publication.authors if author.namesake}
    set_authors(
        publication, paper.authors, lambda name: known[key] if (key := person_key(name)) in known else find(name)
    )
    for author in publication.authors:
        author.namesake = author.namesake or person_key(author.name) in namesakes
    publication.and_others = paper.and_others


def links_of_both(preprint: dict[str, str], published: dict[str, str]) -> dict[str, str]:
    """The links of a paper of which there is a preprint; the preprint's own page gets a label of its own."""
    kept = {("preprint" if label == "paper" else label): address for label, address in preprint.items()}
    return published | {
        label: url for label, url in kept.items() if label not in published and url not in published.values()
    }
