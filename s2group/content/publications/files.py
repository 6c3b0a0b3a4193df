"""publications.bib and papers/: what the group has published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from s2group.content.people.models import Member
from s2group.content.publications.bib_writing import FILE
from s2group.content.publications.bibtex import KEY, Paper, read_papers
from s2group.content.publications.bibtex.writing import with_identifiers
from s2group.content.publications.importing import (
    complete,
    link_members,
    links_of_both,
    member_finder,
    row_of,
    venue_finder,
)
from s2group.content.publications.kind import PUBLICATION, with_additions
from s2group.content.publications.matching import Matching, keep_former_addresses, match
from s2group.content.publications.models import Publication, Venue
from s2group.content.publications.rules.completion import missing
from s2group.content.publications.rules.papers import identity_shared
from s2group.content.records.entries import Entry
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import Known
from s2group.content.records.files import read_text
from s2group.content.records.kinds import Values
from s2group.content.records.loading import Loader

PDF_FOLDER = "papers"


@dataclass(frozen=True)
class Bibliography:
    """The group's papers, each once, and the keys of those whose PDF lies in the folder."""

    papers: list[Paper]
    with_pdf: frozenset[str]


def read_bibliography(folder: Path, *, area_keys: set[str], pictures: Mapping[str, Values]) -> Bibliography:
    """The papers of the file, a preprint and its published version as one. Raises ContentError at the first mistake."""
    papers = _one_each(read_papers(read_text(folder / FILE, FILE), FILE))
    keys = {paper.key for paper in papers}
    for paper in papers:
        _check_references(paper, keys, area_keys, pictures)
    with_pdf = frozenset(path.stem for path in (folder / PDF_FOLDER).glob("*.pdf"))
    if strays := with_pdf - keys:
        place = f"{PDF_FOLDER}/{min(strays)}.pdf"
        raise ContentError(
            place,
            lazy_gettext("no paper of %(file)s has this key", file=FILE),
            lazy_gettext("Name the file after the key of its entry"),
        )
    return Bibliography(papers, with_pdf)


def _check_references(paper: Paper, keys: set[str], area_keys: set[str], pictures: Mapping[str, Values]) -> None:
    if reused := keys.intersection(paper.former_keys):
        raise ContentError(
            f"{FILE}, {paper.key}",
            lazy_gettext("ids names %(key)s, another entry", key=min(reused)),
            lazy_gettext("Take one of them out"),
        )
    for key in paper.former_keys:
        if not KEY.fullmatch(key):
            remedy = lazy_gettext("Use Latin letters, digits and -, at most 80, and a comma between two keys")
            raise ContentError(
                f"{FILE}, {paper.key}",
                lazy_gettext("ids names %(key)r, which cannot stand in an address", key=key),
                remedy,
            )
    for key in paper.areas:
        if key not in area_keys:
            remedy = lazy_gettext("Write some of: %(words)s", words=", ".join(sorted(area_keys)))
            raise ContentError(
                f"{FILE}, {paper.key}", lazy_gettext("there is no research area %(key)r", key=key), remedy
            )
    if paper.teaser and paper.teaser not in pictures:
        raise ContentError(
            f"{FILE}, {paper.key}",
            lazy_gettext("there is no picture %(path)r", path=paper.teaser),
            lazy_gettext("Put it into pictures/"),
        )


def _one_each(papers: list[Paper]) -> list[Paper]:
    kept: list[Paper] = []
    # The papers that share a mark with another one; only these are compared, for a file may hold thousands.
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for paper in papers:
        near = sorted({index for mark in _marks(paper) for index in alike[mark]})
        at = next((index for index in near if _are_one(kept[index], paper)), len(kept))
        if at == len(kept):
            kept.append(paper)
        else:
            kept[at] = _both_versions(kept[at], paper)
        for mark in _marks(kept[at]):
            alike[mark].append(at)
    return kept


def _marks(paper: Paper) -> list[tuple[str, str]]:
    """By what a paper may be another one."""
    known = paper.identity
    marks = (("doi", known.doi), ("arxiv", known.arxiv), ("title", known.title_key))
    return [(name, value) for name, value in marks if value]


def _are_one(known: Paper, paper: Paper) -> bool:
    mark = identity_shared(known.identity, paper.identity)
    if mark in ("DOI", "arXiv") and (known.kind == "preprint") == (paper.kind == "preprint"):
        raise ContentError(
            f"{FILE}, {paper.key}",
            lazy_gettext("its %(mark)s is that of %(key)s", mark=mark, key=known.key),
            lazy_gettext("Make them differ, or one"),
        )
    return mark is not None and (known.kind == "preprint") != (paper.kind == "preprint")


def _both_versions(one: Paper, other: Paper) -> Paper:
    """One paper from a preprint and its published version: what the published one says, and the links of both."""
    preprint, published = (one, other) if one.kind == "preprint" else (other, one)
    return replace(
        published,
        doi=published.doi or preprint.doi,
        arxiv=published.arxiv or preprint.arxiv,
        bibtex=with_identifiers(published.bibtex, preprint.doi, preprint.arxiv),
        abstract=published.abstract or preprint.abstract,
        keywords=published.keywords or preprint.keywords,
        repository=published.repository or preprint.repository,
        teaser=published.teaser or preprint.teaser,
        teaser_alt=published.teaser_alt if published.teaser else preprint.teaser_alt,
        impact=tuple(dict.fromkeys([*published.impact, *preprint.impact])),
        areas=tuple(dict.fromkeys([*published.areas, *preprint.areas])),
        links=links_of_both(preprint.links, published.links),
        former_keys=(*published.former_keys, *preprint.former_keys, preprint.key),
    )


def store_papers(loader: Loader, bibliography: Bibliography, known: Known) -> None:
    """Make the database know the papers of the file, their authors tied to the members that they are.

    A paper that was imported stays, unless the file names the same one: then it is the file's from now on.
    """
    session = loader.session
    matching = match(session, bibliography.papers, now=loader.now)
    _make_room(session, bibliography.papers, matching.found)
    entries = _entries(session, bibliography.papers, matching)
    found = {entry.place: row for entry in entries if (row := matching.found.get(entry.values["key"]))}
    rows = loader.load(
        PUBLICATION,
        entries,
        known,
        match=lambda *_: found,
        layer=with_additions,
        removes=lambda publication: publication.source == "files",
    )
    for entry, row in zip(entries, rows, strict=True):
        row.has_pdf = entry.values["key"] in bibliography.with_pdf
    tie(session, known["member"].values())
    keep_former_addresses(session, bibliography.papers, matching)


def _entries(session: Session, papers: Sequence[Paper], matching: Matching) -> list[Entry]:
    """The papers that the file tells more of than an import that brought the published version since."""
    entries = []
    for paper in papers:
        found = matching.found.get(paper.key)
        if found and _is_published_since(found, paper):
            matching.renamed[paper.key] = found.key
            complete(found, paper, lambda name, value: _is_used(session, name, value))
            continue
        if found and found.source != "files":
            found.additions, found.source = missing(row_of(paper), _columns(found)), "files"
        entries.append(entry_of(paper))
    return entries


def entry_of(paper: Paper) -> Entry:
    """A paper of the file as a record."""
    return Entry(f"{FILE}, {paper.key}", _values(paper))


def _values(paper: Paper) -> Values:
    row = row_of(paper)
    said = {name: row[name] for name in PUBLICATION.by_name if name in row}
    authors = [asdict(author) for author in paper.authors]
    return said | {"authors": authors, "lines": tuple(sorted(set(paper.areas))), "teaser": paper.teaser}


def tie(session: Session, members: Iterable[Member], papers: Iterable[Publication] | None = None) -> None:
    """Tie the authors of all papers, or of these, to the members that they are now, and the papers to their venues.

    Of a paper that was imported an author who is somebody's stays theirs.
    """
    find_member, find_venue = member_finder(members), venue_finder(session.scalars(select(Venue)))
    if papers is None:
        papers = session.scalars(select(Publication).options(selectinload(Publication.authors)))
    for publication in papers:
        publication.venue_row = find_venue(publication.venue)
        if publication.source != "files":
            link_members(publication, find_member)
            continue
        for author in publication.authors:
            author.member = None if author.namesake else find_member(author.name)


def _is_used(session: Session, name: str, value: str) -> bool:
    return session.scalar(select(Publication.id).where(getattr(Publication, name) == value)) is not None


def _is_published_since(found: Publication, paper: Paper) -> bool:
    """Whether an import brought the published version of what the file still calls a preprint."""
    return found.source != "files" and found.kind != "preprint" and paper.kind == "preprint"


def _columns(publication: Publication) -> Values:
    return {column.key: getattr(publication, column.key) for column in Publication.__table__.columns}


def _make_room(session: Session, papers: Sequence[Paper], matches: Mapping[str, Publication]) -> None:
    """Take DOIs and arXiv numbers from records that another paper of the file claims, also what imports added: no two
    may have one, not for a moment."""
    for name in ("doi", "arxiv"):
        owners = {getattr(paper, name): paper.key for paper in papers if getattr(paper, name)}
        for key, found in matches.items():
            if owners.get(getattr(found, name), key) != key:
                setattr(found, name, None)
            if owners.get(found.additions.get(name), key) != key:
                found.additions = {column: value for column, value in found.additions.items() if column != name}
    session.flush()
